/**
 * The door to `@std/text`.
 *
 * @module
 */
// @ts-types="./text.d.ts"
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** The word most like the given one, if any is like it enough to have been meant. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  // Two swapped letters are two steps apart.
  const limit = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of words) {
    const distance = levenshteinDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
