/**
 * A kept-alive HTTP/1.1 connection, for one request at a time.
 *
 * @module
 */
import type { ByteStream, ConnectionCutter } from "./connection_cutter.ts";
import type { DeliveryRequest } from "../delivery_request.ts";
import { RequestEncoder, type Target } from "./http_request.ts";
import { ResponseReader } from "./http_response.ts";

/** More than most answers have. There can be thousands of connections. */
const BUFFER_BYTES = 4096;

/** Takes requests until it is closed, from either side. */
export class HttpConnection {
  readonly #connection: ByteStream;
  readonly #cutter: ConnectionCutter;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #encoder = new RequestEncoder();
  /** What waits for the next answer, from before it is asked for. */
  #reading: Promise<number | null> | undefined;
  #isClosed = false;
  /** Nothing is being written. */
  #isWritten = true;

  constructor(connection: ByteStream, cutter: ConnectionCutter) {
    this.#connection = connection;
    this.#cutter = cutter;
  }

  /** Whether it is of no more use. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Sends a request and waits for the head of its answer.
   *
   * @throws {ProtocolError} If the answer is none.
   * @throws {Error} If the connection ends before.
   */
  async exchange(target: Target, request: DeliveryRequest): Promise<ResponseReader> {
    this.#isWritten = false;
    const reader = new ResponseReader();
    // The answer may come before all of the request is gone, and then it counts.
    void this.#write(this.#encoder.encode(target, request));
    while (reader.head === undefined) {
      if (await this.#readInto(reader)) continue;
      throw new Deno.errors.UnexpectedEof("the connection was closed before the answer came");
    }
    return reader;
  }

  /** Reads on until the answer has ended, however it does, or is too long. */
  async finish(reader: ResponseReader): Promise<void> {
    try {
      while (!reader.isDone && await this.#readInto(reader));
    } catch (error) {
      // The status has come; how the body ends does not change what it means.
      if (!(error instanceof Error)) throw error;
      this.close();
    }
  }

  /**
   * Keeps it for the next request, if it can be.
   *
   * @param onClosed Called if it ends before that.
   */
  keep(reader: ResponseReader, onClosed: () => void): boolean {
    if (this.#isClosed || !this.#isWritten || !reader.isReusable) {
      this.close();
      return false;
    }
    const reading = this.#connection.read(this.#buffer);
    this.#reading = reading;
    const end = () => {
      if (this.#reading !== reading) return;
      // Nobody has asked for anything, so whatever came, it is over.
      this.close();
      onClosed();
    };
    reading.then(end, end);
    return true;
  }

  /** Ends it; what is under way fails. */
  close(): void {
    if (!this.#isWritten) return this.cut();
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }

  /** Ends it whatever it is waiting for. */
  cut(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cutter.cut(this.#connection, this.#connection);
  }

  /** @returns False if nothing more comes. */
  async #readInto(reader: ResponseReader): Promise<boolean> {
    const reading = this.#reading ?? this.#connection.read(this.#buffer);
    this.#reading = undefined;
    const count = await reading;
    if (count === null) {
      reader.end();
      return false;
    }
    reader.push(this.#buffer.subarray(0, count));
    return true;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let left = bytes;
    try {
      while (left.length > 0) left = left.subarray(await this.#connection.write(left));
      this.#isWritten = true;
    } catch (error) {
      // Reading tells why the connection has ended, or has an answer all the same.
      if (!(error instanceof Error)) throw error;
    }
  }
}
