/**
 * Durations as people write them: `250ms`, `10s`, `5m`, `72h`, `7d`.
 *
 * @module
 */

const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How a duration is written, for messages and help. */
export const DURATION_EXAMPLES = "250ms, 10s, 5m, 72h or 7d";

/** The milliseconds of a duration such as `10s` or `1.5h`, or `undefined` if it is none. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)$/.exec(text);
  const unit = match?.[2];
  return isUnit(unit) ? Math.round(Number(match?.[1]) * UNITS_MS[unit]) : undefined;
}

/** A duration in the largest unit that keeps it whole: 90000 is `90s`, 3600000 is `1h`. */
export function formatDuration(durationMs: number): string {
  const units = (["d", "h", "m", "s"] as const).filter((unit) => durationMs % UNITS_MS[unit] === 0);
  const unit = durationMs === 0 ? "s" : units[0] ?? "ms";
  return `${durationMs / UNITS_MS[unit]}${unit}`;
}

function isUnit(text: string | undefined): text is keyof typeof UNITS_MS {
  return text !== undefined && Object.hasOwn(UNITS_MS, text);
}
