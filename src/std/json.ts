/**
 * JSON for terminals and logs.
 *
 * @module
 */

/**
 * The value as JSON in which no character moves a cursor or turns text around: JSON itself escapes
 * only the first 32.
 */
export function toPlainJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
