/**
 * A clock that stands still until it is told to go on.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import type { Clock } from "../../src/dispatcher/clock.ts";
import { until } from "./until.ts";

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** More wakings than this without time passing are a loop. */
const MOST_WAKINGS = 10_000;

/** Time that tests move by hand. */
export class ManualClock implements Clock {
  /** Not the wall clock's time, so that nobody can take the one for the other. */
  #steadyMs = 5000;
  #wallAheadMs: number;
  #sleepers: Sleeper[] = [];
  /** How long each sleep was meant to be. */
  readonly sleeps: number[] = [];

  constructor(nowMs = 1_800_000_000_000) {
    this.#wallAheadMs = nowMs - this.#steadyMs;
  }

  readonly now = (): number => this.#steadyMs + this.#wallAheadMs;

  readonly steadyNow = (): number => this.#steadyMs;

  /** How many sleep. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  /** How long until somebody wakes; `undefined` if nobody sleeps. */
  get nextWakeInMs(): number | undefined {
    if (this.#sleepers.length === 0) return undefined;
    return Math.min(...this.#sleepers.map(({ wakeAtMs }) => wakeAtMs)) - this.#steadyMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper = { wakeAtMs: this.#steadyMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Sets the wall clock forward, or back: no time passes. */
  jump(ms: number): void {
    this.#wallAheadMs += ms;
  }

  /** Moves time on and wakes who is due. */
  advance(ms: number): void {
    this.#steadyMs += ms;
    const due = this.#sleepers.filter(({ wakeAtMs }) => wakeAtMs <= this.#steadyMs);
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
  }

  /** Waits until somebody sleeps, then moves time on to when the first of them wakes. */
  async advanceToNextSleeper(): Promise<number> {
    await until("somebody sleeps", () => this.#sleepers.length > 0);
    const ms = this.nextWakeInMs ?? 0;
    this.advance(ms);
    return ms;
  }

  /** Lets time pass: who sleeps wakes in its turn and does what it does before time goes on. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#steadyMs + ms;
    let wakings = 0;
    for (;;) {
      await settle();
      const nextMs = this.#steadyMs + (this.nextWakeInMs ?? Infinity);
      if (nextMs > endMs) break;
      wakings = nextMs > this.#steadyMs ? 0 : wakings + 1;
      if (wakings > MOST_WAKINGS) throw new Error("Somebody wakes all the time");
      this.advance(nextMs - this.#steadyMs);
    }
    this.advance(endMs - this.#steadyMs);
    await settle();
  }
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
