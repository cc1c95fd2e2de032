/**
 * TLS by Node, which can do what `Deno.startTls` cannot: show a certificate of its own, look at that
 * of the receiver, and leave the name in it alone.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import { isIP, type Socket } from "node:net";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { ByteStream, ConnectionEnds } from "../http/connection_cutter.ts";
import { endsOf, inPlainWords } from "./node_socket.ts";

/** How a receiver has to prove who it is, and what it is shown. */
export interface Handshake {
  readonly hostname: string;
  /** PEM, trusted beside Mozilla's. */
  readonly caCerts: readonly string[];
  readonly client?: { readonly cert: string; readonly key: string };
  /**
   * - `all`: certificate, signature and name.
   * - `but_name`: whoever relies on it has to know the certificate.
   * - `nothing`: not even the signature of the handshake. Good for a look at what is presented, and
   *   for nothing else: nothing may be sent or believed.
   */
  readonly verified: "all" | "but_name" | "nothing";
}

/**
 * Agrees on TLS over a connected socket, which is closed if that fails. Who
 * gives it up with the signal has to shut the connection down, so that it does fail.
 *
 * @throws The signal's reason, what rustls does not like, or that the connection ended.
 */
export async function startNodeTls(
  socket: Socket,
  handshake: Handshake,
  signal: AbortSignal,
): Promise<TlsSocket> {
  signal.throwIfAborted();
  const ends = endsOf(socket);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const secured = connect(toOptions(socket, handshake));
  const stream = new TlsSocket(secured, ends);
  secured.on("error", (error) => reject(inPlainWords(error)));
  // Deno tells so of a handshake that failed, too, and the error comes after that; but then it knows
  // no certificate of the receiver.
  secured.once("secureConnect", () => {
    if (stream.peerCertificate !== undefined) resolve();
  });
  secured.once("close", () => {
    reject(new Deno.errors.UnexpectedEof("the connection was closed before TLS was agreed on"));
  });
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    await promise;
    return stream;
  } catch (error) {
    // Cut off by the signal it is still under way, and fails soon.
    for (const end of ["error", "secureConnect"]) secured.once(end, () => stream.close());
    if (!signal.aborted) stream.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function toOptions(
  socket: Socket,
  { hostname, caCerts, client, verified }: Handshake,
): ConnectionOptions {
  return {
    socket,
    // Without a name it would take "localhost" for one, whoever it is connected to.
    host: hostname,
    // An address is none (RFC 6066, 3); the certificate has to name it all the same.
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ALPNProtocols: ["http/1.1"],
    ca: [...caCerts],
    ...client,
    rejectUnauthorized: verified !== "nothing",
    ...(verified === "but_name" ? { checkServerIdentity: () => undefined } : {}),
  };
}

/** Who waits for bytes. */
interface Reader {
  readonly buffer: Uint8Array;
  readonly resolve: (count: number | null) => void;
  readonly reject: (error: Error) => void;
}

/** A connection of Node's TLS that is read and written like one of Deno. */
export class TlsSocket implements ByteStream {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  readonly #socket: TLSSocket;
  #reader: Reader | undefined;
  #error: Error | undefined;
  #isEnded = false;

  constructor(socket: TLSSocket, { localAddr, remoteAddr }: ConnectionEnds) {
    this.localAddr = localAddr;
    this.remoteAddr = remoteAddr;
    this.#socket = socket;
    const serve = () => this.#serve();
    const end = () => {
      this.#isEnded = true;
      this.#serve();
    };
    socket.on("error", (error) => {
      this.#error = inPlainWords(error);
      this.#serve();
    });
    socket.on("readable", serve);
    socket.once("end", end);
    socket.once("close", end);
  }

  /** The certificate of the other side (DER); `undefined` if there is none. */
  get peerCertificate(): Uint8Array | undefined {
    return this.#socket.getPeerCertificate()?.raw;
  }

  /** As `Deno.Conn.read`, for one reader at a time. */
  read(buffer: Uint8Array): Promise<number | null> {
    const { promise, resolve, reject } = Promise.withResolvers<number | null>();
    this.#reader = { buffer, resolve, reject };
    this.#serve();
    return promise;
  }

  /** As `Deno.Conn.write`, but it takes all bytes. */
  write(bytes: Uint8Array): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#socket.write(bytes, (error) => {
      if (error === null || error === undefined) resolve(bytes.length);
      else reject(inPlainWords(error));
    });
    return promise;
  }

  close(): void {
    this.#socket.destroy();
    this.#isEnded = true;
    this.#serve();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Gives the reader what is there. What it leaves stays with the socket, which reads no more. */
  #serve(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    const { readableLength } = this.#socket;
    const chunk: Buffer | null = readableLength === 0
      // Makes it ask for more.
      ? this.#socket.read(0)
      : this.#socket.read(Math.min(readableLength, reader.buffer.length));
    if (chunk === null && this.#error === undefined && !this.#isEnded) return;
    this.#reader = undefined;
    if (chunk !== null) {
      reader.buffer.set(chunk);
      reader.resolve(chunk.length);
    } else if (this.#error !== undefined) reader.reject(this.#error);
    else reader.resolve(null);
  }
}
