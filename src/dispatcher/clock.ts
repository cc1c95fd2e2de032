/**
 * Time, so that tests can have their own.
 *
 * @module
 */
import { delay } from "../std/async.ts";

/** Tells the time and waits. */
export interface Clock {
  /** Milliseconds since 1970, as the machine's clock has it; it can be set and jump. */
  now(): number;
  /** Milliseconds since some moment; it never jumps. What is waited for is measured by it. */
  steadyNow(): number;
  /** Resolves after the time; rejects with the signal's reason if that comes first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  steadyNow: () => performance.now(),
  sleep: (ms, signal) => delay(ms, { signal }),
};

/** Sleeps until the time is over or the signal says so. @returns False if it was the signal. */
export async function sleepUnlessAborted(
  clock: Clock,
  { ms, signal }: { ms: number; signal: AbortSignal },
): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return !signal.aborted;
}
