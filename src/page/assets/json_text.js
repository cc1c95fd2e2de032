// @ts-check
/**
 * JSON to be looked at.
 *
 * @module
 */

/** The indentation of deeper values would take longer to write than anybody waits, or fail. */
const DEEPEST = 100;

/**
 * A value as JSON on lines of its own; on one line if it is nested more deeply than anybody reads.
 *
 * @param {unknown} value
 * @returns {string} Empty for `undefined`.
 */
export function layOut(value) {
  const text = JSON.stringify(value) ?? "";
  return depthOf(text) > DEEPEST ? text : JSON.stringify(value, null, 2) ?? "";
}

/** How deeply JSON is nested. @param {string} json */
function depthOf(json) {
  let [depth, deepest] = [0, 0];
  for (const bracket of json.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/[[\]{}]/g) ?? []) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
