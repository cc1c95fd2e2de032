// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The title tells what came while nobody looked.
 *
 * @module
 */

/**
 * The title with what came.
 *
 * @param {string} title
 * @param {{ critical: number, alert: number }} missed
 * @returns {string}
 */
export function titleOf(title, { critical, alert }) {
  const parts = [];
  if (critical > 0) parts.push(`${critical} critical`);
  if (alert > 0) parts.push(`${alert} ${alert === 1 ? "alert" : "alerts"}`);
  return parts.length === 0 ? title : `(${parts.join(", ")}) ${title}`;
}

/** Counts while the tab is hidden. */
export class TitleCounter {
  #title;
  #missed = { critical: 0, alert: 0 };

  /** @param {string} title */
  constructor(title) {
    this.#title = title;
    document.title = title;
    document.addEventListener("visibilitychange", () => {
      this.#missed = { critical: 0, alert: 0 };
      document.title = this.#title;
    });
  }

  /** @param {readonly (import("./page_types.js").Row | import("./page_types.js").Notice)[]} entries */
  count(entries) {
    if (!document.hidden) return;
    for (const entry of entries) {
      if ("notice" in entry) continue;
      if (entry.severity === "critical") this.#missed.critical++;
      if (entry.severity === "alert") this.#missed.alert++;
    }
    document.title = titleOf(this.#title, this.#missed);
  }
}
