// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * A view of what a daemon tells, which is kept up to date while it is open.
 *
 * @module
 */
import { refresh } from "./daemon_refresh.js";
import { make } from "./dom.js";

/**
 * What such a view is.
 *
 * @typedef {object} PanelOptions
 * @property {string} id
 * @property {string} title
 * @property {() => void} askLogin
 */

export class DaemonPanel {
  #askLogin;
  #problem = make("p", { class: "problem", role: "status" });
  /** @type {ReturnType<typeof refresh> | undefined} */
  #refreshing;
  #isOpen = false;

  /** @param {PanelOptions} options */
  constructor({ id, title, askLogin }) {
    this.id = id;
    this.title = title;
    this.#askLogin = askLogin;
  }

  /**
   * Fills the element, which is empty.
   *
   * @param {HTMLElement} element
   * @returns {() => void} Ends it.
   */
  render(element) {
    this.open(element);
    element.prepend(this.#problem);
    this.#isOpen = true;
    this.resume();
    return () => {
      this.#isOpen = false;
      this.pause();
    };
  }

  /** Something has happened that it may show. */
  noteEvent() {
    this.#refreshing?.soon();
  }

  /** What is shown may be wrong now. */
  refreshSoon() {
    this.#refreshing?.soon();
  }

  /** Asks nothing until it is told to go on. */
  pause() {
    this.#refreshing?.stop();
    this.#refreshing = undefined;
  }

  resume() {
    this.pause();
    if (!this.#isOpen) return;
    this.#refreshing = refresh({
      ask: () => this.ask(),
      askLogin: () => this.#askLogin(),
      showProblem: (reason) => {
        const text = reason === "" ? "" : `Not up to date: ${reason}`;
        if (this.#problem.textContent !== text) this.#problem.textContent = text;
      },
    });
  }

  /**
   * Puts into the element what does not change.
   *
   * @param {HTMLElement} _element
   */
  open(_element) {}

  /** Asks the daemon, and shows what it says. */
  async ask() {}
}
