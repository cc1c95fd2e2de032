/**
 * The door to `@std/ulid`.
 *
 * @module
 */
// @ts-types="./ulid.d.ts"
import { monotonicUlid } from "@std/ulid";

/** A new ULID that sorts behind all that this process made before it. */
export function newUlid(nowMs: number): string {
  return monotonicUlid(nowMs);
}
