/**
 * Opens connections to receivers.
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import type { Socket } from "node:net";
import { connectAny, type ConnectTarget, LookupError } from "./connect_any.ts";
import type { ByteStream, ConnectionCutter } from "./connection_cutter.ts";
import type { Origin } from "./http_request.ts";
import { connectNodeSocket } from "../tls/node_socket.ts";
import { openNodeTls } from "../tls/open_node_tls.ts";
import type { ServerPin } from "../tls/server_pin.ts";
import type { TlsMaterial } from "../tls/tls_material.ts";
import type { Stage } from "../verdict.ts";

/** What opens connections; tests have their own. */
export interface Network {
  /** All addresses of a name, the preferred ones first. */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
  readonly connect: (target: ConnectTarget) => Promise<Deno.TcpConn>;
  /** The same as a socket of Node, for what only Node's TLS can do. */
  readonly connectSocket: (target: ConnectTarget) => Promise<Socket>;
}

// What getaddrinfo says, in words.
const LOOKUP_REASONS = new Map([
  ["ENOTFOUND", undefined],
  ["EAI_AGAIN", "the name server does not answer"],
]);

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "";
}

/** How a receiver is known, and what it is shown, beside what goes for all. */
export interface Security extends Partial<TlsMaterial> {
  /** The only certificate that is taken, whatever name is in it. */
  readonly pin?: ServerPin;
}

/** What a connection is opened with. */
export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly network: Network;
  readonly cutter: ConnectionCutter;
  /** As usual if absent. */
  readonly security?: Security;
  /** Told what is waited for next. */
  readonly onStage?: (stage: Stage) => void;
}

/** The machine's network. */
export const systemNetwork: Network = {
  resolve: async (hostname) => {
    try {
      const found = await lookup(hostname, { all: true, verbatim: true });
      return found.map(({ address }) => address);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const code = codeOf(error);
      throw new LookupError(
        hostname,
        LOOKUP_REASONS.has(code) ? LOOKUP_REASONS.get(code) : error.message,
      );
    }
  },
  connect: (target) => Deno.connect(target),
  connectSocket: connectNodeSocket,
};

/**
 * Connects, and agrees on encryption where the origin wants it.
 *
 * @throws {PinMismatchError} If the receiver is another one than the pin says.
 * @throws The signal's reason, or why it is not possible.
 */
export async function openConnection(origin: Origin, options: OpenOptions): Promise<ByteStream> {
  const { security: { client, pin } = {} } = options;
  // Deno's own TLS costs less, and shows no certificate.
  return origin.isSecure && (client !== undefined || pin !== undefined)
    ? await openNodeTls(origin, options)
    : await openDenoConnection(origin, options);
}

async function openDenoConnection(
  origin: Origin,
  { signal, network, cutter, security, onStage = () => {} }: OpenOptions,
): Promise<Deno.Conn<Deno.NetAddr>> {
  const { resolve, connect } = network;
  const close = (late: Deno.TcpConn) => late.close();
  const connection = await connectAny(origin, { signal, resolve, connect, close, onStage });
  const { localAddr, remoteAddr } = connection;
  let open: Deno.TcpConn | Deno.TlsConn = connection;
  let isCut = false;
  const cut = () => {
    if (!isCut) cutter.cut(open, { localAddr, remoteAddr });
    isCut = true;
  };
  signal.addEventListener("abort", cut);
  try {
    signal.throwIfAborted();
    connection.setNoDelay(true);
    if (!origin.isSecure) return open;
    onStage("tls");
    const { hostname } = origin;
    const caCerts = [...security?.caCerts ?? []];
    const alpnProtocols = ["http/1.1"];
    const secured = await Deno.startTls(connection, { hostname, caCerts, alpnProtocols });
    open = secured;
    signal.throwIfAborted();
    await secured.handshake();
    return open;
  } catch (error) {
    cut();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", cut);
  }
}
