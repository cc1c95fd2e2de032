// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Posts dead letters of a webhook again: first it is asked how many that would be, then somebody
 * says yes.
 *
 * @module
 */
import { askServer, LoginNeededError } from "./ask_server.js";
import { make, makeButton } from "./dom.js";
import { toShort } from "./visible_text.js";

/**
 * What can be posted again.
 *
 * @typedef {object} Offer
 * @property {string} webhook Empty if none is chosen.
 * @property {boolean} hasLetters
 * @property {readonly string[]} ids Those that are selected.
 */

/**
 * What the daemon did, or would do.
 *
 * @typedef {object} ReplayReport
 * @property {number} events
 * @property {number} waiting
 * @property {readonly string[]} unknown_ids
 */

const LONGEST_NAME = 80;

export class ReplayBar {
  #options;
  /** @type {Offer} */
  #offer = { webhook: "", hasLetters: false, ids: [] };
  #selected = makeButton("", () => this.#ask(this.#offer.ids), { class: "primary" });
  #all = makeButton("", () => this.#ask([]));
  #hint = make("span", { class: "hint" }, ["Choose a webhook to post its dead letters again."]);
  /** The buttons. */
  element = make("div", { class: "replay" }, [this.#selected, this.#all, this.#hint]);
  /** What is asked, and what came of it. */
  question = make("div", { class: "question", role: "status" });

  /** @param {{ askLogin: () => void, onDone: () => void }} options */
  constructor(options) {
    this.#options = options;
    this.offer(this.#offer);
  }

  /** @param {Offer} offer */
  offer(offer) {
    this.#offer = offer;
    const { webhook, hasLetters, ids } = offer;
    const isPossible = webhook !== "" && hasLetters;
    this.#selected.hidden = !isPossible;
    this.#selected.disabled = ids.length === 0;
    this.#selected.textContent = `Replay selected (${ids.length})`;
    this.#all.hidden = !isPossible;
    this.#all.textContent = `Replay all of ${toShort(webhook, LONGEST_NAME)}`;
    this.#hint.hidden = webhook !== "" || !hasLetters;
  }

  /** Forgets what was asked. */
  clear() {
    this.question.replaceChildren();
  }

  /** @param {readonly string[]} ids None for all of the webhook. */
  async #ask(ids) {
    const { webhook } = this.#offer;
    const report = await this.#post({ webhook, ids, isTrial: true });
    if (report === undefined) return;
    const { events, waiting } = report;
    const more = waiting === 0 ? "" : `; ${waiting} more wait for it already`;
    if (events === 0) return this.#say(`There is nothing to post again${more}.`);
    const confirm = makeButton(`Post ${count(events)}`, () => this.#do({ webhook, ids }), {
      class: "primary",
    });
    this.question.replaceChildren(
      make("p", {}, [
        `${count(events)} would be posted again to `,
        make("bdi", { class: "who" }, [toShort(webhook, LONGEST_NAME)]),
        `${more}.`,
      ]),
      confirm,
      makeButton("Cancel", () => this.clear()),
    );
    confirm.focus();
  }

  /** @param {{ webhook: string, ids: readonly string[] }} what */
  async #do(what) {
    const report = await this.#post({ ...what, isTrial: false });
    if (report === undefined) return;
    this.#options.onDone();
    this.#say(`${count(report.events)} ${report.events === 1 ? "is" : "are"} posted again.`);
  }

  /**
   * @param {{ webhook: string, ids: readonly string[], isTrial: boolean }} what
   * @returns {Promise<ReplayReport | undefined>} `undefined` if it did not work, which is said.
   */
  async #post({ webhook, ids, isTrial }) {
    const which = ids.length === 0 ? {} : { ids };
    try {
      return await askServer("/v1/replay", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ webhook, ...which, dead_letters: true, dry_run: isTrial }),
      });
    } catch (error) {
      if (error instanceof LoginNeededError) this.#options.askLogin();
      else this.#say(error instanceof Error ? error.message : String(error), "problem");
      return undefined;
    }
  }

  /**
   * @param {string} text
   * @param {string} [look]
   */
  #say(text, look = "said") {
    this.question.replaceChildren(make("p", { class: look }, [text]));
  }
}

/** @param {number} events */
function count(events) {
  return events === 1 ? "1 event" : `${events.toLocaleString("en")} events`;
}
