/**
 * Times as people write and read them.
 *
 * @module
 */
import { parseTimeMs } from "../api/rfc3339.ts";
import { parseDurationMs } from "../registry/duration.ts";
import { UsageError } from "./command.ts";

const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?$/i;

/**
 * The RFC 3339 form of a time that was given: a duration is that long ago, a time without an offset
 * is local.
 *
 * @param name The option.
 * @throws {UsageError} If it is no time.
 */
export function readTime(text: string, { name, nowMs }: { name: string; nowMs: number }): string {
  const agoMs = parseDurationMs(text);
  const timeMs = agoMs === undefined
    ? parseTimeMs(text) ?? parseLocalTimeMs(text)
    : Math.max(0, nowMs - agoMs);
  if (timeMs !== undefined) return new Date(timeMs).toISOString();
  throw new UsageError(
    `--${name} cannot be "${text}"`,
    "give how long ago, such as 30m, 2h or 7d, or a time: 2026-11-23, " +
      '"2026-11-23 03:00" or 2026-11-23T03:00:00Z',
  );
}

function parseLocalTimeMs(text: string): number | undefined {
  const [, day, time = "00:00"] = LOCAL.exec(text) ?? [];
  const seconds = time.length === 5 ? ":00" : "";
  // With an offset it would be another time, but it is one exactly if this is one.
  if (day === undefined || parseTimeMs(`${day}T${time}${seconds}Z`) === undefined) return undefined;
  return Date.parse(`${day}T${time}${seconds}`);
}

/** An RFC 3339 time as local date and time: `2026-11-23 03:04:05`. */
export function showTime(text: string): string {
  const time = new Date(text);
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(twoDigits).join("-");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(":");
  return `${day} ${clock}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
