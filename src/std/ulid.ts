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

/** When a ULID was made, in milliseconds since 1970. @throws {RangeError} If it is none. */
export function ulidTimeMs(ulid: string): number {
  return decodeTime(ulid);
}
