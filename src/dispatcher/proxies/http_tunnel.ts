/**
 * Asks an HTTP proxy for a connection (RFC 9110, 9.3.6).
 *
 * @module
 */
import { writeAll } from "../../std/files.ts";
import { formatHostPort } from "../../std/host_port.ts";
import type { Stream } from "./bridge.ts";
import { hideLogin } from "../hide_secrets.ts";
import {
  checkBeginning,
  type Head,
  isInterim,
  parseHead,
  ProtocolError,
} from "../http/http_head.ts";
import { type Destination, type Proxy, proxyAuthorization, showProxy } from "./proxy.ts";
import { ProxyError, refusing } from "./proxy_error.ts";

const LONGEST_HEAD = 16_384;

/**
 * Has the proxy connect to a receiver: afterwards the connection is one to that.
 *
 * @throws {ProxyError} If it does not.
 * @throws {Error} If the connection breaks.
 */
export async function openTunnel(
  connection: Stream,
  { proxy, destination }: { readonly proxy: Proxy; readonly destination: Destination },
): Promise<void> {
  const to = formatHostPort(destination);
  const authorization = proxyAuthorization(proxy);
  const login = authorization === undefined ? "" : `proxy-authorization: ${authorization}\r\n`;
  const bytes = new TextEncoder().encode(`CONNECT ${to} HTTP/1.1\r\nhost: ${to}\r\n${login}\r\n`);
  await writeAll(connection, bytes);
  const { status } = await readAnswer(connection, proxy);
  if (status < 200 || status > 299) throw refusing(proxy, { status, destination });
}

async function readAnswer(
  connection: Stream,
  proxy: Proxy,
): Promise<Head> {
  try {
    const { head, rest } = await readHead(connection, "");
    // A receiver with TLS does not speak first.
    if (head.status <= 299 && rest !== "") throw new ProtocolError("the answer has a body");
    return head;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { login } = proxy;
    const fault = login === undefined ? error.message : hideLogin(error.message, login);
    throw new ProxyError(`${showProxy(proxy)} is no HTTP proxy: ${fault}`, "tunnel");
  }
}

/** Reads the first head that is no interim one, and no more than comes along with it. */
async function readHead(
  connection: Stream,
  begun: string,
): Promise<{ head: Head; rest: string }> {
  const buffer = new Uint8Array(4096);
  let text = begun;
  for (;;) {
    const { index = -1, 0: end = "" } = /\r?\n\r?\n/.exec(text) ?? {};
    if (index !== -1) {
      const head = parseHead(`${text.slice(0, index)}\r\n`);
      const rest = text.slice(index + end.length);
      return isInterim(head) ? await readHead(connection, rest) : { head, rest };
    }
    if (text.length > LONGEST_HEAD) throw new ProtocolError("the answer's head does not end");
    const count = await connection.read(buffer);
    if (count === null) throw new Deno.errors.UnexpectedEof("it hung up");
    text += String.fromCharCode(...buffer.subarray(0, count));
    checkBeginning(text);
  }
}
