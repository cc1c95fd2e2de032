/**
 * Numbers as people read them.
 *
 * @module
 */

/** The value below which the share of the values lies; the share is from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** A number with its thousands apart and as many decimals as are worth reading. */
export function show(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}

/** A duration in milliseconds as text. */
export function showMs(ms: number): string {
  return `${show(Math.round(ms * 100) / 100)} ms`;
}

/** Events per second. */
export function showRate(count: number, ms: number): string {
  return `${show(Math.round(count * 1000 / ms))}/s`;
}
