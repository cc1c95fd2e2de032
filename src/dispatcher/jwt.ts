/**
 * The token that upstream makes from a webhook's secret: a JWT signed with HMAC and SHA-256.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

/** How long a receiver may take a token for valid. */
const VALID_SECONDS = 60;

const HEADER = base64url('{"alg":"HS256","typ":"JWT"}');

/** Where a token is found in a text, whole or cut off. */
export const JWT_PATTERN: RegExp = new RegExp(`${HEADER}\\.[\\w-]*(?:\\.[\\w-]*)?`, "g");

/** What a token is about. */
export interface JwtSubject {
  /** The event's name. */
  readonly event: string;
  /** When it happened, in seconds since 1970. */
  readonly ts: number;
  /** When the request is made, in milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * A token for one request. It says nothing of the body.
 *
 * @returns Three parts in base64url, with dots between them.
 */
export function makeJwt(secret: string, { event, ts, atMs }: JwtSubject): string {
  const exp = Math.floor(atMs / 1000) + VALID_SECONDS;
  const claims = JSON.stringify({ exp, iat: ts, iss: "gluster", sub: event });
  const signed = `${HEADER}.${base64url(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
