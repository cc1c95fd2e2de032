/**
 * A clock that stands still until it is told to go on.
 *
 * @module
 */
import type { Clock } from "../../src/dispatcher/clock.ts";
import { until } from "./until.ts";

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** Time that tests move by hand. */
export class ManualClock implements Clock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];
  /** How long each sleep was meant to be. */
  readonly sleeps: number[] = [];

  constructor(nowMs = 1_800_000_000_000) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper = { wakeAtMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Moves time on and wakes who is due. */
  advance(ms: number): void {
    this.#nowMs += ms;
    const due = this.#sleepers.filter(({ wakeAtMs }) => wakeAtMs <= this.#nowMs);
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
  }

  /** Waits until somebody sleeps, then moves time on to when the first of them wakes. */
  async advanceToNextSleeper(): Promise<number> {
    await until("somebody sleeps", () => this.#sleepers.length > 0);
    const ms = Math.min(...this.#sleepers.map(({ wakeAtMs }) => wakeAtMs)) - this.#nowMs;
    this.advance(ms);
    return ms;
  }
}
