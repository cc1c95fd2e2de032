/**
 * Joins a stream to a TCP connection.
 *
 * @module
 */
import { isWithin } from "../../std/async.ts";
import { writeAll } from "../../std/files.ts";

/** What connections of all kinds have in common. */
export type Stream = Pick<Deno.Conn, "read" | "write" | "close"> & Disposable;

const LOOPBACK = "127.0.0.1";
const BUFFER_BYTES = 16_384;
/** How long a stream has for its last words, such as those of TLS. */
const LAST_WORDS_MS = 500;

/** How the near end of a bridge is made. */
export interface NearEnd<T> {
  readonly connect: (address: { hostname: string; port: number }) => Promise<T>;
  /** Its own port. */
  readonly portOf: (near: T) => number | undefined;
}

/** A connection of Deno. */
export const tcpEnd: NearEnd<Deno.TcpConn> = {
  connect: Deno.connect,
  portOf: ({ localAddr }) => localAddr.port,
};

/**
 * A TCP connection, on loopback, that leads to the stream: TLS can only be agreed on over TCP, and
 * behind an encrypted proxy there is none. The stream ends with it.
 *
 * @param cut Ends the stream while it does not take what is written.
 */
export async function bridge<T>(
  stream: Stream,
  { end, cut }: { readonly end: NearEnd<T>; readonly cut: () => void },
): Promise<T> {
  const { near, far } = await makePair(end);
  // A queue of what the stream does not take yet: at most one request, since the next one waits
  // for its answer.
  let written = Promise.resolve();
  const send = (bytes: Uint8Array) => {
    written = written.then(() => writeAll(stream, bytes));
    // Who reads the answer learns that the stream is broken.
    written.catch(() => {});
  };
  const leave = async () => {
    far.close();
    if (await isWithin(LAST_WORDS_MS, written.catch(() => {}))) stream[Symbol.dispose]();
    else cut();
  };
  // Who reads at the near end sees the stream's end, after all that came before it.
  const finish = () => void far.closeWrite().catch(() => {});
  void pump(far, send).then(leave, leave);
  void pump(stream, (bytes) => writeAll(far, bytes)).then(finish, finish);
  return near;
}

/** The two ends of a connection of this process with itself. */
async function makePair<T>(
  { connect, portOf }: NearEnd<T>,
): Promise<{ near: T; far: Deno.TcpConn }> {
  using listener = Deno.listen({ hostname: LOOPBACK, port: 0 });
  const near = await connect({ hostname: LOOPBACK, port: listener.addr.port });
  for (;;) {
    const far = await listener.accept();
    // Anybody on this machine could have connected.
    if (far.remoteAddr.port === portOf(near)) return { near, far };
    far.close();
  }
}

async function pump(
  from: Stream,
  take: (bytes: Uint8Array) => void | Promise<void>,
): Promise<void> {
  for (;;) {
    const buffer = new Uint8Array(BUFFER_BYTES);
    const count = await from.read(buffer);
    if (count === null) return;
    await take(buffer.subarray(0, count));
  }
}
