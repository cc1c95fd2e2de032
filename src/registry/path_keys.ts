/**
 * Keys in the path of a URL. Slack, Mattermost, Discord, Teams, PagerDuty and others let everybody
 * post who knows the path.
 *
 * @module
 */

const MASK = "***";
/** In characters: shorter keys can be guessed, and are taken for words. */
const SHORTEST_KEY = 16;
/** How many characters of a key may look like words by chance. */
const MOST_IN_WORDS = 6;
const LONGEST_NUMBER = 13;
const PIECE = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g;
const SHORTEST_PIECE = 4;
const VOWEL_SHARE = 0.3;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** A path with `***` in place of each segment that looks like a key. */
export function maskPath(path: string): string {
  return path.split("/").map((segment) => looksLikeKey(segment) ? MASK : segment).join("/");
}

/** The segments of a path that look like keys. */
export function keysOfPath(path: string): string[] {
  return path.split("/").filter(looksLikeKey);
}

/**
 * Whether a segment of a path, encoded or not, looks like a key: it has at least 16 characters,
 * and at least 10 of them stand in no word that a person would write. The words of a segment are
 * its runs of ASCII letters and digits, and a person writes
 *
 * - numbers of up to 13 digits, such as a time in milliseconds;
 * - letters with up to 8 digits in front or behind (`cluster2`, `20261126backup`), and in these
 *   letters at least 4 per change of their case (`incomingWebhook`), and where they are 16 or more
 *   at least three vowels in ten.
 *
 * Whatever mixes letters and digits in another way is no word. A segment with a UUID is a key
 * whatever it spells. So the tokens of Slack, Mattermost and Discord, UUIDs, digests in hex and
 * base64 are keys, and `storage-team-notifications` is none. A key that is made of words, or is shorter, cannot be told from a name.
 */
export function looksLikeKey(segment: string): boolean {
  const text = decode(segment);
  if (UUID.test(text)) return true;
  if (text.length < SHORTEST_KEY) return false;
  const words = text.match(/[A-Za-z0-9]+/g) ?? [];
  const odd = words.filter((word) => !isReadable(word)).join("").length;
  return odd >= SHORTEST_KEY - MOST_IN_WORDS;
}

function isReadable(word: string): boolean {
  if (/^\d+$/.test(word)) return word.length <= LONGEST_NUMBER;
  const [, letters = ""] = /^\d{0,8}([A-Za-z]+)\d{0,8}$/.exec(word) ?? [];
  const pieces = letters.match(PIECE) ?? [];
  if (letters === "" || letters.length / pieces.length < SHORTEST_PIECE) {
    return pieces.length === 1;
  }
  if (letters.length < SHORTEST_KEY) return true;
  return letters.replace(/[^aeiouy]/gi, "").length >= letters.length * VOWEL_SHARE;
}

/** As it was before it was encoded, if it is encoded well. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
