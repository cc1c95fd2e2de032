// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The table of events, newest first. However many there are, only some are in the document.
 *
 * @module
 */
import { byId, makeButton } from "./dom.js";
import { LONGEST_NAME, makeNoticeLine, makeRowLine } from "./table_lines.js";
import { toShort } from "./visible_text.js";

/** @typedef {import("./page_types.js").Row} Row */
/** @typedef {import("./page_types.js").Notice} Notice */

/** So many are in the document at first, and more each time that somebody asks. */
export const ROWS_AT_ONCE = 300;
/** More new lines at once than this do not flash. */
const MOST_FLASHING = 20;

export class EventTable {
  #body = byId("rows");
  #more = byId("more");
  #limit = ROWS_AT_ONCE;
  /** @type {Map<string, { entry: Row | Notice, line: HTMLTableRowElement }>} */
  #shown = new Map();
  /** @type {readonly (Row | Notice)[]} */
  #entries = [];
  #open;
  #opened = "";

  /** @param {(row: Row) => void} open Shows the details. */
  constructor(open) {
    this.#open = open;
    this.#more.addEventListener("click", () => {
      this.#limit += ROWS_AT_ONCE;
      this.show(this.#entries, { isFresh: false });
    });
    this.#body.addEventListener("keydown", (event) => this.#move(event));
    // Else it would begin anew when the view is left and opened again.
    this.#body.addEventListener("animationend", ({ target }) => {
      if (target instanceof Element) target.closest("tr")?.classList.remove("fresh");
    });
  }

  /**
   * Shows these.
   *
   * @param {readonly (Row | Notice)[]} entries All that fit the filter, oldest first.
   * @param {{ isFresh: boolean }} options Whether what was not there before has just come.
   */
  show(entries, { isFresh }) {
    this.#entries = entries;
    const wanted = entries.slice(-this.#limit).reverse();
    const kept = new Set(wanted);
    const focused = this.#focusedKey();
    for (const [key, { entry, line }] of this.#shown) {
      if (kept.has(entry)) continue;
      line.remove();
      this.#shown.delete(key);
    }
    this.#insert(wanted, isFresh);
    this.#keepOneStop(focused);
    const rest = entries.length - wanted.length;
    this.#more.hidden = rest === 0;
    this.#more.textContent = `Show ${Math.min(rest, ROWS_AT_ONCE)} more of ${rest} older events`;
  }

  /** Back to a few lines. */
  shrink() {
    this.#limit = ROWS_AT_ONCE;
  }

  /**
   * Marks the line whose details are open.
   *
   * @param {string} key Empty for none.
   */
  markOpened(key) {
    this.#mark(this.#opened, false);
    this.#opened = key;
    this.#mark(key, true);
  }

  /** Puts the focus to the line whose details were open, else to the first one. */
  focus() {
    (this.#buttonOf(this.#opened) ?? this.#buttons()[0])?.focus();
  }

  /**
   * @param {readonly (Row | Notice)[]} wanted Newest first.
   * @param {boolean} isFresh
   */
  #insert(wanted, isFresh) {
    const missing = wanted.filter(({ key }) => !this.#shown.has(key)).length;
    const flashes = isFresh && missing <= MOST_FLASHING;
    /** @type {ChildNode | null} */
    let next = this.#body.firstChild;
    for (const entry of wanted) {
      const there = this.#shown.get(entry.key)?.line;
      if (there !== undefined && there === next) {
        next = there.nextSibling;
        continue;
      }
      const line = there ?? this.#makeLine(entry, flashes);
      this.#body.insertBefore(line, next);
    }
  }

  /**
   * @param {Row | Notice} entry
   * @param {boolean} flashes
   */
  #makeLine(entry, flashes) {
    const line = "notice" in entry ? makeNoticeLine(entry) : this.#makeRow(entry);
    if (flashes) line.classList.add("fresh");
    this.#shown.set(entry.key, { entry, line });
    if (entry.key === this.#opened) this.#mark(entry.key, true);
    return line;
  }

  /** @param {Row} row */
  #makeRow(row) {
    const button = makeButton(toShort(row.event, LONGEST_NAME), () => this.#open(row), {
      class: "name",
      tabindex: -1,
      "aria-expanded": "false",
      "aria-controls": "details",
    });
    const line = makeRowLine(row, button);
    line.addEventListener("click", (event) => {
      const isOnButton = event.target instanceof Node && button.contains(event.target);
      if (!isOnButton && getSelection()?.isCollapsed !== false) this.#open(row);
    });
    return line;
  }

  /** The line that has the focus. */
  #focusedKey() {
    const active = document.activeElement;
    if (!this.#body.contains(active)) return undefined;
    return [...this.#shown].find(([, { line }]) => line.contains(active))?.[0];
  }

  /**
   * Tab stops once at the table; arrows go on from there. A line that goes away hands its focus on.
   *
   * @param {string | undefined} focused The key of the line that had the focus.
   */
  #keepOneStop(focused) {
    const buttons = this.#buttons();
    if (focused !== undefined && this.#focusedKey() === undefined) {
      const next = this.#buttonOf(focused) ?? buttons[buttons.length - 1];
      next?.focus();
      if (next !== undefined) return this.#makeStop(next);
    }
    if (this.#body.querySelector("button[tabindex='0']") !== null) return;
    if (buttons[0] !== undefined) this.#makeStop(buttons[0]);
  }

  /** @param {HTMLButtonElement} button */
  #makeStop(button) {
    this.#body.querySelector("button[tabindex='0']")?.setAttribute("tabindex", "-1");
    button.setAttribute("tabindex", "0");
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const buttons = this.#buttons();
    const at = buttons.findIndex((button) => button === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    const button = to === undefined ? undefined : buttons[to];
    if (at === -1 || button === undefined) return;
    event.preventDefault();
    this.#makeStop(button);
    button.focus();
    button.closest("tr")?.scrollIntoView({ block: "nearest" });
  }

  /** @returns {HTMLButtonElement[]} */
  #buttons() {
    return [...this.#body.querySelectorAll("button")];
  }

  /** @param {string} key */
  #buttonOf(key) {
    return this.#shown.get(key)?.line.querySelector("button") ?? undefined;
  }

  /**
   * @param {string} key
   * @param {boolean} isOpened
   */
  #mark(key, isOpened) {
    this.#shown.get(key)?.line.classList.toggle("opened", isOpened);
    const button = this.#buttonOf(key);
    button?.setAttribute("aria-expanded", String(isOpened));
    if (button !== undefined && isOpened) this.#makeStop(button);
  }
}
