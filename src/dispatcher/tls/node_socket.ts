/**
 * TCP connections as sockets of Node, since only Node's TLS can show a certificate of its own.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import type { ConnectTarget } from "../http/connect_any.ts";
import type { ConnectionEnds } from "../http/connection_cutter.ts";

/** What Deno's sockets say, by the code that Node's have for it. */
const REASONS = new Map([
  ["ECONNREFUSED", "Connection refused"],
  ["ECONNRESET", "Connection reset by peer"],
  ["EPIPE", "Broken pipe"],
  ["EHOSTUNREACH", "No route to host"],
  ["ENETUNREACH", "Network is unreachable"],
  ["ETIMEDOUT", "Connection timed out"],
  // What a handshake says that finds its connection gone.
  ["UNKNOWN", "unexpected end of the connection"],
]);

/** An error of Node's sockets in the words that Deno's sockets have for it. */
export function inPlainWords(error: Error): Error {
  const reason = "code" in error ? REASONS.get(String(error.code)) : undefined;
  return reason === undefined ? error : new Error(reason, { cause: error });
}

/**
 * Connects to an address.
 *
 * @throws The signal's reason, or why it is not possible.
 */
export async function connectNodeSocket(
  { hostname, port, signal }: ConnectTarget,
): Promise<Socket> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host: hostname, port });
  // Deno begins to read as soon as it is connected otherwise, and TLS waits for those bytes for ever.
  socket.pause();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  // It stays: an error that nobody listens for would end the process.
  socket.on("error", (error) => reject(inPlainWords(error)));
  socket.once("connect", () => resolve(socket));
  try {
    return await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** The ends of a connected socket. */
export function endsOf(socket: Socket): ConnectionEnds {
  const { localAddress = "", localPort = 0, remoteAddress = "", remotePort = 0 } = socket;
  return {
    localAddr: { transport: "tcp", hostname: localAddress, port: localPort },
    remoteAddr: { transport: "tcp", hostname: remoteAddress, port: remotePort },
  };
}
