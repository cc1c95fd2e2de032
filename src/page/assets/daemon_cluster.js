// @ts-check
/// <reference lib="dom" />
/**
 * The cluster as the daemon knows it: asked for when events say that it has changed, and as long as
 * the daemon itself says that there is more to know.
 *
 * @module
 */
import { askServer, LoginNeededError } from "./ask_server.js";

/** Events that change the cluster, or show that it has changed. */
const CHANGING = /^(?:PEER|VOLUME|BRICK|SVC|AFR|EC|QUORUM|CLIENT_QUORUM|POSIX|SNAPSHOT|UNKNOWN)_/;
/** The first event is asked for at once; what comes in the same moment waits for so long. */
const APART_MS = 100;
/** Costs little: the daemon asks glusterd at most once a second. */
const UNCONFIRMED_MS = 400;
const PROBLEM_MS = 3000;

export class DaemonCluster {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** When it is asked, milliseconds since 1970; 0 if not. */
  #dueAt = 0;
  #isAsking = false;
  /** When it was asked last, and whether something has happened since. */
  #askedAt = 0;
  #isBehind = false;
  #isStopped = true;
  /** @type {import("./page_types.js").PageSink | undefined} */
  #sink;
  #onVisible = () => this.#wait(0);

  /** @param {import("./page_types.js").PageSink} sink */
  start(sink) {
    this.#sink = sink;
    this.#isStopped = false;
    document.addEventListener("visibilitychange", this.#onVisible);
    this.#wait(0);
  }

  stop() {
    this.#isStopped = true;
    this.#dueAt = 0;
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#onVisible);
  }

  /** @param {string} event */
  noteEvent(event) {
    if (!CHANGING.test(event)) return;
    // What has happened since may be missing from the answer that is on its way.
    if (this.#isAsking) this.#isBehind = true;
    else this.#askSoon();
  }

  #askSoon() {
    this.#wait(Math.max(0, this.#askedAt + APART_MS - Date.now()));
  }

  /** The connection was lost meanwhile. */
  refresh() {
    this.#wait(0);
  }

  /** @param {number} ms */
  #wait(ms) {
    const at = Date.now() + ms;
    if (this.#dueAt !== 0 && this.#dueAt <= at) return;
    clearTimeout(this.#timer);
    if (this.#isStopped || document.hidden) return;
    this.#dueAt = at;
    this.#timer = setTimeout(() => this.#ask(), ms);
  }

  async #ask() {
    this.#dueAt = 0;
    if (this.#isAsking) {
      this.#isBehind = true;
      return;
    }
    this.#isAsking = true;
    this.#isBehind = false;
    this.#askedAt = Date.now();
    try {
      const picture = await askServer("/v1/cluster");
      if (this.#isStopped) return;
      this.#sink?.showCluster(picture);
      if (picture.problem !== null) this.#wait(PROBLEM_MS);
      else if (!picture.confirmed) this.#wait(UNCONFIRMED_MS);
    } catch (error) {
      if (this.#isStopped) return;
      if (error instanceof LoginNeededError) this.#sink?.askLogin();
      else this.#wait(PROBLEM_MS);
    } finally {
      this.#isAsking = false;
      if (this.#isBehind) this.#askSoon();
    }
  }
}
