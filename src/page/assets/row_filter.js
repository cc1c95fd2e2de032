// @ts-check
/**
 * Which lines of the table are shown.
 *
 * @module
 */
import { compilePatterns } from "./event_pattern.js";
import { isAtLeast } from "./severity.js";

/** @typedef {import("./page_types.js").Row} Row */
/** @typedef {import("./page_types.js").Notice} Notice */

/**
 * All that is given has to hold.
 *
 * @typedef {object} RowFilter
 * @property {string} text Words; each has to be somewhere in the event, in upper or lower case.
 * @property {string} events Patterns as in a webhook's `events`.
 * @property {string} group
 * @property {import("./page_types.js").Severity | ""} severity This one or worse.
 * @property {string} node A host name, or the id of a node without one.
 * @property {boolean} problems Only those that somebody should look at.
 */

/** @type {Readonly<RowFilter>} */
export const NO_FILTER = {
  text: "",
  events: "",
  group: "",
  severity: "",
  node: "",
  problems: false,
};

/** So much of what an event says is searched. */
const MOST_SEARCHED = 10_000;

/**
 * Makes a filter ready to be asked. Notices always get through.
 *
 * @param {RowFilter} filter
 * @returns {(entry: Row | Notice) => boolean}
 */
export function compileFilter({ text, events, group, severity, node, problems }) {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const fitsPatterns = compilePatterns(events);
  return (entry) => {
    if ("notice" in entry) return true;
    return (group === "" || entry.group === group) &&
      (severity === "" || isAtLeast(entry.severity, severity)) &&
      (node === "" || nodeOf(entry) === node) &&
      (!problems || isProblem(entry)) &&
      (events === "" || fitsPatterns(entry.event, entry.group)) &&
      (words.length === 0 || hasWords(entry, words));
  };
}

/**
 * Whether a filter leaves anything out.
 *
 * @param {RowFilter} filter
 * @returns {boolean}
 */
export function isFiltering({ text, events, group, severity, node, problems }) {
  return problems || [text, events, group, severity, node].some((value) => value.trim() !== "");
}

/**
 * Whether somebody should look at it: an alert or worse, or something is odd about it.
 *
 * @param {Row} row
 * @returns {boolean}
 */
export function isProblem({ severity, problems }) {
  return problems.length > 0 || isAtLeast(severity, "alert");
}

/**
 * What stands for the node of an event.
 *
 * @param {Row} row
 * @returns {string}
 */
export function nodeOf({ node, nodeid }) {
  return node === "" ? nodeid : node;
}

/** @type {WeakMap<Row, string>} */
const SEARCHED = new WeakMap();

/**
 * @param {Row} row
 * @param {readonly string[]} words
 */
function hasWords(row, words) {
  let searched = SEARCHED.get(row);
  if (searched === undefined) {
    searched = searchedText(row);
    SEARCHED.set(row, searched);
  }
  const text = searched;
  return words.every((word) => text.includes(word));
}

/** @param {Row} row */
function searchedText(row) {
  const { event, group, severity, node, nodeid, id, text, marks, problems, message, request } = row;
  const parts = [event, group, severity ?? "", node, nodeid, id, text, ...marks, ...problems];
  if (request !== undefined) parts.push(request.url, request.from);
  if (message !== null && message !== undefined) parts.push(JSON.stringify(message));
  else if (request !== undefined) parts.push(request.body);
  return parts.map((part) => part.slice(0, MOST_SEARCHED)).join("\n").toLowerCase();
}
