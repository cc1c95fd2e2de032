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

/** A part of a URL as it was before it was encoded. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing stands for itself.
    return text;
  }
}
