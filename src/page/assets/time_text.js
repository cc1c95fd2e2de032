// @ts-check
/**
 * Times as people read them, in the zone of the browser.
 *
 * @module
 */

/**
 * `14:03:22.123`.
 *
 * @param {number} time Milliseconds since 1970.
 * @returns {string}
 */
export function clockTime(time) {
  const date = new Date(time);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(
    two,
  );
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/**
 * `2026-11-26`.
 *
 * @param {number} time Milliseconds since 1970.
 * @returns {string}
 */
export function dayOf(time) {
  const date = new Date(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * `2026-11-26 14:03:22.123`; without milliseconds if there are none, as of many events.
 *
 * @param {number} time Milliseconds since 1970.
 * @returns {string}
 */
export function dayAndTime(time) {
  return `${dayOf(time)} ${clockTime(time).replace(/\.000$/, "")}`;
}

/**
 * How long something lasts or is ago, such as `12 s`, `4 min`, `3 h` or `2 d`.
 *
 * @param {number} durationMs
 * @returns {string}
 */
export function roughly(durationMs) {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** @param {number} value */
function two(value) {
  return String(value).padStart(2, "0");
}
