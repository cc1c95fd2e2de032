/**
 * The receiver's end of an HTTP/1.1 connection, close enough to the wire to misbehave on it.
 *
 * @module
 */

/** A request that came in whole. */
export interface IncomingRequest {
  /** The request line and the header lines. */
  readonly head: string;
  readonly body: string;
}

const FIRST_SIZE = 16_384;
const decoder = new TextDecoder();

/** Reads requests and writes whatever it is told. */
export class HttpConnection implements Disposable {
  readonly #connection: Deno.TcpConn;
  readonly #encoder = new TextEncoder();
  #buffer = new Uint8Array(FIRST_SIZE);
  #filled = 0;

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    connection.setNoDelay(true);
  }

  /**
   * Waits for the first byte of a request and leaves the others with the kernel: a connection that
   * is closed then is reset, not ended.
   *
   * @returns False if the other end hung up.
   */
  async begins(): Promise<boolean> {
    return this.#filled > 0 || await this.#fill(1);
  }

  /** The next request; `undefined` if the other end hung up. */
  async read(): Promise<IncomingRequest | undefined> {
    for (;;) {
      const request = this.#takeRequest();
      if (request !== undefined) return request;
      if (!await this.#fill(this.#buffer.length)) return undefined;
    }
  }

  /** Writes all of it. @returns False if the other end hung up. */
  async write(data: string | Uint8Array): Promise<boolean> {
    const bytes = typeof data === "string" ? this.#encoder.encode(data) : data;
    try {
      for (let at = 0; at < bytes.length;) {
        at += await this.#connection.write(bytes.subarray(at));
      }
      return true;
    } catch (error) {
      return !isHungUp(error);
    }
  }

  [Symbol.dispose](): void {
    try {
      this.#connection.close();
    } catch (error) {
      // Whoever ends the receiver may have closed it before.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #fill(most: number): Promise<boolean> {
    if (this.#filled === this.#buffer.length) {
      const larger = new Uint8Array(this.#buffer.length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    try {
      const count = await this.#connection.read(
        this.#buffer.subarray(this.#filled, Math.min(this.#filled + most, this.#buffer.length)),
      );
      this.#filled += count ?? 0;
      return count !== null;
    } catch (error) {
      return !isHungUp(error);
    }
  }

  #takeRequest(): IncomingRequest | undefined {
    const filled = this.#buffer.subarray(0, this.#filled);
    const headEnd = findHeadEnd(filled);
    if (headEnd === -1) return undefined;
    const head = decoder.decode(filled.subarray(0, headEnd));
    if (/\r\ntransfer-encoding:/i.test(head)) {
      throw new TypeError(`The receiver cannot read a body of this kind: ${head}`);
    }
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const end = headEnd + 4 + length;
    if (filled.length < end) return undefined;
    const body = decoder.decode(filled.subarray(headEnd + 4, end));
    this.#buffer.copyWithin(0, end, this.#filled);
    this.#filled -= end;
    return { head, body };
  }
}

/** Where the empty line begins, or -1. */
function findHeadEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at !== -1; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at;
  }
  return -1;
}

/** True for whatever a connection that is no more throws; throws anything else. */
function isHungUp(error: unknown): true {
  const { BadResource, BrokenPipe, ConnectionAborted, ConnectionReset, Interrupted, NotConnected } =
    Deno.errors;
  const expected = [
    BadResource,
    BrokenPipe,
    ConnectionAborted,
    ConnectionReset,
    Interrupted,
    NotConnected,
  ];
  if (expected.some((kind) => error instanceof kind)) return true;
  throw error;
}
