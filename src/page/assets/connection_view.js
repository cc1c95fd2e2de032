// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Whether the page is live, in words.
 *
 * @module
 */
import { make } from "./dom.js";
import { clockTime, roughly } from "./time_text.js";

/** @typedef {import("./page_types.js").Connection} Connection */

/**
 * What is said of a connection.
 *
 * @param {Connection} connection
 * @param {number} now Milliseconds since 1970.
 * @returns {{ word: string, more: string, title: string }} `more` changes every second.
 */
export function describeConnection({ state, since, nextTryAt, reason }, now) {
  const clock = clockTime(since).slice(0, 8);
  if (state === "live") return { word: "Live", more: "", title: `Live since ${clock}` };
  if (state === "connecting") return { word: "Connecting", more: "", title: "" };
  const waitMs = (nextTryAt ?? now) - now;
  const next = waitMs < 500 ? "trying now" : `next try in ${roughly(waitMs)}`;
  return {
    word: `Reconnecting since ${clock}`,
    more: next,
    title: reason === undefined ? "" : `The server cannot be heard: ${reason}`,
  };
}

/** Shows it, and lets the seconds pass. */
export class ConnectionView {
  #word = make("span", { class: "word" });
  #more = make("span", { class: "more", "aria-hidden": "true" });
  #element;
  /** @type {Connection} */
  #connection = { state: "connecting", since: Date.now() };

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    element.append(make("span", { class: "lamp", "aria-hidden": "true" }), this.#word, this.#more);
    setInterval(() => this.#draw(), 1000);
    this.#draw();
  }

  /** @param {Connection} connection */
  show(connection) {
    this.#connection = connection;
    document.body.dataset.connection = connection.state;
    this.#draw();
  }

  #draw() {
    const { word, more, title } = describeConnection(this.#connection, Date.now());
    // A screen reader says what is set, even if it is the same.
    if (this.#word.textContent !== word) this.#word.textContent = word;
    this.#more.textContent = more;
    this.#element.title = title;
  }
}
