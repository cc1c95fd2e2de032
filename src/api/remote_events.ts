/**
 * Follows the events of another node, as it has offered.
 *
 * @module
 */
import { isIP } from "node:net";
import { type ByteStream, ConnectionCutter } from "../dispatcher/http/connection_cutter.ts";
import { ProtocolError } from "../dispatcher/http/http_head.ts";
import { type Network, openConnection, systemNetwork } from "../dispatcher/http/open_connection.ts";
import { writeAll } from "../std/files.ts";
import { statusLine } from "../std/http.ts";
import { formatHostPort } from "../std/host_port.ts";
import type { StreamItem, StreamQuery } from "./event_stream.ts";
import { readItems } from "./follow_items.ts";
import type { LinkOffer } from "./link_offer.ts";
import { encodeQuery } from "./spool_query.ts";
import { StreamedAnswer } from "./streamed_answer.ts";

/** Another node's events do not come, or come no more. */
export class RemoteEventsError extends Error {
  override readonly name = "RemoteEventsError";
}

/** Whom to ask. */
export interface RemoteNode {
  /** The host as the pool names it. */
  readonly host: string;
  readonly offer: LinkOffer;
}

/** How to ask. */
export interface RemoteOptions {
  /** Of it, the scope does not count: it is the node's own events. */
  readonly query: StreamQuery;
  readonly signal: AbortSignal;
  readonly network?: Network;
  readonly limits?: Partial<RemoteLimits>;
}

/** How long is waited. */
export interface RemoteLimits {
  /** For the connection and the head of the answer. */
  readonly openMs: number;
  /** For anything at all; a comment comes every 15 s. */
  readonly silenceMs: number;
}

/** Events as they come. Who ends the iteration ends the connection. */
export type RemoteEvents = AsyncGenerator<readonly StreamItem[], void, void>;

const LIMITS: RemoteLimits = { openMs: 10_000, silenceMs: 40_000 };
const CHUNK = 64 * 1024;
const OK = 200;

/**
 * Asks another node for its events.
 *
 * @returns What comes, once the node has said that it sends. It fails with the same error when the
 *   connection ends.
 * @throws {RemoteEventsError} If it cannot be reached or does not send any.
 * @throws The signal's reason.
 */
export async function openRemoteEvents(
  node: RemoteNode,
  options: RemoteOptions,
): Promise<RemoteEvents> {
  return (await RemoteConnection.open(node, options)).items();
}

/** One connection with a node. What takes too long is cut off, and fails for that reason. */
class RemoteConnection implements Disposable {
  readonly #node: RemoteNode;
  readonly #limits: RemoteLimits;
  readonly #signal: AbortSignal;
  readonly #cutting = new AbortController();
  readonly #cutter = new ConnectionCutter();
  readonly #onAbort = () => this.#cutting.abort(this.#signal.reason);
  readonly #answer = new StreamedAnswer();
  /** What came of the body with the end of the head. */
  #begun: Uint8Array<ArrayBuffer>[] = [];
  readonly #chunk = new Uint8Array(CHUNK);
  #connection: ByteStream | undefined;

  private constructor(node: RemoteNode, { signal, limits }: RemoteOptions) {
    this.#node = node;
    this.#signal = signal;
    this.#limits = { ...LIMITS, ...limits };
    signal.addEventListener("abort", this.#onAbort);
    this.#cutting.signal.addEventListener("abort", () => this.#cut());
  }

  /** @throws {RemoteEventsError} If it cannot be made. */
  static async open(node: RemoteNode, options: RemoteOptions): Promise<RemoteConnection> {
    const opened = new RemoteConnection(node, options);
    try {
      options.signal.throwIfAborted();
      await opened.#within(
        { ms: opened.#limits.openMs, late: "it does not answer" },
        () => opened.#begin(options),
      );
      return opened;
    } catch (error) {
      opened[Symbol.dispose]();
      throw error;
    }
  }

  /** What comes. */
  async *items(): RemoteEvents {
    try {
      for await (const item of readItems(ReadableStream.from(this.#body()), () => {})) {
        yield [item];
      }
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this[Symbol.dispose]();
    }
  }

  async *#body(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    const silence = { ms: this.#limits.silenceMs, late: "nothing comes from it any more" };
    for (;;) {
      const pieces = this.#begun;
      this.#begun = [];
      yield* pieces;
      await this.#within(silence, () => this.#read());
    }
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#connection?.[Symbol.dispose]();
    this.#connection = undefined;
    this.#cutter[Symbol.dispose]();
  }

  async #begin({ network = systemNetwork, query }: RemoteOptions): Promise<void> {
    const { host, offer: { port, name, certificate, token } } = this.#node;
    const addresses = () => isIP(host) === 0 ? network.resolve(host) : Promise.resolve([host]);
    // It shows a certificate with a name of its own, which only says which node it is.
    this.#connection = await openConnection({ hostname: name, port, isSecure: true }, {
      signal: this.#cutting.signal,
      network: { ...network, resolve: addresses },
      cutter: this.#cutter,
      security: { caCerts: [certificate] },
    });
    this.#signal.throwIfAborted();
    const lines = [
      `GET /v1/events?${encodeQuery({ ...query, scope: "node" })} HTTP/1.1`,
      `host: ${name}`,
      `authorization: Bearer ${token}`,
      "accept: text/event-stream",
      "connection: close",
    ];
    await writeAll(this.#connection, new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
    while (this.#answer.head === undefined) await this.#read();
    const { status } = this.#answer.head;
    if (status !== OK) throw new ProtocolError(`it answers ${statusLine(status)}`);
  }

  async #read(): Promise<void> {
    const count = await this.#connection?.read(this.#chunk) ?? null;
    if (count === null) throw new Deno.errors.UnexpectedEof("it has ended the connection");
    // What is read next comes into the same memory.
    this.#begun.push(...this.#answer.push(this.#chunk.slice(0, count)));
    if (this.#answer.isDone && this.#answer.head?.status === OK) {
      throw new Deno.errors.UnexpectedEof("it has ended the stream");
    }
  }

  /** Does the work; when the time is over or the signal comes first, it is cut off. */
  async #within(
    { ms, late }: { readonly ms: number; readonly late: string },
    work: () => Promise<void>,
  ): Promise<void> {
    const { signal } = this.#cutting;
    const timer = setTimeout(() => {
      this.#cutting.abort(new Deno.errors.TimedOut(`${late} within ${ms / 1000} s`));
    }, ms);
    try {
      signal.throwIfAborted();
      await work();
    } catch (error) {
      throw this.#explain(signal.aborted ? signal.reason : error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it whatever it is waiting for. */
  #cut(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) this.#cutter.cut(connection, connection);
  }

  #explain(error: unknown): unknown {
    if (this.#signal.aborted) return this.#signal.reason;
    if (error instanceof RemoteEventsError) return error;
    if (error instanceof TypeError || !(error instanceof Error)) return error;
    const { host, offer: { port } } = this.#node;
    return new RemoteEventsError(
      `${formatHostPort({ hostname: host, port })}: ${error.message}`,
      { cause: error },
    );
  }
}
