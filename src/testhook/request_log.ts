/**
 * The last requests, as the JSON that is sent to whoever looks at them: made once, and bounded in
 * count and bytes.
 *
 * @module
 */
import type { HookRequest } from "./hook_report.ts";

/** How much is kept. */
export interface LogLimits {
  readonly count: number;
  readonly bytes: number;
}

/** A request at its place in the log. */
export interface LogEntry {
  readonly number: number;
  /** Grows with every entry; the same request has a higher one when more is known of it. */
  readonly revision: number;
  readonly json: Uint8Array;
}

interface Kept extends LogEntry {
  json: Uint8Array;
  /** Whether there is a later entry for the same request, or it is forgotten. */
  isReplaced: boolean;
}

/** How many that do not count any more stay in the list at least, so that it is seldom cleaned. */
const SPARE = 64;
const NOTHING = new Uint8Array();
const encoder = new TextEncoder();

/** Keeps the newest. */
export class RequestLog {
  readonly #limits: LogLimits;
  /** By revision. */
  #entries: Kept[] = [];
  /** Those before are forgotten. */
  #first = 0;
  readonly #current = new Map<number, Kept>();
  #bytes = 0;
  #revision = 0;

  constructor(limits: LogLimits) {
    this.#limits = limits;
  }

  /** The revision of the newest entry. */
  get revision(): number {
    return this.#revision;
  }

  /** How many requests are kept. */
  get size(): number {
    return this.#current.size;
  }

  /** What all of them take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a request, or puts it in the place of what is kept under its number. */
  put(request: HookRequest): void {
    const json = encoder.encode(JSON.stringify(request));
    const { number } = request;
    const before = this.#current.get(number);
    if (before !== undefined) this.#forget(before);
    const entry = { number, revision: ++this.#revision, json, isReplaced: false };
    this.#entries.push(entry);
    this.#current.set(number, entry);
    this.#bytes += json.length;
    this.#trim();
  }

  /** Whether a request is still kept. */
  has(number: number): boolean {
    return this.#current.has(number);
  }

  /** The newest requests, at most so many, oldest first. */
  newest(limit: number): Uint8Array[] {
    const entries = [...this.#current.values()].sort((a, b) => a.number - b.number);
    return entries.slice(Math.max(0, entries.length - limit)).map(({ json }) => json);
  }

  /** The first entry behind a revision that still counts. */
  after(revision: number): LogEntry | undefined {
    let [index, end] = [this.#first, this.#entries.length];
    while (index < end) {
      const middle = (index + end) >> 1;
      if ((this.#entries[middle]?.revision ?? 0) > revision) end = middle;
      else index = middle + 1;
    }
    while (this.#entries[index]?.isReplaced === true) index++;
    return this.#entries[index];
  }

  #trim(): void {
    const { count, bytes } = this.#limits;
    const isTooMuch = () =>
      this.#current.size > count || (this.#bytes > bytes && this.#current.size > 1);
    while (isTooMuch() || this.#entries[this.#first]?.isReplaced === true) {
      const oldest = this.#entries[this.#first++];
      if (oldest === undefined) return;
      if (!oldest.isReplaced) this.#forget(oldest);
    }
    if (this.#entries.length <= 2 * count + SPARE) return;
    this.#entries = this.#entries.filter(({ isReplaced }) => !isReplaced);
    this.#first = 0;
  }

  #forget(entry: Kept): void {
    entry.isReplaced = true;
    this.#current.delete(entry.number);
    this.#bytes -= entry.json.length;
    // It may stand in the list for a while.
    entry.json = NOTHING;
  }
}
