/**
 * Where a URL leads, and the bytes of a request to it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { DeliveryRequest } from "./delivery_request.ts";

/** What to connect to. */
export interface Origin {
  readonly isSecure: boolean;
  /** A name or an address, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Where requests to a URL go, and what their first lines are. */
export interface Target {
  readonly origin: Origin;
  /** The request line and the host. */
  readonly lines: string;
  /** The user and password of the URL as the value of `authorization`. */
  readonly basic?: string;
}

const encoder = new TextEncoder();

/** Reads the URL of a webhook. */
export function targetOf(url: string): Target {
  const { protocol, hostname, port, host, pathname, search, username, password } = new URL(url);
  const isSecure = protocol === "https:";
  const userInfo = Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64");
  return {
    origin: {
      isSecure,
      hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: port === "" ? (isSecure ? 443 : 80) : Number(port),
    },
    lines: `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\n`,
    ...(username + password === "" ? {} : { basic: `Basic ${userInfo}` }),
  };
}

/** The bytes of a POST (RFC 9112, 3 and 5). */
export function encodeRequest(
  { lines, basic }: Target,
  { headers, body }: Pick<DeliveryRequest, "headers" | "body">,
): Uint8Array {
  let head = lines;
  let hasAuthorization = basic === undefined;
  let hasAccept = false;
  for (const name in headers) {
    head += `${name}: ${headers[name]}\r\n`;
    hasAuthorization ||= /^authorization$/i.test(name);
    hasAccept ||= /^accept$/i.test(name);
  }
  if (!hasAuthorization) head += `authorization: ${basic}\r\n`;
  if (!hasAccept) head += "accept: */*\r\n";
  // Most payloads are ASCII, and then the text is as long as its bytes.
  const payload = encoder.encode(body);
  head += `content-length: ${payload.length}\r\n\r\n`;
  const bytes = new Uint8Array(head.length + payload.length);
  writeLatin1(head, bytes);
  bytes.set(payload, head.length);
  return bytes;
}

/** Header values hold bytes, each as the character of its number. */
function writeLatin1(text: string, bytes: Uint8Array): void {
  const { read } = encoder.encodeInto(text, bytes);
  if (read === text.length && isAscii(text)) return;
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
}

function isAscii(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /^[\x00-\x7f]*$/.test(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing stands for itself.
    return text;
  }
}
