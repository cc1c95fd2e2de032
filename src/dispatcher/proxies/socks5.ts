/**
 * Asks a SOCKS proxy for a connection (RFC 1928, and RFC 1929 for the password).
 *
 * @module
 */
import { isIP } from "node:net";
import { ipv6Bytes } from "../../registry/network.ts";
import { writeAll } from "../../std/files.ts";
import { formatHostPort } from "../../std/host_port.ts";
import type { Stream } from "./bridge.ts";
import { type Destination, type Proxy, type ProxyLogin, showProxy } from "./proxy.ts";
import { ProxyError, unwelcome } from "./proxy_error.ts";

const VERSION = 5;
const LOGIN_VERSION = 1;
const NO_LOGIN = 0;
const WITH_PASSWORD = 2;
const NOTHING_FITS = 0xff;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;
/** The receiver refuses the proxy's connection. */
const REFUSED = 5;
/** A length is one byte. */
const LONGEST_TEXT = 255;

const REPLIES: readonly string[] = [
  "it is done",
  "it fails",
  "its rules forbid it",
  "the network is unreachable",
  "the host is unreachable",
  "the connection was refused",
  "the way is too long",
  "it cannot do that",
  "it does not know such addresses",
];

/**
 * Has the proxy connect to a receiver: afterwards the connection is one to that.
 *
 * @throws {ProxyError} If it does not.
 * @throws {Error} If the connection breaks.
 */
export async function openSocks(
  connection: Stream,
  { proxy, destination }: { readonly proxy: Proxy; readonly destination: Destination },
): Promise<void> {
  const link = new Link(connection, proxy);
  const methods = proxy.login === undefined ? [NO_LOGIN] : [NO_LOGIN, WITH_PASSWORD];
  await link.write([VERSION, methods.length, ...methods]);
  const [version = 0, method = NOTHING_FITS] = await link.read(2);
  link.check(version);
  if (method === WITH_PASSWORD && proxy.login !== undefined) await logIn(link, proxy.login);
  else if (method !== NO_LOGIN) throw unwelcome(proxy, "it offers no other way");
  const { hostname, port } = destination;
  await link.write([VERSION, CONNECT, 0, ...link.addressOf(hostname), port >> 8, port & 255]);
  const [again = 0, reply = 1, , kind = 0] = await link.read(4);
  link.check(again);
  if (reply !== 0) {
    const reason = REPLIES[reply] ?? `it says ${reply}`;
    const message = `${showProxy(proxy)} does not connect to ${
      formatHostPort(destination)
    }: ${reason}`;
    throw new ProxyError(message, "tunnel", reply === REFUSED ? "refused" : "network");
  }
  // The address that it connects from, and its port.
  const [length = 0] = kind === NAME ? await link.read(1) : [kind === IPV6 ? 16 : 4];
  await link.read(length + 2);
}

async function logIn(link: Link, { user, password }: ProxyLogin): Promise<void> {
  const [name, word] = [user, password].map((text) => new TextEncoder().encode(text));
  if (name === undefined || word === undefined) return;
  if (Math.max(name.length, word.length) > LONGEST_TEXT) {
    throw unwelcome(link.proxy, `they have at most ${LONGEST_TEXT} bytes`);
  }
  await link.write([LOGIN_VERSION, name.length, ...name, word.length, ...word]);
  const [, status = 1] = await link.read(2);
  if (status !== 0) throw unwelcome(link.proxy, "it refuses them");
}

/** The connection to the proxy, read by numbers of bytes: what follows is the receiver's. */
class Link {
  readonly proxy: Proxy;
  readonly #connection: Stream;

  constructor(connection: Stream, proxy: Proxy) {
    this.#connection = connection;
    this.proxy = proxy;
  }

  async write(numbers: readonly number[]): Promise<void> {
    await writeAll(this.#connection, Uint8Array.from(numbers));
  }

  async read(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const count = await this.#connection.read(bytes.subarray(at));
      if (count === null) throw new Deno.errors.UnexpectedEof("it said too little");
      at += count;
    }
    return bytes;
  }

  check(version: number): void {
    if (version === VERSION) return;
    throw new ProxyError(`${showProxy(this.proxy)} is no SOCKS5 proxy`, "tunnel");
  }

  /** The kind of an address, and its bytes. */
  addressOf(hostname: string): number[] {
    const version = isIP(hostname);
    if (version === 4) return [IPV4, ...hostname.split(".").map(Number)];
    if (version === 6) return [IPV6, ...ipv6Bytes(hostname)];
    // The URL parser leaves nothing but ASCII.
    const bytes = new TextEncoder().encode(hostname);
    if (bytes.length > LONGEST_TEXT) {
      throw new ProxyError(`${showProxy(this.proxy)} takes no name as long as this`, "tunnel");
    }
    return [NAME, bytes.length, ...bytes];
  }
}
