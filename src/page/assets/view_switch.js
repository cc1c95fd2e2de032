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
  #hasCluster;
  #buttons = byId("views");
  /** @type {(() => void) | void} */
  #leave = undefined;
  view = "";

  /**
   * @param {import("./page_types.js").PageSource} source Names the views besides events and cluster.
   * @param {() => void} onOpen Called when a button was used.
   */
  constructor({ panels, hasCluster = true }, onOpen) {
    this.#panels = panels;
    this.#hasCluster = hasCluster;
    document.body.classList.toggle("no-cluster", !hasCluster);
    const views = [
      { id: FIRST_VIEW, title: "Events" },
      ...(hasCluster ? [{ id: "cluster", title: "Cluster" }] : []),
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
    const isThere = panel !== undefined || (wanted === "cluster" && this.#hasCluster);
    const view = isThere ? wanted : FIRST_VIEW;
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
