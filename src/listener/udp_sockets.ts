/**
 * The UDP sockets that Gluster's processes send to.
 *
 * @module
 */
import { formatListenAddress, type ListenAddress } from "./listen_address.ts";

/** The sockets could not be opened. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
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
export async function openSocketsOnAll(port: number): Promise<Deno.DatagramConn[]> {
  let both: Deno.DatagramConn;
  try {
    both = openSocket({ hostname: "::", port });
  } catch (error) {
    if (!(error instanceof ListenError) || isTaken(error.cause)) throw error;
    // The machine has no IPv6.
    return openSockets([{ hostname: "0.0.0.0", port }]);
  }
  if (!await isIpv6Only()) return [both];
  try {
    return [both, openSocket({ hostname: "0.0.0.0", port: addressOf(both).port })];
  } catch (error) {
    both.close();
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
      isTaken(error)
        ? `see who has the port: ss -ulnp 'sport = :${port}'; ` +
          "if it is upstream's daemon: systemctl disable --now glustereventsd"
        : "name an address of this machine with --listen, such as --listen 127.0.0.1:55555",
      { cause: error },
    );
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Deno.errors.AddrInUse;
}

async function isIpv6Only(): Promise<boolean> {
  try {
    return (await Deno.readTextFile("/proc/sys/net/ipv6/bindv6only")).trim() === "1";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
