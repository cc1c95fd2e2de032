// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The last requests to webhooks, and how each ended.
 *
 * @module
 */
import { askServer } from "./ask_server.js";
import { DaemonPanel } from "./daemon_panel.js";
import { make } from "./dom.js";
import { makeLampWord } from "./lamp_word.js";
import { toldToView } from "./open_view.js";
import { makeCell, makeSheet, makeTitle } from "./sheet.js";
import { clockTime, dayAndTime } from "./time_text.js";
import { toShort } from "./visible_text.js";
import { WebhookChoice } from "./webhook_choice.js";

/**
 * An attempt as the daemon tells it.
 *
 * @typedef {object} Attempt
 * @property {string} at
 * @property {string} webhook
 * @property {string} id
 * @property {string} event
 * @property {number} events
 * @property {number | null} status
 * @property {string} result
 * @property {number} duration_ms
 * @property {string} answer
 * @property {"delivered" | "retry" | "dead" | "paused"} outcome
 * @property {string | null} next_attempt_at
 */

const MOST = 200;
const LONGEST_NAME = 120;
const LONGEST_ANSWER = 200;
/** @type {Readonly<Record<string, import("./lamp_word.js").Lamp>>} */
const OUTCOMES = {
  delivered: ["ok", "●", "delivered"],
  retry: ["degraded", "▲", "tried again"],
  dead: ["down", "✕", "given up"],
  paused: ["degraded", "▲", "paused"],
};

export class AttemptsPanel extends DaemonPanel {
  #choice = new WebhookChoice(() => this.refreshSoon());
  #failed = make("input", { type: "checkbox", id: "attempts-failed" });
  #list = make("div", {});
  #shown = "";

  /** @param {() => void} askLogin */
  constructor(askLogin) {
    super({ id: "attempts", title: "Attempts", askLogin });
    this.#failed.addEventListener("change", () => this.refreshSoon());
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
        make("label", { class: "check" }, [this.#failed, "Failed only"]),
      ]),
      this.#list,
    );
  }

  /** @override */
  async ask() {
    await this.#choice.ask();
    const query = new URLSearchParams({ limit: String(MOST) });
    if (this.#choice.value !== "") query.set("webhook", this.#choice.value);
    if (this.#failed.checked) query.set("failed", "true");
    /** @type {Attempt[]} */
    const attempts = await askServer(`/v1/attempts?${query}`);
    const shown = JSON.stringify(attempts);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#list.replaceChildren(
      attempts.length === 0
        ? make("p", { class: "empty" }, [
          this.#failed.checked ? "No attempt has failed." : "Nothing was tried yet.",
        ])
        : makeTable(attempts.toReversed()),
    );
  }
}

/** @param {readonly Attempt[]} attempts Newest first. */
function makeTable(attempts) {
  const titles = ["Time", "Webhook", "Event", "Result", "Took", "Outcome"];
  return makeSheet(
    titles.map((title) => makeTitle(title, title === "Took" ? "number" : undefined)),
    attempts.map(makeRow),
  );
}

/** @param {Attempt} attempt */
function makeRow({ at, webhook, event, events, result, duration_ms, answer, outcome, ...rest }) {
  const time = Date.parse(at);
  const more = events > 1 ? ` and ${events - 1} more` : "";
  const next = rest.next_attempt_at;
  return make("tr", { role: "row" }, [
    makeCell("time", [make("time", { datetime: at, title: dayAndTime(time) }, [clockTime(time)])]),
    makeCell("who", [make("bdi", {}, [toShort(webhook, LONGEST_NAME)])]),
    makeCell("code", [make("bdi", { title: rest.id }, [toShort(event, LONGEST_NAME)]), more]),
    makeCell("result", [
      make("bdi", {}, [toShort(result, LONGEST_ANSWER)]),
      answer !== "" && outcome !== "delivered" &&
      make("small", {}, [make("bdi", {}, [toShort(answer, LONGEST_ANSWER)])]),
    ]),
    makeCell("number", [`${Math.round(duration_ms).toLocaleString("en")} ms`]),
    makeCell("outcome", [
      makeLampWord(OUTCOMES[outcome] ?? ["unknown", "○", outcome]),
      next !== null && make("small", {}, [`next ${clockTime(Date.parse(next)).slice(0, 8)}`]),
    ]),
  ]);
}
