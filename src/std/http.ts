/**
 * The door to `@std/http`.
 *
 * @module
 */
// @ts-types="./http.d.ts"
import { STATUS_TEXT } from "@std/http/status";

/** A status code with its name, for example `503 Service Unavailable`. */
export function statusLine(status: number): string {
  const name = STATUS_TEXT[status];
  return name === undefined ? String(status) : `${status} ${name}`;
}
