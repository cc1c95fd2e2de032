// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Lines of the table of events.
 *
 * @module
 */
import { make } from "./dom.js";
import { nodeOf } from "./row_filter.js";
import { SEVERITY_SIGNS } from "./severity.js";
import { clockTime, dayAndTime, dayOf } from "./time_text.js";
import { toShort } from "./visible_text.js";

/** @typedef {import("./page_types.js").Row} Row */
/** @typedef {import("./page_types.js").Notice} Notice */

const LONGEST_TEXT = 300;
/** Of names, in characters. */
export const LONGEST_NAME = 80;

/**
 * The line of an event.
 *
 * @param {Row} row
 * @param {HTMLElement} name Shows the event's name.
 * @returns {HTMLTableRowElement}
 */
export function makeRowLine(row, name) {
  const { at, severity, text, marks, problems } = row;
  const isToday = dayOf(at) === dayOf(Date.now());
  const odd = [...new Set([...problems, ...marks])];
  return make("tr", { role: "row", "data-severity": severity ?? "none" }, [
    make("td", { role: "cell", class: "time" }, [
      make("time", { datetime: isoOf(at), title: dayAndTime(at) }, [
        !isToday && make("span", { class: "day" }, [dayOf(at)]),
        clockTime(at).slice(0, 8),
      ]),
    ]),
    make("td", { role: "cell", class: "severity" }, [makeSeverity(severity)]),
    make("td", { role: "cell", class: "event" }, [name]),
    make("td", { role: "cell", class: "node", title: nodeTitle(row) }, [
      make("bdi", {}, [toShort(nodeOf(row), LONGEST_NAME)]),
    ]),
    make("td", { role: "cell", class: "text" }, [
      ...odd.map((word) => make("span", { class: "mark" }, [toShort(word, LONGEST_NAME)])),
      make("bdi", {}, [toShort(text, LONGEST_TEXT)]),
    ]),
  ]);
}

/**
 * A severity as a sign and a word.
 *
 * @param {import("./page_types.js").Severity | null} severity
 * @returns {HTMLElement}
 */
export function makeSeverity(severity) {
  if (severity === null) return make("span", { class: "badge none" }, ["–"]);
  return make("span", { class: `badge ${severity}` }, [
    make("span", { class: "sign", "aria-hidden": "true" }, [SEVERITY_SIGNS[severity]]),
    severity,
  ]);
}

/** @param {Row} row */
function nodeTitle({ node, nodeid }) {
  return [node, nodeid].filter((part) => part !== "")
    .map((part) => toShort(part, LONGEST_NAME)).join("\n");
}

/**
 * The line of a notice.
 *
 * @param {Notice} notice
 * @returns {HTMLTableRowElement}
 */
export function makeNoticeLine({ at, notice, isProblem }) {
  return make("tr", { role: "row", class: isProblem ? "notice problem" : "notice" }, [
    make("td", { role: "cell", colspan: 5 }, [
      make("time", { datetime: isoOf(at) }, [clockTime(at).slice(0, 8)]),
      " ",
      make("bdi", {}, [toShort(notice, LONGEST_TEXT)]),
    ]),
  ]);
}

/** A time of an event can be any number. @param {number} at */
function isoOf(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
