/**
 * Where a URL leads, and the bytes of a request to it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { withoutBrackets } from "../../std/host_port.ts";
import { basicAuth, decodePercent } from "../basic_auth.ts";
import type { DeliveryRequest } from "../delivery_request.ts";
import { isForwarding, type Proxy, proxyAuthorization } from "../proxies/proxy.ts";

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
  /** What leads there; nothing but the network if absent. */
  readonly proxy?: Proxy;
}

const encoder = new TextEncoder();

/**
 * Reads the URL of a webhook.
 *
 * @param proxy What its requests go through, if they do: it may be sent the request itself, and
 *   then has to know where it belongs (RFC 9112, 3.2.2).
 */
export function targetOf(url: string, proxy?: Proxy): Target {
  const { protocol, hostname, port, host, pathname, search, username, password, href } = new URL(
    url,
  );
  // An empty query is one (RFC 3986, 3.4), and the parser does not tell it from none.
  const query = href.endsWith("?") ? "?" : search;
  const isSecure = protocol === "https:";
  const isForwarded = proxy !== undefined && isForwarding(proxy, isSecure);
  const origin = isForwarded ? `${protocol}//${host}` : "";
  const authorization = isForwarded ? proxyAuthorization(proxy) : undefined;
  const login = authorization === undefined ? "" : `proxy-authorization: ${authorization}\r\n`;
  const basic = basicAuth(decodePercent(username), decodePercent(password));
  return {
    origin: {
      isSecure,
      hostname: withoutBrackets(hostname),
      port: port === "" ? (isSecure ? 443 : 80) : Number(port),
    },
    lines: `POST ${origin}${pathname}${query} HTTP/1.1\r\nhost: ${host}\r\n${login}`,
    ...(username + password === "" ? {} : { basic }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

/** What a request takes at first; more if it needs more. */
const ROOM_BYTES = 2048;

/** Encodes requests one after the other, in the same memory. */
export class RequestEncoder {
  #room = new Uint8Array(ROOM_BYTES);

  /** The bytes of a POST (RFC 9112, 3 and 5), good until the next one is encoded. */
  encode(target: Target, request: Pick<DeliveryRequest, "headers" | "body">): Uint8Array {
    const { body } = request;
    const byteLength = lengthOf(body);
    const head = headOf(target, request.headers, byteLength);
    const length = head.length + byteLength;
    // A large one does not keep its room for ever.
    if (length > this.#room.length || this.#room.length > 64 * ROOM_BYTES) {
      this.#room = new Uint8Array(Math.max(length, ROOM_BYTES));
    }
    writeLatin1(head, this.#room);
    encoder.encodeInto(body, this.#room.subarray(head.length));
    return this.#room.subarray(0, length);
  }
}

function headOf(
  { lines, basic }: Target,
  headers: DeliveryRequest["headers"],
  byteLength: number,
): string {
  let head = lines;
  let hasAuthorization = basic === undefined;
  let hasAccept = false;
  for (const name in headers) {
    head += `${name}: ${headers[name]}\r\n`;
    hasAuthorization ||= name === "authorization";
    hasAccept ||= /^accept$/i.test(name);
  }
  if (!hasAuthorization) head += `authorization: ${basic}\r\n`;
  if (!hasAccept) head += "accept: */*\r\n";
  return `${head}content-length: ${byteLength}\r\n\r\n`;
}

/** How many bytes a text has as UTF-8. */
function lengthOf(text: string): number {
  return isAscii(text) ? text.length : Buffer.byteLength(text);
}

/** Header values hold bytes, each as the character of its number. */
function writeLatin1(text: string, bytes: Uint8Array): void {
  if (isAscii(text)) {
    encoder.encodeInto(text, bytes);
    return;
  }
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
}

function isAscii(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /^[\x00-\x7f]*$/.test(text);
}
