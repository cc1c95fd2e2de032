// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Tables that become cards where there is little room. What they are is said once more by roles,
 * because browsers forget it of a table that is laid out as something else.
 *
 * @module
 */
import { make } from "./dom.js";

/** @typedef {import("./dom.js").Child} Child */

/**
 * @param {readonly Child[]} titles
 * @param {readonly Child[]} rows
 */
export function makeSheet(titles, rows) {
  return make("div", { class: "sheet cards" }, [
    make("table", { role: "table" }, [
      make("thead", { role: "rowgroup" }, [make("tr", { role: "row" }, titles)]),
      make("tbody", { role: "rowgroup" }, rows),
    ]),
  ]);
}

/**
 * The title of a column.
 *
 * @param {Child} title
 * @param {string} [look]
 */
export function makeTitle(title, look) {
  return make("th", { scope: "col", role: "columnheader", class: look }, [title]);
}

/**
 * @param {string} name
 * @param {readonly Child[]} children
 * @param {string} [label] What it is, where there are no titles above it.
 */
export function makeCell(name, children, label) {
  return make("td", { role: "cell", class: name, "data-label": label }, children);
}
