// @ts-check
/// <reference lib="dom" />
/**
 * Where the events of a daemon go on: first what its history has, then behind the last event that
 * the page got, also after the connection was lost or somebody had to log in anew.
 *
 * @module
 */
import { askServer } from "./ask_server.js";

/** @typedef {import("./daemon_rows.js").DaemonEvent} DaemonEvent */

/** So many events of this node are fetched first. */
const MOST_BEFORE = 500;
/** Of the other nodes, those of so long ago: there may be many more than of this one. */
const LONGEST_BEFORE_MS = 60 * 60 * 1000;

export class DaemonPlace {
  /** As the stream names it; empty before the first event. */
  #position = "";
  /** @type {"node" | "cluster" | undefined} */
  #scope;
  #hasClusterStream;
  #since = "";

  /** @param {boolean} hasClusterStream Whether the events of other nodes can be followed. */
  constructor(hasClusterStream) {
    this.#hasClusterStream = hasClusterStream;
  }

  /** Whether the events of all nodes are followed. */
  get isOfCluster() {
    return this.#scope === "cluster";
  }

  /** @param {string} position Behind the event that came last. */
  moveTo(position) {
    if (position !== "") this.#position = position;
  }

  /**
   * The address of the stream from here on.
   *
   * @param {{ started_at?: string }} page
   * @param {(events: readonly DaemonEvent[]) => void} takeOld Gets what is fetched the first time.
   * @returns {Promise<string>}
   */
  async begin(page, takeOld) {
    if (this.#since === "") {
      /** @type {DaemonEvent[]} */
      const events = await askServer(`/v1/history?limit=${MOST_BEFORE}`);
      takeOld(events);
      this.#since = events[0]?.received_at ?? page.started_at ?? "";
    }
    this.#scope ??= await this.#findScope();
    const query = new URLSearchParams();
    if (this.#scope === "cluster") query.set("scope", "cluster");
    const since = this.#position || this.#firstSince();
    if (since !== "") query.set("since", since);
    return `/v1/events?${query}`;
  }

  #firstSince() {
    if (this.#scope !== "cluster") return this.#since;
    const oldest = Date.now() - LONGEST_BEFORE_MS;
    return Date.parse(this.#since) > oldest ? this.#since : new Date(oldest).toISOString();
  }

  /** @returns {Promise<"node" | "cluster">} */
  async #findScope() {
    if (!this.#hasClusterStream) return "node";
    const { peers } = await askServer("/v1/cluster");
    return peers.length < 2 ? "node" : "cluster";
  }
}
