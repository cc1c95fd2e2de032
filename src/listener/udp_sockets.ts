/**
 * The UDP sockets that Gluster's processes send to.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";
import { formatListenAddress, type ListenAddress } from "./listen_address.ts";

/** The sockets could not be opened. */
export class ListenError extends HintedError {
  override readonly name = "ListenError";
}

/**
 * Opens a socket for each of the addresses.
 *
 * @throws {ListenError} If one cannot be opened; then none stays open.
 */
export function openSockets(addresses: readonly ListenAddress[]): Deno.DatagramConn[] {
  const sockets: Deno.DatagramConn[] = [];
  try {
    for (const address of addresses) sockets.push(openSocket(address));
    return sockets;
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
}

/**
 * Opens sockets for every IPv4 and IPv6 address of the machine. Local events come to `::1` where
 * IPv6 is on, those of bricks and clients to the node's outer address, of either kind.
 *
 * @throws {ListenError} If the port is taken or neither kind of address can be used.
 */
export function openSocketsOnAll(port: number): Deno.DatagramConn[] {
  // A socket on [::] mostly takes IPv4 too, and then a second one fails as if somebody else had the
  // port. So IPv4 is tried before: afterwards only our own socket can be in the way.
  const [probe] = openSockets([{ hostname: "0.0.0.0", port }]);
  if (probe === undefined) throw new RangeError("No socket was opened for the address");
  const any = { hostname: "0.0.0.0", port: addressOf(probe).port };
  probe.close();
  let six: Deno.DatagramConn;
  try {
    six = openSocket({ hostname: "::", port: any.port });
  } catch (error) {
    if (isTaken(error)) throw error;
    // The machine has no IPv6.
    return openSockets([any]);
  }
  try {
    return [six, openSocket(any)];
  } catch (error) {
    if (isTaken(error)) return [six];
    six.close();
    throw error;
  }
}

/** The address that a socket is bound to. */
export function addressOf(socket: Deno.DatagramConn): ListenAddress {
  const { hostname, port } = socket.addr as Deno.NetAddr;
  return { hostname, port };
}

function openSocket({ hostname, port }: ListenAddress): Deno.DatagramConn {
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    const shown = formatListenAddress({ hostname, port });
    const reason = error instanceof Error ? error.message : String(error);
    throw new ListenError(
      `Cannot listen on UDP ${shown}: ${reason}`,
      error instanceof Deno.errors.AddrInUse
        ? `see who has the port: ss -ulnp 'sport = :${port}'; ` +
          "if it is upstream's daemon: systemctl disable --now glustereventsd"
        : error instanceof Deno.errors.PermissionDenied
        ? "ports below 1024 need root"
        : "name an address of this machine with --listen, such as --listen 127.0.0.1:55555",
      { cause: error },
    );
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof ListenError && error.cause instanceof Deno.errors.AddrInUse;
}
