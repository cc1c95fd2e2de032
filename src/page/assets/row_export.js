// @ts-check
/**
 * Lines of the table as a file.
 *
 * @module
 */

/**
 * One JSON object per line, oldest first; notices are left out.
 *
 * @param {readonly (import("./page_types.js").Row | import("./page_types.js").Notice)[]} entries
 * @returns {string}
 */
export function toNdjson(entries) {
  return entries
    .flatMap((entry) => "notice" in entry ? [] : [`${JSON.stringify(entry.payload)}\n`])
    .join("");
}

/**
 * A name for the file that sorts by time.
 *
 * @param {Date} now
 * @returns {string}
 */
export function exportName(now) {
  return `gluster-events-${now.toISOString().slice(0, 19).replaceAll(":", "")}Z.ndjson`;
}
