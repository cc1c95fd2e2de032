/**
 * The newest events of the log in memory: lanes that keep up read them here, all the same ones, and
 * not each for itself from the disk.
 *
 * @module
 */
import type { SpooledEvent } from "./spool_types.ts";

const MOST_EVENTS = 1024;
const MOST_BYTES = 2 ** 20;

/** The last events that were committed, without a hole. */
export class Tail {
  #events: SpooledEvent[] = [];
  #bytes = 0;

  /** Takes what was committed, which follows what was before. */
  push(events: readonly SpooledEvent[]): void {
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += event.payload.length;
    }
    if (this.#events.length <= MOST_EVENTS && this.#bytes <= MOST_BYTES) return;
    // More than has to go, so that it is not done with every commit.
    let start = 0;
    while (this.#events.length - start > MOST_EVENTS / 2 || this.#bytes > MOST_BYTES / 2) {
      this.#bytes -= this.#events[start]?.payload.length ?? 0;
      start++;
    }
    this.#events = this.#events.slice(start);
  }

  /** Forgets all: another file is in use. */
  clear(): void {
    this.#events = [];
    this.#bytes = 0;
  }

  /**
   * The events behind a place, at most so many.
   *
   * @returns `undefined` if some of them are on the disk only.
   */
  behind(seq: number, limit: number): readonly SpooledEvent[] | undefined {
    const [first] = this.#events;
    if (first === undefined || seq + 1 < first.seq) return undefined;
    const start = seq + 1 - first.seq;
    return this.#events.slice(start, start + limit);
  }
}
