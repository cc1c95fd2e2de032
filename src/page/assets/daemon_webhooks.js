// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The webhooks: how each is doing, what waits, and why it fails.
 *
 * @module
 */
import { askServer } from "./ask_server.js";
import { DaemonPanel } from "./daemon_panel.js";
import { make, makeButton } from "./dom.js";
import { makeFigure } from "./figure.js";
import { replaceKeepingFocus } from "./keep_focus.js";
import { makeLampWord } from "./lamp_word.js";
import { clockTime, dayAndTime, dayOf, roughly } from "./time_text.js";
import { openView } from "./open_view.js";
import { toShort } from "./visible_text.js";

/**
 * A webhook as the daemon tells it.
 *
 * @typedef {object} Webhook
 * @property {string} name
 * @property {string} url
 * @property {"waiting" | "delivering" | "retrying" | "paused"} state
 * @property {number} delivered
 * @property {number} pending
 * @property {number} dead
 * @property {number} dropped
 * @property {number} filtered
 * @property {number | null} oldest_pending_seconds
 * @property {number} replaying
 * @property {{ since: string, attempts: number, reason: string, next_attempt_at: string | null }
 *   | null} failure
 * @property {{ since: string | null, reason: string } | null} pause
 */

/**
 * @typedef {object} Status
 * @property {{ received: number, refused: number, lost: number, kernel_drops: number | null }} events
 * @property {{ problems: readonly string[] }} registry
 * @property {{ ok: boolean }} spool
 * @property {readonly Webhook[]} webhooks
 */

const LONGEST_NAME = 120;
const LONGEST_REASON = 400;
/** @type {Readonly<Record<string, import("./lamp_word.js").Lamp>>} */
const STATES = {
  waiting: ["ok", "●", "nothing waits"],
  delivering: ["ok", "●", "delivering"],
  retrying: ["down", "✕", "failing"],
  paused: ["degraded", "▲", "paused"],
};

export class WebhooksPanel extends DaemonPanel {
  #figures = make("ul", { class: "figures" });
  #list = make("ul", { class: "webhooks" });
  #shown = "";

  /** @param {() => void} askLogin */
  constructor(askLogin) {
    super({ id: "webhooks", title: "Webhooks", askLogin });
  }

  /**
   * @override
   * @param {HTMLElement} element
   */
  open(element) {
    element.append(this.#figures, this.#list);
  }

  /** @override */
  async ask() {
    /** @type {Status} */
    const status = await askServer("/v1/status");
    const cards = status.webhooks.map(makeCard);
    const shown = JSON.stringify([status.events, cards.map((card) => card.outerHTML)]);
    // What is the same stays, so that text can be selected.
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#figures.replaceChildren(...makeFigures(status));
    replaceKeepingFocus(this.#list, cards.length === 0 ? [makeNone()] : cards);
  }
}

/** @param {Status} status */
function makeFigures({ events, registry, spool }) {
  const { received, refused, lost, kernel_drops: drops } = events;
  return [
    makeFigure("received", received, false),
    makeFigure("not understood", refused, refused > 0),
    makeFigure("lost", lost, lost > 0),
    ...(drops === null ? [] : [makeFigure("dropped by the kernel", drops, drops > 0)]),
    ...(spool.ok ? [] : [makeNotice("The spool cannot be written: events wait in memory")]),
    ...registry.problems.map((problem) => makeNotice(`The registry is not in force: ${problem}`)),
  ];
}

/** @param {string} text */
function makeNotice(text) {
  return make("li", { class: "wide problem" }, [toShort(text, LONGEST_REASON)]);
}

function makeNone() {
  return make("li", { class: "empty" }, [
    "There is no webhook yet. On a node:",
    make("p", { class: "command" }, [make("code", {}, ["gluster-eventing webhook-add URL"])]),
  ]);
}

/** @param {Webhook} webhook */
function makeCard(webhook) {
  const { name, url, state, delivered, pending, dead, dropped, filtered, replaying } = webhook;
  const lamp = lampOf(webhook);
  return make("li", { class: `webhook ${lamp[0]}`, "data-webhook": name }, [
    make("header", {}, [
      make("h3", {}, [make("bdi", {}, [toShort(name, LONGEST_NAME)])]),
      makeLampWord(lamp),
    ]),
    make("p", { class: "code" }, [make("bdi", {}, [toShort(url, LONGEST_REASON)])]),
    makeTrouble(webhook),
    make("dl", { class: "counts" }, [
      ...makeCount("delivered", delivered),
      ...makeCount("waiting", pending, { more: oldest(webhook), isOdd: state === "retrying" }),
      ...(replaying > 0 ? makeCount("replaying", replaying) : []),
      ...makeCount("dead", dead, { isOdd: dead > 0 }),
      ...makeCount("dropped", dropped, { isOdd: dropped > 0 }),
      ...makeCount("filtered out", filtered),
    ]),
    make("p", { class: "actions" }, [
      makeButton("Attempts", () => openView("attempts", { webhook: name }), {
        class: "small",
        "data-key": `attempts/${name}`,
        "aria-label": `Attempts of ${name}`,
      }),
      dead > 0 && makeButton("Dead letters", () => openView("dead-letters", { webhook: name }), {
        class: "small",
        "data-key": `dead/${name}`,
        "aria-label": `Dead letters of ${name}`,
      }),
    ]),
  ]);
}

/**
 * @param {string} word
 * @param {number} value
 * @param {{ more?: string, isOdd?: boolean }} [options]
 */
function makeCount(word, value, { more = "", isOdd = false } = {}) {
  return [
    make("div", { class: isOdd && value > 0 ? "odd" : null }, [
      make("dt", {}, [word]),
      make("dd", {}, [
        value.toLocaleString("en"),
        more !== "" && make("small", {}, [` ${more}`]),
      ]),
    ]),
  ];
}

/**
 * @param {Webhook} webhook
 * @returns {import("./lamp_word.js").Lamp}
 */
function lampOf({ state, failure }) {
  if (state === "waiting" && failure !== null) return ["degraded", "▲", "failed last"];
  return STATES[state] ?? ["unknown", "○", state];
}

/** @param {Webhook} webhook */
function oldest({ oldest_pending_seconds: seconds }) {
  return seconds === null ? "" : `oldest ${roughly(seconds * 1000)}`;
}

/** @param {Webhook} webhook */
function makeTrouble({ failure, pause }) {
  if (pause !== null) {
    const since = pause.since === null ? "" : ` since ${timeOf(pause.since)}`;
    return make("p", { class: "trouble mild" }, [
      make("strong", {}, [`Paused${since}: `]),
      make("bdi", {}, [toShort(pause.reason, LONGEST_REASON)]),
    ]);
  }
  if (failure === null) return "";
  const { since, attempts, reason, next_attempt_at: next } = failure;
  const tries = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  return make("p", { class: "trouble" }, [
    make("strong", {}, [`${tries} failed since ${timeOf(since)}: `]),
    make("bdi", {}, [toShort(reason, LONGEST_REASON)]),
    next !== null && make("span", { class: "next" }, [`; next try at ${timeOf(next)}`]),
  ]);
}

/** @param {string} text RFC 3339. */
function timeOf(text) {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return text;
  const isToday = dayOf(at) === dayOf(Date.now());
  return (isToday ? clockTime(at) : dayAndTime(at)).replace(/\.\d+$/, "");
}
