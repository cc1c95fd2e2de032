/**
 * Which registry a node has, in what it takes to compare it with another node's.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** The registry of a node, in short. */
export interface RegistryState {
  /** 0 where there is no file; the last known one where it cannot be read. */
  readonly generation: number;
  /** SHA-256 of the file in hex; empty where there is no file. */
  readonly checksum: string;
  /**
   * Whether somebody wrote the file otherwise than with a command, and did not raise its generation
   * either: neither does it take the place of another, nor another of the same generation its place.
   */
  readonly byHand: boolean;
}

/** What the commands know of the file that they wrote. */
export interface RegistryRecord {
  readonly generation: number;
  /** Of the file that was written last, and of the one before, in case the writing did not end. */
  readonly checksums: readonly string[];
  /** Whether every node of the pool is known to have it. */
  readonly confirmed: boolean;
  /** What the file that was written last grew out of, in short, the newest first. */
  readonly ancestors: readonly string[];
  /** Where the file before is kept, if this one took the place of what no other node had. */
  readonly keptAs?: string;
}

/** A registry with where it comes from, as it goes from node to node. */
export interface RegistryCopy {
  readonly text: string;
  /** What it grew out of, in short, the newest first. */
  readonly ancestors: readonly string[];
}

const SHORT = 12;
/** A node that missed more changes keeps what it had aside, which does no harm. */
const MOST_ANCESTORS = 100;

/** The checksum of a registry's text. */
export function checksumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What a file grew out of, as far as the record knows. */
export function ancestorsOf(checksum: string, record: RegistryRecord | undefined): string[] {
  const [written, ...before] = record?.checksums ?? [];
  if (record === undefined || written === undefined) return [];
  if (checksum === written) return [...record.ancestors];
  // The file before is still there, and need not be what the new one grew out of.
  if (before.includes(checksum)) return [];
  return withParent(written, record.ancestors);
}

/** The ancestors of what grows out of a registry. */
export function withParent(checksum: string, ancestors: readonly string[]): string[] {
  return [checksum.slice(0, SHORT), ...ancestors].slice(0, MOST_ANCESTORS);
}

/** Whether what has these ancestors grew out of the registry with this checksum. */
export function growsOutOf(ancestors: readonly string[], checksum: string): boolean {
  return ancestors.includes(checksum.slice(0, SHORT));
}

/** Puts together what the file and the record say. */
export function toState(
  file: { readonly generation: number; readonly checksum: string } | undefined,
  record: RegistryRecord | undefined,
): RegistryState {
  if (file === undefined) return { generation: 0, checksum: "", byHand: false };
  const { generation, checksum } = file;
  const isKnown = record !== undefined &&
    (record.checksums.includes(checksum) || generation > record.generation);
  return { generation, checksum, byHand: !isKnown };
}

/**
 * Whether one registry takes the place of another by itself: the higher generation does; of two
 * that came to be while nodes did not see each other, the one with the higher checksum, which is as
 * good as any other rule that all nodes can apply on their own.
 */
export function supersedes(one: RegistryState, other: RegistryState): boolean {
  if (one.byHand || one.checksum === other.checksum) return false;
  if (one.generation !== other.generation) return one.generation > other.generation;
  return !other.byHand && one.checksum > other.checksum;
}
