// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The cluster at a glance: peers, volumes and their bricks, and what changed last.
 *
 * @module
 */
import { make } from "./dom.js";
import { makeLampWord } from "./lamp_word.js";
import { clockTime, roughly } from "./time_text.js";
import { toShort, toVisible } from "./visible_text.js";

/** @typedef {import("./page_types.js").ClusterPicture} ClusterPicture */
/** @typedef {ClusterPicture["volumes"][number]} Volume */
/** @typedef {Volume["bricks"][number]} Brick */
/** @typedef {ClusterPicture["peers"][number]} Peer */
/** @typedef {"peer" | "volume" | "brick"} Kind */

const LONGEST_NAME = 120;

/** A sign for each state, beside the word. */
const SIGNS = { up: "●", ok: "●", down: "✕", degraded: "▲", unknown: "○" };

/** Draws one picture after the other. */
export class ClusterView {
  #element;
  #hint;
  #ago = make("span", {});
  /** @type {ClusterPicture | undefined} */
  #picture;

  /**
   * @param {HTMLElement} element
   * @param {string} hint Why there may be nothing to see yet.
   */
  constructor(element, hint) {
    this.#element = element;
    this.#hint = hint;
    this.draw({ peers: [], volumes: [], last_change: null });
    setInterval(() => this.#tellTime(), 1000);
  }

  /** @param {ClusterPicture & { problem?: string | null }} picture */
  draw(picture) {
    this.#picture = picture;
    const { peers, volumes, last_change, problem = null } = picture;
    const isEmpty = peers.length === 0 && volumes.length === 0;
    this.#element.replaceChildren(
      make("header", {}, [
        make("h2", { id: "cluster-title" }, ["Cluster"]),
        make("p", { class: "sum" }, [isEmpty ? "" : sumUp(picture)]),
      ]),
      make("p", { class: "stale" }, ["Not live: this is what was known last."]),
      problem === null ? "" : make("p", { class: "problem" }, [
        `This may be out of date: ${toShort(problem, LONGEST_NAME)}`,
      ]),
      this.#makeLastChange(picture),
      ...(isEmpty ? [make("p", { class: "empty" }, [this.#hint])] : []),
      ...(peers.length === 0 ? [] : [
        make("h3", {}, ["Peers"]),
        make("ul", { class: "peers" }, peers.map((peer) => makePeer(peer, last_change))),
      ]),
      ...(volumes.length === 0 ? [] : [
        make("h3", {}, ["Volumes"]),
        make("ul", { class: "volumes" }, volumes.map((volume) => makeVolume(volume, last_change))),
      ]),
    );
    this.#tellTime();
  }

  /** @param {ClusterPicture} picture */
  #makeLastChange({ last_change }) {
    if (last_change === null) return "";
    const { kind, name, what, changed_at } = last_change;
    return make("p", { class: "last-change" }, [
      make("span", { class: "label" }, ["Last change"]),
      make("span", {}, [
        `${kind} `,
        make("bdi", { class: "who" }, [toShort(name, LONGEST_NAME)]),
        " ",
        make("strong", {}, [toShort(what, LONGEST_NAME)]),
      ]),
      make("time", { datetime: changed_at }, [clockOf(changed_at), " ", this.#ago]),
    ]);
  }

  #tellTime() {
    const changed = this.#picture?.last_change?.changed_at;
    const time = changed === undefined ? NaN : Date.parse(changed);
    this.#ago.textContent = Number.isNaN(time) ? "" : `(${roughly(Date.now() - time)} ago)`;
  }
}

/** @param {ClusterPicture} picture */
function sumUp({ peers, volumes }) {
  const bricks = volumes.flatMap((volume) => volume.bricks);
  return [
    count(peers.length, "peer"),
    count(volumes.length, "volume"),
    count(bricks.length, "brick"),
  ]
    .join(", ");
}

/**
 * @param {number} number
 * @param {string} word
 */
function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/**
 * @param {Peer} peer
 * @param {ClusterPicture["last_change"]} change
 */
function makePeer(peer, change) {
  const isLast = isChanged(change, "peer", peer.name);
  return make("li", { class: `peer ${peer.state}${isLast ? " last" : ""}`, title: titleOf(peer) }, [
    makeState(peer.state),
    make("bdi", { class: "who" }, [toShort(peer.name, LONGEST_NAME)]),
    peer.detail !== "" && make("span", { class: "detail" }, [toShort(peer.detail, LONGEST_NAME)]),
    isLast && makeLastMark(),
  ]);
}

/**
 * @param {Volume} volume
 * @param {ClusterPicture["last_change"]} change
 */
function makeVolume(volume, change) {
  const { name, type, state, health, detail, bricks, faults = [] } = volume;
  const isLast = isChanged(change, "volume", name);
  const isOn = state === "started";
  const tone = isOn ? health : "off";
  return make("li", { class: `volume ${tone}${isLast ? " last" : ""}`, title: titleOf(volume) }, [
    make("header", {}, [
      make("h4", {}, [make("bdi", {}, [toShort(name, LONGEST_NAME)])]),
      type !== null && make("span", { class: "type" }, [toShort(type, LONGEST_NAME)]),
      isLast && makeLastMark(),
      make("span", { class: "run" }, [
        make("span", {}, [state === "unknown" ? "state unknown" : state]),
        isOn && makeState(health),
      ]),
    ]),
    detail !== "" && make("p", { class: "detail" }, [toShort(detail, LONGEST_NAME)]),
    faults.length > 0 && make("ul", { class: "faults" }, faults.map(makeFault)),
    bricks.length > 0 &&
    make("ul", { class: "bricks" }, bricks.map((brick) => makeBrick(brick, change))),
  ]);
}

/** @param {NonNullable<Volume["faults"]>[number]} fault */
function makeFault({ part, is_down, detail }) {
  return make("li", { class: is_down ? "down" : "degraded" }, [
    make("span", { class: "sign", "aria-hidden": "true" }, [SIGNS[is_down ? "down" : "degraded"]]),
    make("bdi", { class: "who" }, [toShort(part, LONGEST_NAME)]),
    make("bdi", {}, [toShort(detail, LONGEST_NAME)]),
  ]);
}

/**
 * @param {Brick} brick
 * @param {ClusterPicture["last_change"]} change
 */
function makeBrick(brick, change) {
  const isLast = isChanged(change, "brick", brick.name);
  return make("li", {
    class: `brick ${brick.state}${isLast ? " last" : ""}`,
    title: titleOf(brick),
  }, [
    makeState(brick.state),
    make("span", {}, [
      make("bdi", { class: "who" }, breakable(toShort(brick.name, LONGEST_NAME))),
      " ",
      isLast && makeLastMark(),
    ]),
    brick.detail !== "" && make("span", { class: "detail" }, [toShort(brick.detail, LONGEST_NAME)]),
  ]);
}

/**
 * A path that breaks between its parts rather than at hyphens.
 *
 * @param {string} path
 */
function breakable(path) {
  return path.split(/(?<=[:/])(?!\/)/).flatMap((part) => [part, make("wbr")]);
}

/** @param {keyof typeof SIGNS} state */
function makeState(state) {
  return makeLampWord([state, SIGNS[state], state]);
}

function makeLastMark() {
  return make("span", { class: "last-mark" }, ["last change"]);
}

/**
 * @param {ClusterPicture["last_change"]} change
 * @param {Kind} kind
 * @param {string} name
 */
function isChanged(change, kind, name) {
  return change !== null && change.kind === kind && change.name === name;
}

/** @param {{ name: string, detail: string, changed_at: string | null }} part */
function titleOf({ name, detail, changed_at }) {
  const since = changed_at === null ? "" : `since ${clockOf(changed_at)}`;
  return [toVisible(name), toVisible(detail), since].filter((part) => part !== "").join("\n");
}

/** @param {string} time */
function clockOf(time) {
  const at = Date.parse(time);
  return Number.isNaN(at) ? "" : clockTime(at).slice(0, 8);
}
