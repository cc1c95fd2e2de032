// @ts-check
/**
 * The lines of the table that are in memory: only the newest, each once.
 *
 * @module
 */

/** @typedef {import("./page_types.js").Row} Row */
/** @typedef {import("./page_types.js").Notice} Notice */
/** @typedef {Row | Notice} Entry */

export class RowStore {
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Entry[]} */
  #waiting = [];
  /** @type {Set<string>} */
  #keys = new Set();
  #most;
  #isPaused = false;
  #received = 0;
  #held = 0;

  /** @param {number} most How many are kept; of those that wait during a pause too. */
  constructor(most) {
    this.#most = most;
  }

  /**
   * Those that are shown, oldest first.
   *
   * @returns {readonly Entry[]}
   */
  get entries() {
    return this.#entries;
  }

  /** How many events came, with those that are kept no more. */
  get received() {
    return this.#received;
  }

  /** How many events came since the pause began. */
  get held() {
    return this.#held;
  }

  get isPaused() {
    return this.#isPaused;
  }

  /**
   * Takes what came, oldest first.
   *
   * @param {readonly Entry[]} entries
   * @returns {Entry[]} Those that were not there yet.
   */
  add(entries) {
    const fresh = entries.filter(({ key }) => {
      if (this.#keys.has(key)) return false;
      this.#keys.add(key);
      return true;
    });
    const events = fresh.filter((entry) => !("notice" in entry)).length;
    this.#received += events;
    if (this.#isPaused) {
      this.#held += events;
      this.#waiting = this.#cut(this.#waiting.concat(fresh));
    } else {
      this.#entries = this.#cut(this.#entries.concat(fresh));
    }
    return fresh;
  }

  /**
   * Puts these in the place of those with the same keys.
   *
   * @param {readonly Row[]} rows
   */
  change(rows) {
    const changed = new Map(
      rows.filter(({ key }) => this.#keys.has(key)).map((row) => [row.key, row]),
    );
    if (changed.size === 0) return;
    this.#entries = this.#entries.map((entry) => changed.get(entry.key) ?? entry);
    this.#waiting = this.#waiting.map((entry) => changed.get(entry.key) ?? entry);
  }

  /** What comes from now on waits. */
  pause() {
    this.#isPaused = true;
  }

  /** Shows what waited. */
  resume() {
    this.#isPaused = false;
    this.#entries = this.#cut(this.#entries.concat(this.#waiting));
    this.#waiting = [];
    this.#held = 0;
  }

  /** Forgets what is shown and what waits. */
  clear() {
    for (const { key } of [...this.#entries, ...this.#waiting]) this.#keys.delete(key);
    this.#entries = [];
    this.#waiting = [];
    this.#held = 0;
  }

  /** @param {Entry[]} entries */
  #cut(entries) {
    const tooMany = entries.length - this.#most;
    if (tooMany <= 0) return entries;
    for (const { key } of entries.slice(0, tooMany)) this.#keys.delete(key);
    return entries.slice(tooMany);
  }
}
