/**
 * Ends connections at once.
 *
 * @module
 */
import { Libc } from "../std/libc.ts";

/**
 * Cuts a connection off whatever it is waiting for. Closing alone is not enough: Deno keeps one
 * open, out of reach, until the handshake of TLS has ended or what is being written is taken, and a
 * receiver can let it wait for ever for either.
 *
 * @param between The ends of the connection, from when it was plain TCP.
 */
export function cutConnection(
  connection: Disposable,
  { localAddr, remoteAddr }: Pick<Deno.Conn<Deno.NetAddr>, "localAddr" | "remoteAddr">,
): void {
  using libc = Libc.open();
  const fd = libc?.find({ type: "stream", local: localAddr, peer: remoteAddr });
  if (fd !== undefined) libc?.shutDown(fd);
  connection[Symbol.dispose]();
}
