/**
 * One who follows the events of a daemon on its control socket, and keeps all that comes.
 *
 * @module
 */
import { ControlClient } from "../../src/api/control_client.ts";
import type { StreamItem, StreamNotice, StreamQuery } from "../../src/api/event_stream.ts";
import type { HistoryEvent } from "../../src/api/spool_reports.ts";
import { until } from "./until.ts";

/** A stream that is followed until it is disposed of. */
export class FollowedStream implements AsyncDisposable {
  readonly items: StreamItem[] = [];
  readonly #ending: AbortController;
  readonly #reading: Promise<void>;

  private constructor(
    items: AsyncGenerator<StreamItem>,
    first: StreamItem,
    ending: AbortController,
  ) {
    this.items.push(first);
    this.#ending = ending;
    this.#reading = this.#read(items);
  }

  /** Begins to follow, once anything has come. @throws What the client does. */
  static async open(socket: string, query: StreamQuery = {}): Promise<FollowedStream> {
    const ending = new AbortController();
    const items = new ControlClient(socket).follow(query, ending.signal);
    const first = await items.next();
    if (first.done === true) throw new Error("The stream ends before it begins");
    return new FollowedStream(items, first.value, ending);
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

  async #read(items: AsyncGenerator<StreamItem>): Promise<void> {
    for await (const item of items) this.items.push(item);
  }
}
