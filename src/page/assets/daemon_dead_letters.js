// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The events that were given up on, and how to post them again.
 *
 * @module
 */
import { askServer } from "./ask_server.js";
import { DaemonPanel } from "./daemon_panel.js";
import { make } from "./dom.js";
import { replaceKeepingFocus } from "./keep_focus.js";
import { toldToView } from "./open_view.js";
import { ReplayBar } from "./replay_bar.js";
import { makeCell, makeSheet, makeTitle } from "./sheet.js";
import { dayAndTime } from "./time_text.js";
import { toShort } from "./visible_text.js";
import { WebhookChoice } from "./webhook_choice.js";

/**
 * A dead letter as the daemon tells it.
 *
 * @typedef {object} DeadLetter
 * @property {string} webhook
 * @property {string} id
 * @property {string} event
 * @property {string} [host]
 * @property {string} received_at
 * @property {string} given_up_at
 * @property {string} reason
 */

const MOST = 500;
const LONGEST_NAME = 120;
const LONGEST_REASON = 300;

export class DeadLettersPanel extends DaemonPanel {
  #choice = new WebhookChoice(() => this.#chooseOther());
  #bar;
  #list = make("div", {});
  /** @type {readonly DeadLetter[]} Newest first. */
  #letters = [];
  /** The ids of those that are selected. @type {Set<string>} */
  #selected = new Set();
  #shown = "";
  #mayChange;

  /**
   * @param {() => void} askLogin
   * @param {boolean} mayChange
   */
  constructor(askLogin, mayChange) {
    super({ id: "dead-letters", title: "Dead letters", askLogin });
    this.#mayChange = mayChange;
    this.#bar = new ReplayBar({ askLogin, onDone: () => this.#chooseOther() });
  }

  /**
   * @override
   * @param {HTMLElement} element
   */
  open(element) {
    this.#choice.choose(toldToView("webhook"));
    element.append(
      make("div", { class: "choices" }, [
        this.#choice.element,
        ...(this.#mayChange ? [this.#bar.element] : []),
      ]),
      this.#mayChange ? this.#bar.question : makeWhyNot(),
      this.#list,
    );
  }

  /** @override */
  async ask() {
    await this.#choice.ask();
    const query = new URLSearchParams({ limit: String(MOST) });
    if (this.#choice.value !== "") query.set("webhook", this.#choice.value);
    /** @type {DeadLetter[]} */
    const letters = await askServer(`/v1/dead-letters?${query}`);
    this.#letters = letters.toReversed();
    const ids = new Set(letters.map(({ id }) => id));
    for (const id of this.#selected) if (!ids.has(id)) this.#selected.delete(id);
    const shown = JSON.stringify([this.#choice.value, letters]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#draw();
    }
    this.#offer();
  }

  #chooseOther() {
    this.#selected.clear();
    this.#shown = "";
    this.#bar.clear();
    this.refreshSoon();
  }

  #draw() {
    if (this.#letters.length === 0) {
      const text = this.#choice.value === ""
        ? "No event was given up on."
        : "No event was given up on for this webhook.";
      this.#list.replaceChildren(make("p", { class: "empty" }, [text]));
      return;
    }
    replaceKeepingFocus(this.#list, [this.#makeTable()]);
  }

  #makeTable() {
    const titles = ["Received", "Webhook", "Event", "Node", "Given up", "Why"];
    return makeSheet([
      this.#canSelect && makeTitle(this.#makeSelectAll(), "select"),
      ...titles.map((title) => makeTitle(title)),
    ], this.#letters.map((letter) => this.#makeRow(letter)));
  }

  /** A replay goes to one webhook. */
  get #canSelect() {
    return this.#mayChange && this.#choice.value !== "";
  }

  #makeSelectAll() {
    const box = make("input", {
      type: "checkbox",
      "data-key": "all",
      "aria-label": "Select all that are shown",
    });
    box.addEventListener("change", () => {
      this.#selected = new Set(box.checked ? this.#letters.map(({ id }) => id) : []);
      this.#draw();
      this.#offer();
    });
    box.checked = this.#letters.every(({ id }) => this.#selected.has(id));
    return box;
  }

  /** @param {DeadLetter} letter */
  #makeRow({ webhook, id, event, host, received_at, given_up_at, reason }) {
    return make("tr", { role: "row", "data-id": id }, [
      this.#canSelect && makeCell("select", [this.#makeBox(id, event)]),
      makeCell("time", [make("time", { datetime: received_at }, [timeOf(received_at)])]),
      makeCell("who", [make("bdi", {}, [toShort(webhook, LONGEST_NAME)])]),
      makeCell("code", [make("bdi", { title: id }, [toShort(event, LONGEST_NAME)])]),
      makeCell("node", [make("bdi", {}, [toShort(host ?? "", LONGEST_NAME)])]),
      makeCell(
        "time",
        [make("time", { datetime: given_up_at }, [timeOf(given_up_at)])],
        "given up",
      ),
      makeCell("result", [make("bdi", {}, [toShort(reason, LONGEST_REASON)])]),
    ]);
  }

  /**
   * @param {string} id
   * @param {string} event
   */
  #makeBox(id, event) {
    const box = make("input", {
      type: "checkbox",
      "data-key": id,
      "aria-label": `Select ${toShort(event, LONGEST_NAME)}`,
    });
    box.checked = this.#selected.has(id);
    box.addEventListener("change", () => {
      if (box.checked) this.#selected.add(id);
      else this.#selected.delete(id);
      this.#draw();
      this.#offer();
    });
    return box;
  }

  #offer() {
    this.#bar.offer({
      webhook: this.#choice.value,
      hasLetters: this.#letters.length > 0,
      ids: [...this.#selected],
    });
  }
}

function makeWhyNot() {
  return make("p", { class: "note" }, [
    "This page only shows. To post dead letters again from here, set a token: ",
    make("code", {}, ["gluster-eventing config-set api-token-file FILE"]),
    "; or use the command: ",
    make("code", {}, ["gluster-eventing replay"]),
    ".",
  ]);
}

/** @param {string} text RFC 3339. */
function timeOf(text) {
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : dayAndTime(at).slice(0, 19);
}
