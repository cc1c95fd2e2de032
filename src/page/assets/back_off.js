// @ts-check
/**
 * How long to wait before a server is asked again.
 *
 * @module
 */

const FIRST_MS = 500;
const LONGEST_MS = 5000;

/**
 * Twice as long each time, up to 5 s.
 *
 * @param {number} failures How often it failed by now; 1 or more.
 * @returns {number} Milliseconds.
 */
export function backOffMs(failures) {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}
