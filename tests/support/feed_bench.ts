/**
 * A feed over a real spool, into which a test puts events.
 *
 * @module
 */
import type { StreamItem, StreamQuery } from "../../src/api/event_stream.ts";
import { EventFeed } from "../../src/daemon/event_feed.ts";
import { schedule } from "../../src/daemon/schedule.ts";
import type { NewEvent } from "../../src/spool/spool_types.ts";
import { batchOf, SpoolBench, START_MS } from "./spool_bench.ts";

/** The node whose events these are. */
export const FEED_NODE = { id: "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11", host: "gl1" };

/** Crockford's digits. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The ULID of the event with a number, one of which comes each second. */
export function ulidOf(number: number): string {
  const time = toDigits(START_MS + 1000 * number, 10);
  return time + toDigits(1_000_000 + number, 16);
}

/** A feed and what it reads from. */
export class FeedBench implements AsyncDisposable {
  readonly spools: SpoolBench;
  readonly feed: EventFeed;
  #last = 0;

  private constructor(spools: SpoolBench) {
    this.spools = spools;
    this.feed = new EventFeed({
      spool: spools.spool,
      commit: { flush: () => true },
      node: FEED_NODE,
      clock: { now: Date.now, steadyNow: () => performance.now() },
      breathe: () => new Promise((resolve) => setTimeout(resolve)),
      schedule,
      giveUpMs: 0,
    });
  }

  static async make(events = 0): Promise<FeedBench> {
    const bench = new FeedBench(await SpoolBench.make());
    if (events > 0) bench.commit(events);
    return bench;
  }

  /** Another one over what a spool has by now, which has been opened again. */
  static over({ spools, last }: FeedBench): FeedBench {
    const bench = new FeedBench(spools);
    bench.#last = last;
    return bench;
  }

  /** The number of the newest event. */
  get last(): number {
    return this.#last;
  }

  /** Puts so many events more into the spool. */
  commit(events: number): void {
    const first = this.#last + 1;
    this.#last += events;
    const made = Array.from({ length: events }, (_, index) => eventOf(first + index));
    this.spools.spool.commit(batchOf({ events: made }));
    this.feed.committed(events);
  }

  /** Takes lists until so many items are there, and ends. */
  async take(count: number, query: StreamQuery = {}): Promise<StreamItem[]> {
    const ending = new AbortController();
    const taken: StreamItem[] = [];
    for await (const items of this.feed.follow(query, ending.signal)) {
      taken.push(...items);
      if (taken.length >= count) break;
    }
    ending.abort();
    return taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.spools[Symbol.asyncDispose]();
  }
}

/** What came, in short: the numbers of events, and notices by name. */
export function inShort(items: readonly StreamItem[]): (number | string)[] {
  return items.map((item) =>
    item.kind === "event" ? Number(item.event.message["number"]) : item.notice.notice
  );
}

function eventOf(number: number): NewEvent {
  const event = number % 3 === 0 ? "PEER_CONNECT" : "VOLUME_START";
  const payload = {
    nodeid: FEED_NODE.id,
    ts: Math.floor(START_MS / 1000) + number,
    event,
    message: { number: String(number) },
    id: ulidOf(number),
  };
  return {
    id: payload.id,
    receivedMs: START_MS + 1000 * number,
    event,
    payload: JSON.stringify(payload),
  };
}

function toDigits(value: number, length: number): string {
  let digits = "";
  for (let left = value; digits.length < length; left = Math.floor(left / 32)) {
    digits = DIGITS.charAt(left % 32) + digits;
  }
  return digits;
}
