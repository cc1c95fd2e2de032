/**
 * Resets connections: the HTTP server has no way to end one without an answer.
 *
 * @module
 */
import { Libc } from "../std/libc.ts";

/** Resets connections of one server. */
export class ConnectionResetter implements Disposable {
  readonly #port: number;
  #libc: Libc | undefined;

  /** @param port Where the server listens. */
  constructor(port: number) {
    this.#port = port;
  }

  /** Whether it can be done here: it needs the C library. */
  static isPossible(): boolean {
    using libc = Libc.open();
    return libc !== undefined;
  }

  /** Resets the connection of a client. @returns False if that cannot be done. */
  reset(client: Deno.NetAddr): boolean {
    this.#libc ??= Libc.open();
    const local = { port: this.#port };
    const fd = this.#libc?.find({ type: "stream", local, peer: client });
    return fd !== undefined && this.#libc?.reset(fd) === true;
  }

  [Symbol.dispose](): void {
    this.#libc?.[Symbol.dispose]();
    this.#libc = undefined;
  }
}
