// @ts-check
/**
 * How bad events are.
 *
 * @module
 */

/** @typedef {import("./page_types.js").Severity} Severity */

/**
 * The severities, mildest first.
 *
 * @type {readonly Severity[]}
 */
export const SEVERITIES = ["info", "warning", "alert", "critical"];

/**
 * A sign for each, beside the word: colours alone tell nothing to many people.
 *
 * @type {Readonly<Record<Severity, string>>}
 */
export const SEVERITY_SIGNS = { info: "○", warning: "△", alert: "▲", critical: "◆" };

/**
 * Whether a severity is this one or worse; nobody knows of an event without one.
 *
 * @param {Severity | null} severity
 * @param {Severity} least
 * @returns {boolean}
 */
export function isAtLeast(severity, least) {
  return severity !== null && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}
