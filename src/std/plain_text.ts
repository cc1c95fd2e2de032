/**
 * Text for terminals and logs that comes from files, datagrams and receivers.
 *
 * @module
 */

// Control characters, line separators, and those that turn the direction of text around.
const INVISIBLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The text with control characters made visible: what an event says must not move the cursor,
 * change colours or break a row.
 */
export function toVisible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The value as JSON with such characters escaped; JSON itself escapes only the first 32. */
export function toPlainJson(value: unknown): string {
  return JSON.stringify(value).replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
