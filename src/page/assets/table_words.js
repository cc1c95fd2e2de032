// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * What is said around the table: how many events there are, and what to do while there is none.
 *
 * @module
 */
import { copyText } from "./clipboard.js";
import { byId, make, makeButton } from "./dom.js";
import { isAtLeast } from "./severity.js";

/** A screen reader is told of new events this often at most. */
const ANNOUNCE_EVERY_MS = 10_000;

/**
 * @typedef {object} TableState
 * @property {import("./row_store.js").RowStore} store
 * @property {number} matching How many of the events that are kept fit the filter.
 * @property {boolean} isFiltering
 * @property {readonly import("./row_store.js").Entry[]} fresh What came and fits.
 */

export class TableWords {
  #counts = byId("counts");
  #held = byId("held");
  #empty = byId("empty");
  #hint;
  #shownEmpty = "";
  #announced = { at: 0, events: 0, alerts: 0 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {import("./page_types.js").PageSource} source */
  constructor({ emptyHint, downloads }) {
    this.#hint = emptyHint;
    byId("downloads").append(
      ...downloads.map(({ title, href }) =>
        make("a", { href, download: true, class: "button" }, [title])
      ),
    );
  }

  /** @param {TableState} state */
  show({ store, matching, isFiltering, fresh }) {
    const kept = store.entries.filter((entry) => !("notice" in entry)).length;
    this.#counts.textContent = wordsFor({ received: store.received, kept, matching, isFiltering });
    this.#held.hidden = !store.isPaused;
    this.#held.textContent = `${store.held.toLocaleString("en")} new`;
    this.#held.setAttribute("aria-label", `${store.held} new events while paused: show them`);
    this.#showEmpty(
      matching > 0 ? "" : kept > 0 ? "filtered" : store.received > 0 ? "cleared" : "none",
    );
    this.#announce(fresh);
  }

  /** @param {"" | "filtered" | "cleared" | "none"} why */
  #showEmpty(why) {
    if (why === this.#shownEmpty) return;
    this.#shownEmpty = why;
    this.#empty.hidden = why === "";
    const { text, command } = this.#hint;
    if (why === "none") {
      const copy = makeButton("Copy", async () => {
        copy.textContent = await copyText(command) ? "Copied" : "Not allowed";
      });
      this.#empty.replaceChildren(
        make("p", {}, [text]),
        make("p", { class: "command" }, [make("code", {}, [command]), copy]),
      );
    } else if (why === "filtered") {
      this.#empty.replaceChildren(
        make("p", {}, [
          "No event fits the filter. Patterns need a * for what follows, as in VOLUME_*.",
        ]),
        make("p", {}, [makeButton("Reset the filter", () => byId("filter-reset").click())]),
      );
    } else {
      this.#empty.replaceChildren(make("p", {}, ["Cleared. New events appear here."]));
    }
  }

  /** @param {readonly import("./row_store.js").Entry[]} fresh */
  #announce(fresh) {
    for (const entry of fresh) {
      if ("notice" in entry) continue;
      this.#announced.events++;
      if (isAtLeast(entry.severity, "alert")) this.#announced.alerts++;
    }
    if (this.#announced.events === 0 || this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#announced.at + ANNOUNCE_EVERY_MS - Date.now());
    this.#timer = setTimeout(() => {
      const { events, alerts } = this.#announced;
      const worse = alerts === 0 ? "" : `, ${alerts} of them alerts or worse`;
      byId("announce").textContent = `${events} new ${events === 1 ? "event" : "events"}${worse}`;
      this.#announced = { at: Date.now(), events: 0, alerts: 0 };
      this.#timer = undefined;
    }, waitMs);
  }
}

/**
 * How many events there are, in words.
 *
 * @param {{ received: number, kept: number, matching: number, isFiltering: boolean }} counts
 * @returns {string}
 */
export function wordsFor({ received, kept, matching, isFiltering }) {
  const text = (/** @type {number} */ value) => value.toLocaleString("en");
  const all = `${text(received)} ${received === 1 ? "event" : "events"}`;
  const newest = kept < received ? `, the newest ${text(kept)} here` : "";
  return `${all}${newest}${isFiltering ? `, ${text(matching)} fit the filter` : ""}`;
}
