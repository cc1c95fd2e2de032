/**
 * A clock on which time flies, for code that waits for others who do real work meanwhile.
 *
 * @module
 */
import type { Clock } from "../../src/dispatcher/clock.ts";
import { delay } from "../../src/std/async.ts";

const TIMES_FASTER = 20;

/** Real time, many times faster. */
export class HurriedClock implements Clock {
  #aheadMs = 1_800_000_000_000;

  #stoppedMs: number | undefined;

  readonly now = (): number => (this.#stoppedMs ?? this.steadyNow()) + this.#aheadMs;

  readonly steadyNow = (): number => performance.now() * TIMES_FASTER;

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await delay(ms / TIMES_FASTER, { signal });
  }

  /** Moves the wall clock, by which leases end. */
  jump(ms: number): void {
    this.#aheadMs += ms;
  }

  /** Stops the wall clock: no lease ends by itself from now on. */
  stopDay(): void {
    this.#stoppedMs = this.steadyNow();
  }
}
