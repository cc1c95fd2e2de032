// @ts-check
/**
 * What is looked at, in the address after `#`, so that a view can be linked.
 *
 * @module
 */
import { NO_FILTER } from "./row_filter.js";
import { SEVERITIES } from "./severity.js";

/** @typedef {import("./row_filter.js").RowFilter} RowFilter */

/** The view that the page begins with. */
export const FIRST_VIEW = "events";

/**
 * Writes a view and a filter; empty for what the page begins with.
 *
 * @param {string} view
 * @param {RowFilter} filter
 * @returns {string} Without the `#`.
 */
export function writeHash(view, filter) {
  const query = new URLSearchParams();
  if (view !== FIRST_VIEW) query.set("view", view);
  for (const [name, value] of Object.entries(filter)) {
    if (value === true) query.set(name, "yes");
    else if (value !== false && value !== "") query.set(name, value);
  }
  return query.toString();
}

/**
 * Reads what `writeHash` wrote; what is unknown or wrong is left out.
 *
 * @param {string} hash With or without the `#`.
 * @returns {{ view: string, filter: RowFilter }}
 */
export function readHash(hash) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const text = (/** @type {string} */ name) => query.get(name) ?? "";
  return {
    view: query.get("view") ?? FIRST_VIEW,
    filter: {
      ...NO_FILTER,
      text: text("text"),
      events: text("events"),
      group: text("group"),
      severity: SEVERITIES.find((severity) => severity === text("severity")) ?? "",
      node: text("node"),
      problems: text("problems") === "yes",
    },
  };
}
