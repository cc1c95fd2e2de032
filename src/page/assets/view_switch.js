// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The buttons that lead to the views of the page.
 *
 * @module
 */
import { byId, make, makeButton } from "./dom.js";
import { FIRST_VIEW } from "./view_hash.js";

/** @typedef {import("./page_types.js").PagePanel} PagePanel */

export class ViewSwitch {
  #panels;
  #buttons = byId("views");
  /** @type {(() => void) | void} */
  #leave = undefined;
  view = "";

  /**
   * @param {readonly PagePanel[]} panels Besides events and cluster.
   * @param {() => void} onOpen Called when a button was used.
   */
  constructor(panels, onOpen) {
    this.#panels = panels;
    const views = [
      { id: FIRST_VIEW, title: "Events" },
      { id: "cluster", title: "Cluster" },
      ...panels,
    ];
    for (const { id, title } of views) {
      const button = makeButton(title, () => {
        this.open(id);
        onOpen();
      }, { "data-view": id });
      this.#buttons.append(button);
    }
  }

  /**
   * Opens a view; the first one if there is no such.
   *
   * @param {string} wanted
   */
  open(wanted) {
    const panel = this.#panels.find(({ id }) => id === wanted);
    const view = panel !== undefined || wanted === "cluster" ? wanted : FIRST_VIEW;
    if (view === this.view) return;
    this.view = view;
    this.#leave?.();
    this.#leave = undefined;
    document.body.dataset.view = panel === undefined ? view : "panel";
    for (const button of this.#buttons.querySelectorAll("button")) {
      if (button.dataset.view === view) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    this.#showPanel(panel);
  }

  /** @param {PagePanel | undefined} panel */
  #showPanel(panel) {
    const section = byId("panel");
    section.hidden = panel === undefined;
    if (panel === undefined) return section.replaceChildren();
    const content = make("div", { class: "content" });
    section.replaceChildren(make("h2", { id: "panel-title" }, [panel.title]), content);
    this.#leave = panel.render(content);
  }
}
