/**
 * Ends connections at once.
 *
 * @module
 */
import { Libc } from "../../std/libc.ts";

/** A connection as HTTP uses it, be it one of Deno or of Node. */
export type ByteStream =
  & Pick<Deno.Conn<Deno.NetAddr>, "read" | "write" | "close" | "localAddr" | "remoteAddr">
  & Disposable;

/** The ends of a connection, from when it was plain TCP. */
export type ConnectionEnds = Pick<ByteStream, "localAddr" | "remoteAddr">;

/** Cuts connections off. */
export class ConnectionCutter implements Disposable {
  /** Loaded when it is needed, since most webhooks never need it. */
  #libc: Libc | undefined;

  /**
   * Cuts one off whatever it is waiting for. Closing alone is not enough: Deno keeps it open, out
   * of reach, until the handshake of TLS has ended or what is being written is taken, and a receiver
   * can let it wait for ever for either.
   */
  cut(connection: Disposable, ends: ConnectionEnds): void {
    this.shutDown(ends);
    connection[Symbol.dispose]();
  }

  /**
   * Ends it in both directions, and leaves it to who waits for it to close it.
   *
   * @returns False if that cannot be done: without the C library.
   */
  shutDown({ localAddr, remoteAddr }: ConnectionEnds): boolean {
    this.#libc ??= Libc.open();
    const fd = this.#libc?.find({ type: "stream", local: localAddr, peer: remoteAddr });
    if (fd !== undefined) this.#libc?.shutDown(fd);
    return fd !== undefined;
  }

  [Symbol.dispose](): void {
    this.#libc?.[Symbol.dispose]();
    this.#libc = undefined;
  }
}
