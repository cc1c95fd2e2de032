/**
 * Calls back at one time, which can be changed.
 *
 * @module
 */
import { type Clock, sleepUnlessAborted } from "../clock.ts";

/** Calls back once at the time that was set last. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #set: { readonly atMs: number; readonly off: AbortController } | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** @param atMs By the steady clock; `Infinity` for never. */
  set(atMs: number): void {
    if (this.#set?.atMs === atMs) return;
    this.off();
    if (atMs === Infinity) return;
    const set = { atMs, off: new AbortController() };
    this.#set = set;
    const ms = Math.max(0, atMs - this.#clock.steadyNow());
    sleepUnlessAborted(this.#clock, { ms, signal: set.off.signal }).then((isOver) => {
      if (!isOver) return;
      if (this.#set === set) this.#set = undefined;
      this.#ring();
    });
  }

  off(): void {
    this.#set?.off.abort();
    this.#set = undefined;
  }
}
