/**
 * Sends a datagram as Gluster's processes do.
 *
 * @module
 */
import { formatListenAddress, type ListenAddress } from "../listener/listen_address.ts";
import { CommandError } from "./command.ts";
import { EXIT } from "./exit_codes.ts";

/**
 * Sends a text to a UDP address.
 *
 * @throws {CommandError} If the machine refuses to send it.
 */
export async function sendDatagram(text: string, to: ListenAddress): Promise<void> {
  try {
    using socket = openSender(to);
    await socket.send(new TextEncoder().encode(text), { transport: "udp", ...to });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      EXIT.failed,
      `Cannot send to UDP ${formatListenAddress(to)}: ${reason}`,
      /too long/i.test(reason)
        ? "a datagram holds at most 65,507 bytes: make the event shorter"
        : "name another address with --to",
      { cause: error },
    );
  }
}

/** Where a local sender reaches a socket that is bound to this address. */
export function toReachable({ hostname, port }: ListenAddress): ListenAddress {
  if (hostname === "::") return { hostname: loopback(), port };
  return hostname === "0.0.0.0" ? { hostname: "127.0.0.1", port } : { hostname, port };
}

/** This machine's address for itself: as for Gluster, `::1` where there is IPv6. */
export function loopback(): string {
  try {
    Deno.listenDatagram({ transport: "udp", hostname: "::1", port: 0 }).close();
    return "::1";
  } catch (error) {
    if (error instanceof Error) return "127.0.0.1";
    throw error;
  }
}

function openSender({ hostname }: ListenAddress): Deno.DatagramConn & Disposable {
  const from = hostname.includes(":") ? "::" : "0.0.0.0";
  const socket = Deno.listenDatagram({ transport: "udp", hostname: from, port: 0 });
  return Object.assign(socket, { [Symbol.dispose]: () => socket.close() });
}
