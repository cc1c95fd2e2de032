// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The form that says which events are shown.
 *
 * @module
 */
import { byId, make } from "./dom.js";
import { isFiltering, NO_FILTER, nodeOf } from "./row_filter.js";
import { SEVERITIES } from "./severity.js";
import { toShort } from "./visible_text.js";

/** @typedef {import("./row_filter.js").RowFilter} RowFilter */

/** Anybody on the network can make up names without end. */
const MOST_CHOICES = 300;
const LONGEST_CHOICE = 80;

export class FilterBar {
  #text = inputById("filter-text");
  #events = inputById("filter-events");
  #problems = inputById("filter-problems");
  #severity = selectById("filter-severity");
  #group = new Choices(selectById("filter-group"), "all");
  #node = new Choices(selectById("filter-node"), "all");
  #reset = byId("filter-reset");
  /** @type {Set<string>} */
  #names = new Set();

  /** @param {(filter: RowFilter) => void} onChange */
  constructor(onChange) {
    this.#severity.append(
      make("option", { value: "" }, ["any"]),
      ...SEVERITIES.slice(1).map((severity) =>
        make("option", { value: severity }, [
          severity === "critical" ? severity : `${severity} or worse`,
        ])
      ),
    );
    const form = byId("filter");
    const change = () => {
      this.#showReset();
      onChange(this.filter);
    };
    form.addEventListener("input", change);
    form.addEventListener("submit", (event) => event.preventDefault());
    this.#reset.addEventListener("click", () => {
      this.filter = NO_FILTER;
      this.#text.focus();
      onChange(this.filter);
    });
    const more = byId("more-filters");
    more.addEventListener("click", () => {
      const isOpen = form.classList.toggle("open");
      more.setAttribute("aria-expanded", String(isOpen));
    });
  }

  /** @returns {RowFilter} */
  get filter() {
    return {
      text: this.#text.value,
      events: this.#events.value,
      group: this.#group.value,
      severity: SEVERITIES.find((severity) => severity === this.#severity.value) ?? "",
      node: this.#node.value,
      problems: this.#problems.checked,
    };
  }

  set filter({ text, events, group, severity, node, problems }) {
    this.#text.value = text;
    this.#events.value = events;
    this.#group.value = group;
    this.#severity.value = severity;
    this.#node.value = node;
    this.#problems.checked = problems;
    this.#showReset();
  }

  /**
   * Offers the names that came.
   *
   * @param {readonly (import("./page_types.js").Row | import("./page_types.js").Notice)[]} entries
   */
  learn(entries) {
    for (const entry of entries) {
      if ("notice" in entry) continue;
      this.#group.offer(entry.group);
      this.#node.offer(nodeOf(entry));
      this.#offerName(entry.event);
      if (entry.group !== "" && entry.event.startsWith(`${entry.group}_`)) {
        this.#offerName(`${entry.group}_*`);
      }
    }
  }

  /** @param {string} name */
  #offerName(name) {
    if (
      this.#names.has(name) || this.#names.size >= MOST_CHOICES || !/^[A-Z0-9_]+\*?$/.test(name)
    ) {
      return;
    }
    this.#names.add(name);
    byId("event-names").append(make("option", { value: name }));
  }

  #showReset() {
    this.#reset.hidden = !isFiltering(this.filter);
  }
}

/** A list to choose from that grows, sorted. */
class Choices {
  #select;
  /** @type {Set<string>} */
  #known = new Set();

  /**
   * @param {HTMLSelectElement} select
   * @param {string} all What stands for no choice.
   */
  constructor(select, all) {
    this.#select = select;
    select.append(make("option", { value: "" }, [all]));
  }

  get value() {
    return this.#select.value;
  }

  set value(value) {
    this.#add(value);
    this.#select.value = value;
  }

  /** @param {string} value */
  offer(value) {
    if (this.#known.size < MOST_CHOICES) this.#add(value);
  }

  /** @param {string} value */
  #add(value) {
    if (value === "" || this.#known.has(value)) return;
    this.#known.add(value);
    const after = [...this.#select.options].slice(1).find((option) => option.value > value);
    this.#select.insertBefore(
      make("option", { value }, [toShort(value, LONGEST_CHOICE)]),
      after ?? null,
    );
  }
}

/** @param {string} id */
function inputById(id) {
  const element = byId(id);
  if (!(element instanceof HTMLInputElement)) throw new Error(`"${id}" is no input`);
  return element;
}

/** @param {string} id */
function selectById(id) {
  const element = byId(id);
  if (!(element instanceof HTMLSelectElement)) throw new Error(`"${id}" is no select`);
  return element;
}
