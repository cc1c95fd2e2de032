/**
 * What was installed, so that exactly this can be taken away again.
 *
 * @module
 */
import { InstallError } from "./item.ts";
import type { Tree } from "./tree.ts";

/** Something that an installation made. */
export interface ManifestEntry {
  readonly path: string;
  readonly kind: "folder" | "file" | "link";
  /** Of a file as it was installed. */
  readonly sha256?: string;
  /** Of the file that is being replaced: until it is, that one is ours too. */
  readonly before?: string;
  /** Of a link. */
  readonly target?: string;
  /** Where the file is that had the name before, to be put back. */
  readonly original?: string;
}

/** All that an installation made, in the order in which it was made. */
export interface Manifest {
  readonly version: string;
  /** False from the first change to the last: what follows the files may not have happened. */
  readonly complete: boolean;
  readonly entries: readonly ManifestEntry[];
}

/** Where the manifest is. */
export function manifestPath(stateDir: string): string {
  return `${stateDir}/installed.json`;
}

/**
 * Reads the manifest.
 *
 * @returns `undefined` if nothing is installed.
 * @throws {InstallError} If it makes no sense.
 */
export async function readManifest(tree: Tree, stateDir: string): Promise<Manifest | undefined> {
  const path = manifestPath(stateDir);
  const text = await tree.read(path);
  if (text === undefined) return undefined;
  try {
    const manifest: unknown = JSON.parse(text);
    if (isManifest(manifest)) return manifest;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new InstallError(
    `${path} is no list of what was installed`,
    `move it away and install again: mv ${path} ${path}.bad && gluster-eventing install`,
  );
}

/** Writes the manifest, at once and durably. */
export async function writeManifest(
  tree: Tree,
  stateDir: string,
  manifest: Manifest,
): Promise<void> {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  await tree.write(manifestPath(stateDir), { text }, 0o600);
}

function isManifest(value: unknown): value is Manifest {
  return isObject(value) && typeof value["version"] === "string" &&
    typeof value["complete"] === "boolean" &&
    Array.isArray(value["entries"]) && value["entries"].every(isEntry);
}

function isEntry(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { path, kind, sha256, before, target, original } = value;
  const isPath = (text: unknown) => typeof text === "string" && text.startsWith("/");
  return isPath(path) && ["folder", "file", "link"].includes(String(kind)) &&
    [sha256, before, target].every((text) => text === undefined || typeof text === "string") &&
    (original === undefined || isPath(original));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
