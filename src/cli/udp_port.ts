/**
 * Ports of UDP.
 *
 * @module
 */

/** Tries whether a daemon could listen on a port: opens it on every address, and closes it. */
export function openUdpPort(port: number): boolean {
  for (const hostname of ["0.0.0.0", "::"]) {
    try {
      Deno.listenDatagram({ transport: "udp", hostname, port }).close();
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) return false;
      // A machine without IPv6, or a port of root's: the daemon will say so when it starts.
      if (!(error instanceof Error)) throw error;
    }
  }
  return true;
}
