// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Chooses one of the daemon's webhooks, or all.
 *
 * @module
 */
import { askServer } from "./ask_server.js";
import { make } from "./dom.js";
import { toShort } from "./visible_text.js";

const LONGEST_NAME = 80;

export class WebhookChoice {
  #select = make("select", {});
  #wanted = "";
  #shown = "";
  /** With its label. */
  element = make("label", {}, [make("span", {}, ["Webhook"]), this.#select]);

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#select.addEventListener("change", () => {
      this.#wanted = this.#select.value;
      onChange();
    });
  }

  /** The name of the one; empty for all. */
  get value() {
    return this.#wanted;
  }

  /** @param {string} name */
  choose(name) {
    this.#wanted = name;
    this.#select.value = name;
  }

  /** Asks the daemon for its webhooks. */
  async ask() {
    /** @type {{ name: string }[]} */
    const webhooks = await askServer("/v1/webhooks");
    const names = webhooks.map(({ name }) => name);
    // One that was deleted is no choice any more.
    if (!names.includes(this.#wanted)) this.#wanted = "";
    const shown = JSON.stringify(names);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#select.replaceChildren(
        make("option", { value: "" }, ["all"]),
        ...names.map((name) => make("option", { value: name }, [toShort(name, LONGEST_NAME)])),
      );
    }
    this.#select.value = this.#wanted;
  }
}
