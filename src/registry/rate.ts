/**
 * Request rates as people write them: `10/s`, `30/m`, `1000/h`.
 *
 * @module
 */

const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const MOST = 100_000;

/** What a rate may be, to follow "must be". */
export const RATE_RULE =
  `a whole number of requests from 1 to ${MOST} for a second, minute or hour, ` +
  "written like 10/s, 30/m or 1000/h";

/**
 * The shortest time between two requests, in milliseconds, that a rate such as `10/s` means;
 * `undefined` if it is none.
 */
export function parseRate(text: string): number | undefined {
  const match = /^(\d{1,6})\/(s|m|h)$/.exec(text);
  const count = Number(match?.[1]);
  const unit = match?.[2];
  return isUnit(unit) && count >= 1 && count <= MOST ? UNITS_MS[unit] / count : undefined;
}

/** A rate in the smallest unit that makes it whole: 100 is `10/s`, 2000 is `30/m`. */
export function formatRate(intervalMs: number): string {
  for (const unit of ["s", "m", "h"] as const) {
    const count = UNITS_MS[unit] / intervalMs;
    const whole = Math.round(count);
    // A third of a minute is no exact number of milliseconds.
    if (whole >= 1 && Math.abs(count - whole) < whole * 1e-12) return `${whole}/${unit}`;
  }
  return `${Math.round(UNITS_MS.h / intervalMs)}/h`;
}

function isUnit(text: string | undefined): text is keyof typeof UNITS_MS {
  return text !== undefined && Object.hasOwn(UNITS_MS, text);
}
