/**
 * What the kernel knows of UDP sockets and Deno does not tell: how large their receive buffers are
 * and how many datagrams did not fit.
 *
 * @module
 */
import { Libc } from "../std/libc.ts";

// asm-generic/socket.h and linux/sock_diag.h
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
const MEMINFO_WORDS = 9;
const MEMINFO_DROPS = 8;

/** The sockets of a listener, as the kernel sees them. */
export class KernelSockets implements Disposable {
  readonly #libc: Libc;
  readonly #descriptors: readonly number[];

  private constructor(libc: Libc, descriptors: readonly number[]) {
    this.#libc = libc;
    this.#descriptors = descriptors;
  }

  /**
   * Finds open sockets by what they are bound to.
   *
   * @returns `undefined` where that cannot be done.
   */
  static find(sockets: readonly Deno.DatagramConn[]): KernelSockets | undefined {
    const libc = Libc.open();
    if (libc === undefined) return undefined;
    const descriptors = sockets.map(({ addr }) =>
      libc.find({ type: "datagram", local: addr as Deno.NetAddr })
    ).filter((fd) => fd !== undefined);
    if (descriptors.length === sockets.length) return new KernelSockets(libc, descriptors);
    libc[Symbol.dispose]();
    return undefined;
  }

  /**
   * Asks for receive buffers. More than `net.core.rmem_max` takes the right CAP_NET_ADMIN; without
   * it they become as large as that allows.
   *
   * @returns How many bytes the smallest of them has then.
   */
  enlargeBuffers(bytes: number): number {
    return Math.min(...this.#descriptors.map((fd) => {
      if (!this.#libc.setOption(fd, SO_RCVBUFFORCE, bytes)) {
        this.#libc.setOption(fd, SO_RCVBUF, bytes);
      }
      // The kernel doubles what is asked for, to make room for its own bookkeeping.
      return (this.#libc.readOption(fd, { option: SO_RCVBUF, words: 1 })?.[0] ?? 0) / 2;
    }));
  }

  /** How many datagrams the kernel has thrown away; `undefined` if it is too old to tell. */
  readDrops(): number | undefined {
    let drops = 0;
    for (const fd of this.#descriptors) {
      const info = this.#libc.readOption(fd, { option: SO_MEMINFO, words: MEMINFO_WORDS });
      const own = info?.[MEMINFO_DROPS];
      if (own === undefined) return undefined;
      drops += own;
    }
    return drops;
  }

  /** Has to come before the sockets are closed: their descriptors may be given to others then. */
  [Symbol.dispose](): void {
    this.#libc[Symbol.dispose]();
  }
}
