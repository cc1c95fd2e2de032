/**
 * The user and the password of a URL.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** The value of `authorization` or `proxy-authorization` (RFC 7617), in UTF-8. */
export function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** A part of a URL as it was before it was encoded; a percent sign that encodes nothing stays. */
export function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
