// @ts-check
/**
 * Events and notices of a daemon, as lines of the table.
 *
 * @module
 */
import { eventWords } from "./event_words.js";

/** @typedef {import("./page_types.js").Row} Row */
/** @typedef {import("./page_types.js").Notice} Notice */

/**
 * An event as the daemon tells it.
 *
 * @typedef {object} DaemonEvent
 * @property {string} id
 * @property {string} event
 * @property {string} event_group
 * @property {import("./page_types.js").Severity} severity
 * @property {string} nodeid
 * @property {string} [host]
 * @property {number} ts Seconds since 1970, as its sender saw it happen.
 * @property {unknown} message
 * @property {string} received_at
 */

/**
 * What the daemon says between the events.
 *
 * @typedef {object} DaemonNotice
 * @property {"live" | "gap" | "away" | "back"} notice
 * @property {string} node
 * @property {string} host
 * @property {string} [reason]
 */

/**
 * The line of an event.
 *
 * @param {DaemonEvent} event
 * @param {Readonly<Record<string, string>>} headlines
 * @returns {Row}
 */
export function toRow(event, headlines) {
  const receivedAt = Date.parse(event.received_at);
  return {
    key: `event/${event.nodeid}/${event.id}`,
    // Its sender only tells the second.
    at: Number.isNaN(receivedAt) ? event.ts * 1000 : receivedAt,
    event: event.event,
    group: event.event_group,
    severity: event.severity,
    node: event.host ?? "",
    nodeid: event.nodeid,
    text: eventWords(event, headlines),
    id: event.id,
    message: event.message,
    marks: [],
    problems: [],
    payload: event,
  };
}

/**
 * The line of a notice; `undefined` if there is nothing to say.
 *
 * @param {DaemonNotice} notice
 * @param {number} at Milliseconds since 1970.
 * @returns {Notice | undefined}
 */
export function toNotice({ notice, node, host, reason = "" }, at) {
  const name = host || node;
  const words = {
    live: "",
    gap: `Events of ${name} may be missing here: ${reason}`,
    away: `Nothing can be heard of ${name}: ${reason}`,
    back: `${name} is heard again`,
  }[notice];
  if (words === undefined || words === "") return undefined;
  const key = `notice/${notice}/${node}/${at}`;
  return { key, at, notice: words, isProblem: notice !== "back" };
}
