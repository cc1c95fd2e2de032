/**
 * Calls back later, unless that is taken back.
 *
 * @module
 */

/** Calls back after the time; returns what takes the call back. */
export function schedule(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
