/**
 * What all scenarios have in common: they say how far they are, can be ended, and wait only as long
 * as something moves.
 *
 * @module
 */
import { assert } from "../support/assert.ts";

/** What a scenario is run with besides its size. */
export interface Surroundings {
  /** Takes a line about how far it is. */
  readonly report: (line: string) => void;
  /** Ends the scenario before its time. */
  readonly signal: AbortSignal;
}

/** What a scenario measured, in the order in which it is shown. */
export type Figures = Readonly<Record<string, string | number>>;

const REPORT_EVERY_MS = 3000;
const STALLED_AFTER_MS = 30_000;
const LOOK_EVERY_MS = 50;
const DEEP: Deno.InspectOptions = { depth: 6, strAbbreviateSize: 10_000, breakLength: 100 };

/** Reports every few seconds, however often it is told how far the scenario is. */
export class Progress {
  readonly #surroundings: Surroundings;
  #reportedMs = performance.now();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Says how far it is; throws if the scenario shall end. */
  at(line: () => string): void {
    this.#surroundings.signal.throwIfAborted();
    const nowMs = performance.now();
    if (nowMs - this.#reportedMs < REPORT_EVERY_MS) return;
    this.#reportedMs = nowMs;
    this.#surroundings.report(line());
  }
}

/** Lets time pass; throws if the scenario shall end. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    }
  });
}

/** How far something is: done, with what came of it, or at a mark that moves as long as it works. */
export type Look<T> = { readonly done: T } | { readonly mark: string };

/**
 * Looks again and again until it is done. It may take as long as it likes, but not stand still.
 *
 * @param what What is waited for, to say what did not happen.
 * @param options.seen Tells what else there was to see, for the error.
 */
export async function untilDone<T>(
  what: string,
  look: () => Promise<Look<T>>,
  { signal, seen }: Pick<Surroundings, "signal"> & { readonly seen?: () => unknown },
): Promise<T> {
  let mark: string | undefined;
  let movedMs = performance.now();
  for (;;) {
    const found = await look();
    if ("done" in found) return found.done;
    if (found.mark !== mark) {
      mark = found.mark;
      movedMs = performance.now();
    }
    const isStalled = performance.now() - movedMs >= STALLED_AFTER_MS;
    const there = isStalled && seen !== undefined ? `; seen: ${Deno.inspect(seen(), DEEP)}` : "";
    assert(
      !isStalled,
      `it does not happen that ${what}: for ${STALLED_AFTER_MS / 1000} s nothing moved at ` +
        mark + there,
    );
    await pause(LOOK_EVERY_MS, signal);
  }
}
