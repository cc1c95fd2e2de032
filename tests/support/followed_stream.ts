/**
 * One who follows the events of a daemon on its control socket, and keeps all that comes.
 *
 * @module
 */
import type { StreamItem, StreamNotice } from "../../src/api/event_stream.ts";
import type { HistoryEvent } from "../../src/api/spool_reports.ts";
import { StreamItemReader } from "../../src/api/stream_item_reader.ts";
import { until } from "./until.ts";

/** What is asked for, as the query of the URL has it. */
export type StreamParams = Readonly<Record<string, string>>;

/** A stream that is followed until it is disposed of, or ends. */
export class FollowedStream implements AsyncDisposable {
  readonly items: StreamItem[] = [];
  readonly #ending = new AbortController();
  readonly #reading: Promise<void>;
  isEnded = false;

  private constructor(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reading = this.#read(body);
  }

  /** Begins to follow. @throws {Error} With the answer, if that is not possible. */
  static async open(socket: string, params: StreamParams = {}): Promise<FollowedStream> {
    const client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
    const url = `http://localhost/v1/events?${new URLSearchParams(params)}`;
    const response = await fetch(url, { client });
    if (!response.ok || response.body === null) {
      const text = await response.text();
      client.close();
      throw new Error(`${response.status} ${text}`);
    }
    const stream = new FollowedStream(response.body);
    void stream.#reading.then(() => client.close());
    return stream;
  }

  get events(): HistoryEvent[] {
    return this.items.flatMap((item) => item.kind === "event" ? [item.event] : []);
  }

  get notices(): StreamNotice[] {
    return this.items.flatMap((item) => item.kind === "notice" ? [item.notice] : []);
  }

  /** What `since` has to be to go on behind all that came. */
  get position(): string {
    return this.items.findLast(({ position }) => position !== undefined)?.position ?? "";
  }

  /** The volumes of the events, in order. */
  get volumes(): string[] {
    return this.events.map(({ message }) => String(message["name"]));
  }

  /** Waits until what came is as wanted. */
  async shows(what: string, check: (stream: FollowedStream) => boolean): Promise<void> {
    await until(what, () => check(this), { seen: () => this.items });
  }

  /** Waits until a node was told of. */
  async tells(notice: StreamNotice["notice"], host?: string): Promise<StreamNotice> {
    return await until(
      `${notice} is told of ${host ?? "any node"}`,
      () =>
        this.notices.findLast((one) =>
          one.notice === notice && (host === undefined || one.host === host)
        ),
      { seen: () => this.items },
    );
  }

  /** Forgets what came. */
  clear(): void {
    this.items.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#reading;
  }

  async #read(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const reader = body.getReader();
    const items = new StreamItemReader();
    this.#ending.signal.addEventListener("abort", () => void reader.cancel().catch(() => {}));
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        items.push(piece.value);
        this.items.push(...items.take());
      }
    } catch (error) {
      // How a stream is cut off concerns no test.
      if (!(error instanceof Error)) throw error;
    }
    this.isEnded = true;
  }
}
