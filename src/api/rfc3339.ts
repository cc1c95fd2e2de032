/**
 * Times on the control socket.
 *
 * @module
 */

/** How such a time is written, for messages. */
export const TIME_EXAMPLE = "2026-11-23T03:00:00Z";

const PATTERN =
  /^\d{4}-\d\d-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d))$/i;

/** A time in milliseconds since 1970 as it is written there. */
export function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** The milliseconds since 1970 of an RFC 3339 time, or `undefined` if it is none. */
export function parseTimeMs(text: string): number | undefined {
  const [, day] = PATTERN.exec(text) ?? [];
  if (day === undefined) return undefined;
  const timeMs = Date.parse(text.toUpperCase());
  // JavaScript takes February 30 for March 2.
  const date = new Date(Date.parse(`${text.slice(0, 10)}T00:00:00Z`));
  return Number.isNaN(timeMs) || date.getUTCDate() !== Number(day) ? undefined : timeMs;
}
