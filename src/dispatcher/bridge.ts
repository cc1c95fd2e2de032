/**
 * Joins a stream to a TCP connection.
 *
 * @module
 */

/** What TlsConn and TcpConn have in common. */
export type Stream = Pick<Deno.Conn, "read" | "write" | "close">;

const LOOPBACK = "127.0.0.1";
const BUFFER_BYTES = 16_384;

/**
 * A TCP connection, on loopback, that leads to the stream: TLS can only be agreed on over TCP, and
 * behind an encrypted proxy there is none. The stream ends with it.
 */
export async function bridge(stream: Stream): Promise<Deno.TcpConn> {
  const { near, far } = await makePair();
  // A queue of what the stream does not take yet; no longer than one request.
  let written: Promise<unknown> = Promise.resolve();
  const send = (bytes: Uint8Array) => {
    written = written.then(() => writeAll(stream, bytes)).catch(() => far.close());
  };
  const leave = () => close(stream);
  const finish = () => close({ close: () => void far.closeWrite().catch(() => {}) });
  // Whichever way it ends, whoever reads on the other side sees an end.
  void pump(far, send).then(leave, leave).finally(() => close(far));
  void pump(stream, (bytes) => writeAll(far, bytes)).then(finish, finish);
  return near;
}

/** The two ends of a connection of this process with itself. */
async function makePair(): Promise<{ near: Deno.TcpConn; far: Deno.TcpConn }> {
  using listener = Deno.listen({ hostname: LOOPBACK, port: 0 });
  const near = await Deno.connect({ hostname: LOOPBACK, port: listener.addr.port });
  for (;;) {
    const far = await listener.accept();
    // Anybody on this machine could have connected.
    if (far.remoteAddr.port === near.localAddr.port) return { near, far };
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

async function writeAll(to: Stream, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

function close(stream: Pick<Stream, "close">): void {
  try {
    stream.close();
  } catch {
    // It is closed.
  }
}
