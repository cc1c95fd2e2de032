/**
 * Waits for what a program outside of this process does.
 *
 * @module
 */

/** The time as waiting needs it. */
export interface WaitClock {
  /** Milliseconds; does not jump. */
  steadyNow(): number;
  sleep(ms: number): Promise<void>;
}

/** How long to wait. */
export interface WaitOptions {
  readonly clock: WaitClock;
  readonly limitMs: number;
}

const PAUSE_MS = 50;

/** Waits until the check says so. @returns False if the time was over first. */
export async function waitUntil(
  check: () => Promise<boolean>,
  { clock, limitMs }: WaitOptions,
): Promise<boolean> {
  const endMs = clock.steadyNow() + limitMs;
  for (;;) {
    if (await check()) return true;
    if (clock.steadyNow() >= endMs) return false;
    await clock.sleep(PAUSE_MS);
  }
}
