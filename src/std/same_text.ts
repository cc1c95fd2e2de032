/**
 * Comparing secrets.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

/** Of a length that does not tell that of the text, as the comparison needs it. */
function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
