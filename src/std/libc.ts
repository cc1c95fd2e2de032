/**
 * The door to the C library, for what Deno cannot do with sockets and memory of this process and with
 * pipes that it writes to. Nothing else calls it, and nothing else is touched through it.
 *
 * @module
 */

/** Where it can be: on Red Hat's systems, on Debian's, and for other processors. */
export const LIBC_PATHS = [
  "/lib64/libc.so.6",
  "/lib/x86_64-linux-gnu/libc.so.6",
  "/lib/aarch64-linux-gnu/libc.so.6",
  "/usr/lib/libc.so.6",
] as const;

const SYMBOLS = {
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  malloc_trim: { parameters: ["usize"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

// bits/socket.h and asm-generic/socket.h
const SOL_SOCKET = 1;
const SO_TYPE = 3;
// linux/sock_diag.h
const SO_MEMINFO = 55;
const MEMINFO_WORDS = 9;
const MEMINFO_UNSENT = 2;
const AF_UNIX = 1;
const AF_UNSPEC = 0;
const AF_INET = 2;
const AF_INET6 = 10;
const SHUT_RDWR = 2;
// asm-generic/poll.h
const POLLERR = 8;
const POLLHUP = 16;
const SOCKET_TYPES = { stream: 1, datagram: 2 } as const;
/** Of the longer kind of address. */
const ADDRESS_BYTES = 28;
/** sockaddr_un: the family and a path. */
const UNIX_ADDRESS_BYTES = 110;
/** There are files among the sockets, and gaps, but not so many in a row. */
const MOST_MISSES = 1024;

/** One end of a socket. */
export type SocketEnd = Pick<Deno.NetAddr, "hostname" | "port">;

/** A socket as it can be found. */
export interface SocketQuery {
  readonly type: keyof typeof SOCKET_TYPES;
  /** Any address of this machine, if none is given. */
  readonly local: Pick<SocketEnd, "port"> & Partial<SocketEnd>;
  readonly peer?: SocketEnd;
}

/** The C library, loaded. */
export class Libc implements Disposable {
  readonly #library: Deno.DynamicLibrary<typeof SYMBOLS>;
  readonly #type = new Uint32Array(1);
  readonly #length = new Uint32Array(1);

  private constructor(library: Deno.DynamicLibrary<typeof SYMBOLS>) {
    this.#library = library;
  }

  /** @returns `undefined` if it is nowhere, or may not be loaded. */
  static open(): Libc | undefined {
    if (Deno.build.os !== "linux") return undefined;
    for (const path of LIBC_PATHS) {
      try {
        return new Libc(Deno.dlopen(path, SYMBOLS));
      } catch (error) {
        // It may be at the next place; whoever needs it tells what it costs that it is at none.
        if (!(error instanceof Error)) throw error;
      }
    }
    return undefined;
  }

  /** The descriptor of a socket of this process. */
  find({ type, local, peer }: SocketQuery): number | undefined {
    const { getsockname, getpeername } = this.#library.symbols;
    let misses = 0;
    for (let fd = 0; misses < MOST_MISSES; fd++) {
      const socketType = this.#typeOf(fd);
      misses = socketType === undefined ? misses + 1 : 0;
      if (socketType !== SOCKET_TYPES[type] || !isSame(readEnd(fd, getsockname), local)) continue;
      if (peer === undefined || isSame(readEnd(fd, getpeername), peer)) return fd;
    }
    return undefined;
  }

  /**
   * How much of what was sent the other sides have not read, in bytes of the kernel's memory, by the
   * descriptors of the connections that a unix socket of this process has accepted.
   */
  unsentOf(path: string): Map<number, number> {
    const unsent = new Map<number, number>();
    let misses = 0;
    for (let fd = 0; misses < MOST_MISSES; fd++) {
      const socketType = this.#typeOf(fd);
      misses = socketType === undefined ? misses + 1 : 0;
      if (socketType !== SOCKET_TYPES.stream || this.#unixPathOf(fd) !== path) continue;
      const memory = this.readOption(fd, { option: SO_MEMINFO, words: MEMINFO_WORDS });
      unsent.set(fd, memory?.[MEMINFO_UNSENT] ?? 0);
    }
    return unsent;
  }

  /** Where a unix socket is bound to, as one that was accepted is. */
  #unixPathOf(fd: number): string | undefined {
    const address = new DataView(new ArrayBuffer(UNIX_ADDRESS_BYTES));
    const length = new Uint32Array([UNIX_ADDRESS_BYTES]);
    const { getsockname } = this.#library.symbols;
    if (getsockname(fd, address.buffer, length) !== 0) return undefined;
    if (address.getUint16(0, true) !== AF_UNIX) return undefined;
    const bytes = new Uint8Array(address.buffer, 2);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  /** In the same memory again and again: there may be thousands to ask. */
  #typeOf(fd: number): number | undefined {
    return this.#read(fd, SO_TYPE, this.#type) ? this.#type[0] : undefined;
  }

  /** @returns Whether all of the value is there. */
  #read(fd: number, option: number, value: Uint32Array<ArrayBuffer>): boolean {
    this.#length[0] = value.byteLength;
    const { getsockopt } = this.#library.symbols;
    return getsockopt(fd, SOL_SOCKET, option, value, this.#length) === 0 &&
      this.#length[0] === value.byteLength;
  }

  /** An option of a socket (`SOL_SOCKET`); `undefined` if the kernel does not have it. */
  readOption(
    fd: number,
    { option, words }: { readonly option: number; readonly words: number },
  ): Uint32Array | undefined {
    const value = new Uint32Array(words);
    return this.#read(fd, option, value) ? value : undefined;
  }

  /** Sets an option of a socket (`SOL_SOCKET`). @returns Whether the kernel took it. */
  setOption(fd: number, option: number, value: number): boolean {
    const bytes = new Int32Array([value]);
    return this.#library.symbols.setsockopt(fd, SOL_SOCKET, option, bytes, bytes.byteLength) === 0;
  }

  /** Whether nobody can read any more what is written to a pipe, a socket or a terminal. */
  isReaderGone(fd: number): boolean {
    // struct pollfd: the descriptor, what is asked for (nothing), what there is.
    const asked = new DataView(new ArrayBuffer(8));
    asked.setInt32(0, fd, true);
    if (this.#library.symbols.poll(asked.buffer, 1n, 0) < 1) return false;
    return (asked.getUint16(6, true) & (POLLERR | POLLHUP)) !== 0;
  }

  /** Ends a connection in both directions; what waits for it fails. */
  shutDown(fd: number): void {
    this.#library.symbols.shutdown(fd, SHUT_RDWR);
  }

  /**
   * Resets a TCP connection: connecting to nothing dissolves it (tcp_disconnect of Linux).
   *
   * @returns Whether the kernel did it.
   */
  reset(fd: number): boolean {
    const nothing = new DataView(new ArrayBuffer(ADDRESS_BYTES));
    nothing.setUint16(0, AF_UNSPEC, true);
    return this.#library.symbols.connect(fd, nothing.buffer, ADDRESS_BYTES) === 0;
  }

  /** Gives memory that is not in use back to the system (malloc_trim of glibc). */
  trimMemory(): void {
    this.#library.symbols.malloc_trim(0n);
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }
}

function readEnd(
  fd: number,
  read: (fd: number, address: ArrayBuffer, length: Uint32Array<ArrayBuffer>) => number,
): SocketEnd | undefined {
  const address = new DataView(new ArrayBuffer(ADDRESS_BYTES));
  if (read(fd, address.buffer, new Uint32Array([ADDRESS_BYTES])) !== 0) return undefined;
  const family = address.getUint16(0, true);
  const port = address.getUint16(2);
  if (family === AF_INET) {
    return { hostname: new Uint8Array(address.buffer, 4, 4).join("."), port };
  }
  if (family !== AF_INET6) return undefined;
  const groups = Array.from({ length: 8 }, (_, index) => address.getUint16(8 + 2 * index));
  return { hostname: groups.map((group) => group.toString(16)).join(":"), port };
}

function isSame(a: SocketEnd | undefined, b: SocketQuery["local"]): boolean {
  if (a === undefined || a.port !== b.port) return false;
  return b.hostname === undefined || a.hostname === b.hostname ||
    canonical(a.hostname) === canonical(b.hostname);
}

/** IPv6 addresses can be written in several ways. */
function canonical(hostname: string): string | undefined {
  return hostname.includes(":") ? URL.parse(`http://[${hostname}]`)?.hostname : hostname;
}
