// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * What the test hook counted, node by node: duplicates, disorder and gaps.
 *
 * @module
 */
import { make } from "./dom.js";
import { makeFigure } from "./figure.js";
import { toShort } from "./visible_text.js";

/**
 * The counts as the test hook tells them.
 *
 * @typedef {object} HookSummary
 * @property {number} requests
 * @property {number} events
 * @property {number} unverified
 * @property {readonly {
 *   nodeid: string,
 *   host: string,
 *   events: number,
 *   duplicates: number,
 *   retries: number,
 *   disorder: number,
 *   gaps: number,
 *   skipped: number,
 * }[]} nodes
 */

const LONGEST_NAME = 120;

/** A view of counts that come by and by. */
export class NodesPanel {
  /** @type {HookSummary} */
  #summary = { requests: 0, events: 0, unverified: 0, nodes: [] };
  /** @type {HTMLElement | undefined} */
  #element;

  /** @returns {import("./page_types.js").PagePanel} */
  get panel() {
    return {
      id: "nodes",
      title: "Nodes",
      render: (element) => {
        this.#element = element;
        this.#draw();
        return () => this.#element = undefined;
      },
    };
  }

  /** @param {HookSummary} summary */
  show(summary) {
    this.#summary = summary;
    this.#draw();
  }

  #draw() {
    const { requests, events, unverified, nodes } = this.#summary;
    this.#element?.replaceChildren(
      make("ul", { class: "figures" }, [
        makeFigure("requests", requests, false),
        makeFigure("events", events, false),
        makeFigure("unverified", unverified, unverified > 0),
        makeFigure("nodes", nodes.length, false),
      ]),
      nodes.length === 0
        ? make("p", { class: "empty" }, ["No node has sent anything yet."])
        : makeTable(nodes),
    );
  }
}

/** @param {HookSummary["nodes"]} nodes */
function makeTable(nodes) {
  const titles = [
    "Node",
    "Node id",
    "Events",
    "Retries",
    "Duplicates",
    "Out of order",
    "Missing",
    "Skipped numbers",
  ];
  return make("div", { class: "sheet" }, [
    make("table", {}, [
      make("thead", {}, [
        make(
          "tr",
          {},
          titles.map((title, at) =>
            make("th", { scope: "col", class: at > 1 && "number" }, [title])
          ),
        ),
      ]),
      make(
        "tbody",
        {},
        nodes.map((counts) =>
          make("tr", {}, [
            make("th", { scope: "row" }, [
              make("bdi", {}, [toShort(counts.host || "–", LONGEST_NAME)]),
            ]),
            make("td", { class: "code" }, [
              make("bdi", {}, [toShort(counts.nodeid, LONGEST_NAME)]),
            ]),
            makeNumber(counts.events),
            makeNumber(counts.retries),
            makeCount(counts.duplicates),
            makeCount(counts.disorder),
            makeCount(counts.gaps),
            makeNumber(counts.skipped),
          ])
        ),
      ),
    ]),
  ]);
}

/** @param {number} value */
function makeNumber(value) {
  return make("td", { class: "number" }, [value.toLocaleString("en")]);
}

/** Any but none is odd. @param {number} value */
function makeCount(value) {
  return make("td", { class: value > 0 ? "number odd" : "number" }, [
    value > 0 ? `▲ ${value.toLocaleString("en")}` : "0",
  ]);
}
