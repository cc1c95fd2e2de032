/**
 * Makes the trouble that is wanted of all requests, or of those on one path.
 *
 * @module
 */
import { remember } from "../std/remember.ts";
import { type Action, decideAction, type Trouble, troubleIn } from "./trouble.ts";

/** What the trouble depends on. */
export interface TroubleOptions {
  /** What is wanted of requests whose path does not say something else. */
  readonly trouble: Trouble;
  /** From 0 to 1, but not 1. */
  readonly random: () => number;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
}

/** How the waiting for an answer ended; `full` if it could not begin. */
export type HoldEnd = "over" | "gone" | "stopped" | "full";

/** How many requests are held at the same time. */
export const MOST_HELD = 256;
/** For how many paths it is known which turn it is; each time is the first for one that is longer. */
const MOST_PATHS = 256;
const LONGEST_PATH = 512;

/** Counts whose turn it is, and holds requests back. */
export class TroubleMaker {
  readonly #options: TroubleOptions;
  #count = 0;
  readonly #counts = new Map<string, number>();
  #held = 0;

  constructor(options: TroubleOptions) {
    this.#options = options;
  }

  /** What is done to a request on the path; a text if the path asks for what cannot be had. */
  plan(path: string): Action | string {
    const { trouble, random } = this.#options;
    const wanted = troubleIn(path);
    if (typeof wanted === "string") return wanted;
    const count = wanted === undefined ? ++this.#count : this.#countOn(path);
    return decideAction(wanted ?? trouble, { count, chance: random() });
  }

  /** Waits as long as the action says, or until the sender goes away. */
  async hold({ delayMs, end }: Action, sender: AbortSignal): Promise<HoldEnd> {
    const isEndless = end === "hang";
    if (delayMs === 0 && !isEndless) return "over";
    const { signal } = this.#options;
    if (signal.aborted) return "stopped";
    if (sender.aborted) return "gone";
    if (this.#held >= MOST_HELD) return "full";
    this.#held++;
    const { promise, resolve } = Promise.withResolvers<HoldEnd>();
    const stop = () => resolve("stopped");
    const go = () => resolve("gone");
    signal.addEventListener("abort", stop);
    sender.addEventListener("abort", go);
    const timer = isEndless ? undefined : setTimeout(() => resolve("over"), delayMs);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      sender.removeEventListener("abort", go);
      this.#held--;
    }
  }

  #countOn(path: string): number {
    if (path.length > LONGEST_PATH) return 1;
    const count = (this.#counts.get(path) ?? 0) + 1;
    // Those that are used stay.
    remember(this.#counts, [path, count], MOST_PATHS);
    return count;
  }
}
