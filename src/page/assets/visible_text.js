// @ts-check
/**
 * Text from outside, made fit to be looked at.
 *
 * @module
 */

/** Control characters, line separators, and those that turn the direction of text around. */
const INVISIBLE =
  /[\p{Cc}\u061c\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/**
 * The text with characters made visible that would hide what it says.
 *
 * @param {string} text
 * @returns {string}
 */
export function toVisible(text) {
  return text.replace(INVISIBLE, escapeCharacter);
}

/**
 * As `toVisible`, but lines and tabs stay.
 *
 * @param {string} text
 * @returns {string}
 */
export function toVisibleLines(text) {
  return text.replace(
    INVISIBLE,
    (character) =>
      character === "\n" || character === "\t" ? character : escapeCharacter(character),
  );
}

/**
 * At most so many characters of a text, made visible; three dots stand for the rest.
 *
 * @param {string} text
 * @param {number} most
 * @returns {string}
 */
export function toShort(text, most) {
  if (text.length <= most) return toVisible(text);
  // A pair of surrogates is one character.
  const end = /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return `${toVisible(text.slice(0, end))}…`;
}

/** @param {string} character */
function escapeCharacter(character) {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
