/**
 * Counts the wrong tokens that an address tries at the login.
 *
 * @module
 */
import { remember } from "../std/remember.ts";

/** So many wrong ones within the time, and the address has to wait. */
const MOST_WRONG = 10;
const WITHIN_MS = 60_000;
/** Addresses that are remembered; the one that was wrong first is forgotten first. */
const MOST_ADDRESSES = 1024;

/** The tries of an address. */
interface Tries {
  readonly sinceMs: number;
  wrong: number;
}

/** Remembers who was wrong. */
export class WrongTokens {
  readonly #steadyNow: () => number;
  readonly #tries = new Map<string, Tries>();

  /** @param steadyNow A clock that does not jump, in milliseconds. */
  constructor(steadyNow: () => number) {
    this.#steadyNow = steadyNow;
  }

  /** How long the address has to wait until it may try again; 0 if it may now. */
  waitMs(address: string): number {
    const tries = this.#tries.get(groupOf(address));
    if (tries === undefined || tries.wrong < MOST_WRONG) return 0;
    return Math.max(0, tries.sinceMs + WITHIN_MS - this.#steadyNow());
  }

  /** The address was wrong. */
  add(address: string): void {
    const group = groupOf(address);
    const nowMs = this.#steadyNow();
    const before = this.#tries.get(group);
    if (before !== undefined && nowMs - before.sinceMs < WITHIN_MS) {
      before.wrong++;
      return;
    }
    remember(this.#tries, [group, { sinceMs: nowMs, wrong: 1 }], MOST_ADDRESSES);
  }
}

/** What belongs to one machine: of IPv6, that is usually a network of 64 bits. */
function groupOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [start = "", end = ""] = address.toLowerCase().split("::");
  const [before, behind] = [start, end].map((half) => half === "" ? [] : half.split(":"));
  if (before === undefined || behind === undefined) return address;
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - behind.length) }, () => "0");
  return [...before, ...address.includes("::") ? zeros : [], ...behind].slice(0, 4).join(":");
}
