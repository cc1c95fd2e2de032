/**
 * How many requests had come at which time, and how fast that was.
 *
 * @module
 */
import { pause } from "../soak/scenario.ts";
import type { Nginx } from "./nginx.ts";

/** A look at the receiver: when, on the clock of `performance.now`, and what it had counted. */
export interface Look {
  readonly atMs: number;
  readonly count: number;
}

const EVERY_MS = 20;
/** So few events are over before many looks at that distance are made. */
const FEW_EVENTS = 10_000;
const OFTEN_MS = 3;
/** With fewer looks that saw progress, their own distance decides what comes out. */
const FEWEST_LOOKS = 10;

/**
 * Requests per second from the first look that saw progress to the last one; 0 if none did. Where
 * only a few did, the time begins with the look before them, so that it is not too short.
 */
export function rateOf(looks: readonly Look[]): number {
  const progress = looks.flatMap((look, index) => {
    const before = looks[index - 1];
    return before !== undefined && look.count > before.count ? [{ before, look }] : [];
  });
  const [first] = progress;
  const last = progress.at(-1);
  if (first === undefined || last === undefined) return 0;
  const from = progress.length < FEWEST_LOOKS ? first.before : first.look;
  return (last.look.count - from.count) * 1000 / (last.look.atMs - from.atMs);
}

/** Looks at nginx all the time, from its making until it is disposed of. */
export class ArrivalCurve implements AsyncDisposable {
  readonly #nginx: Nginx;
  readonly #everyMs: number;
  readonly #stop = new AbortController();
  readonly #looking: Promise<void>;
  readonly #looks: Look[] = [];
  #movedMs = performance.now();
  #error: unknown;

  /** @param events How many events there will be about; of few ones it looks more often. */
  constructor(nginx: Nginx, events: number) {
    this.#nginx = nginx;
    this.#everyMs = events > FEW_EVENTS ? EVERY_MS : OFTEN_MS;
    this.#looking = this.#look().catch((error) => {
      if (!this.#stop.signal.aborted) this.#error = error;
    });
  }

  /** How many requests came since the first look. */
  get count(): number {
    if (this.#error !== undefined) throw this.#error;
    return (this.#looks.at(-1)?.count ?? 0) - (this.#looks[0]?.count ?? 0);
  }

  /** For how long, in milliseconds, no request has come. */
  get quietMs(): number {
    return performance.now() - this.#movedMs;
  }

  /** Requests per second while they came. */
  get perSecond(): number {
    return rateOf(this.#looks);
  }

  /** Waits for the first look: what comes later counts. */
  async begun(): Promise<void> {
    while (this.#looks.length === 0 && this.#error === undefined) {
      await pause(1, this.#stop.signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#looking;
  }

  async #look(): Promise<void> {
    for (;;) {
      const count = await this.#nginx.requests();
      const atMs = performance.now();
      if (count !== this.#looks.at(-1)?.count) this.#movedMs = atMs;
      this.#looks.push({ atMs, count });
      await pause(this.#everyMs, this.#stop.signal);
    }
  }
}
