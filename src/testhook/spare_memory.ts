/**
 * Gives back the memory that requests needed.
 *
 * @module
 */
import { Libc } from "../std/libc.ts";

/** What decides whether there can be some. */
export interface SpareMemoryOptions {
  /** How many requests there were so far. */
  readonly count: () => number;
  readonly everyMs?: number;
}

const EVERY_MS = 5000;

/**
 * The C library keeps what the threads of Deno have freed, each a part of its own: after minutes of
 * many requests that is ten megabytes that nobody uses. To give them back takes 3 ms.
 */
export class SpareMemory implements Disposable {
  #libc = Libc.open();
  readonly #timer: number;

  constructor({ count, everyMs = EVERY_MS }: SpareMemoryOptions) {
    let before = 0;
    this.#timer = setInterval(() => {
      const now = count();
      if (now !== before) this.#libc?.trimMemory();
      before = now;
    }, everyMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#libc?.[Symbol.dispose]();
    this.#libc = undefined;
  }
}
