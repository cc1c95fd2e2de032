/**
 * The door to `@std/ulid`.
 *
 * @module
 */
// @ts-types="./ulid.d.ts"
import { decodeTime, monotonicUlid } from "@std/ulid";

/** A new ULID that sorts behind all that this process made before it. */
export function newUlid(nowMs: number): string {
  return monotonicUlid(nowMs);
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Whether a text is a ULID as this process makes them. */
export function isUlid(text: string): boolean {
  return ULID.test(text);
}

/** The letters of a ULID; its first ten are the milliseconds since 1970. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_LETTERS = 10;
const NOTHING = "0".repeat(16);

/** What sorts before all ULIDs that are made at that time or later, and stands for none of them. */
export function ulidBefore(timeMs: number): string {
  let text = "";
  for (let left = timeMs; text.length < TIME_LETTERS; left = Math.floor(left / LETTERS.length)) {
    text = LETTERS.charAt(left % LETTERS.length) + text;
  }
  return text + NOTHING;
}

/** Whether it stands for a time only. */
export function isOnlyTime(ulid: string): boolean {
  return ulid.endsWith(NOTHING);
}

/** When a ULID was made, in milliseconds since 1970. @throws {RangeError} If it is none. */
export function ulidTimeMs(ulid: string): number {
  return decodeTime(ulid);
}
