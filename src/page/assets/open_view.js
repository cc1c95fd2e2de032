// @ts-check
/// <reference lib="dom" />
/**
 * Leads from one view to another.
 *
 * @module
 */

/**
 * Goes to a view, which may want to know more; the filter of the events stays.
 *
 * @param {string} view
 * @param {Readonly<Record<string, string>>} more
 */
export function openView(view, more) {
  const query = new URLSearchParams(location.hash.replace(/^#/, ""));
  for (const [name, value] of Object.entries({ ...more, view })) query.set(name, value);
  location.hash = query.toString();
}

/**
 * What the view was told when it was opened; empty if nothing.
 *
 * @param {string} name
 * @returns {string}
 */
export function toldToView(name) {
  return new URLSearchParams(location.hash.replace(/^#/, "")).get(name) ?? "";
}
