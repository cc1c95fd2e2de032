/**
 * What is received, as a stream of events of the HTML standard (`text/event-stream`). It is made when
 * the other side takes it: who does not, is behind, and costs nothing.
 *
 * @module
 */
import { joinBytes } from "../std/bytes.ts";
import type { HookRecord } from "./hook_record.ts";

/** How a stream is timed. */
export interface StreamTimes {
  /** Between two pieces at least: what comes meanwhile goes out together. */
  readonly pauseMs: number;
  /** Between two summaries or pictures at least. */
  readonly reportMs: number;
  /** A stream with nothing to say says that it lives. */
  readonly keepAliveMs: number;
  /** Who takes nothing for so long is cut off. */
  readonly stallMs: number;
}

const STREAM_TIMES: StreamTimes = {
  pauseMs: 40,
  reportMs: 100,
  keepAliveMs: 15_000,
  stallMs: 30_000,
};

/** What a stream is made with. */
export interface StreamOptions {
  /** The number of the last request that is known already. */
  readonly since: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Called when it is cut off. */
  readonly onStall: () => void;
  /** Called when it has ended, whatever ended it. */
  readonly onEnd: () => void;
  readonly times?: StreamTimes;
}

/** What goes out together, about. */
const PIECE_BYTES = 64 * 1024;

/** The stream of all that is received from here on, and of what is kept behind `since`. */
export function streamRecord(record: HookRecord, options: StreamOptions): ReadableStream {
  const follower = new Follower(record, options);
  const { signal, onStall, onEnd, times = STREAM_TIMES } = options;
  let stall: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(stall);
    signal.removeEventListener("abort", close);
    follower[Symbol.dispose]();
    onEnd();
  };
  let close = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      close = () => {
        end();
        controller.close();
      };
      if (signal.aborted) close();
      else signal.addEventListener("abort", close);
    },
    async pull(controller) {
      clearTimeout(stall);
      const piece = await follower.next();
      if (piece === undefined) return;
      controller.enqueue(piece);
      stall = setTimeout(() => {
        end();
        controller.error(new Error("The client takes nothing"));
        onStall();
      }, times.stallMs);
    },
    cancel: end,
  }, { highWaterMark: 0 });
}

/** Goes through the record at the speed of whoever reads it. */
class Follower implements Disposable {
  readonly #record: HookRecord;
  readonly #times: StreamTimes;
  readonly #watching: Disposable;
  #since: number;
  /** Up to here `since` decides what is new; behind it, everything is. */
  readonly #joinedAt: number;
  #revision = 0;
  #lastId: number;
  #picture: unknown;
  /** Whether the picture and the summary may be others than those that were sent. */
  #isStale = true;
  #reportedMs = -Infinity;
  #sentMs = -Infinity;
  #isEnded = false;
  #wake = () => {};

  constructor(record: HookRecord, { since, times = STREAM_TIMES }: StreamOptions) {
    this.#record = record;
    this.#times = times;
    // Who knows of more than there is, knew another test hook.
    this.#since = since > record.requests ? 0 : since;
    this.#lastId = this.#since;
    this.#joinedAt = record.log.revision;
    this.#watching = record.watch(() => {
      this.#isStale = true;
      this.#wake();
    });
  }

  /** The next piece; `undefined` at the end. */
  async next(): Promise<Uint8Array | undefined> {
    await this.#until(this.#sentMs + this.#times.pauseMs, false);
    const quietUntil = performance.now() + this.#times.keepAliveMs;
    while (!this.#isEnded) {
      const parts = [...this.#requests(), ...this.#reports()];
      if (parts.length > 0) return this.#send(parts);
      if (performance.now() >= quietUntil) return this.#send([encode(": still here\n\n")]);
      const reportDue = this.#isStale ? this.#reportedMs + this.#times.reportMs : Infinity;
      await this.#until(Math.min(reportDue, quietUntil), true);
    }
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#isEnded = true;
    this.#watching[Symbol.dispose]();
    this.#wake();
  }

  #send(parts: readonly Uint8Array[]): Uint8Array {
    this.#sentMs = performance.now();
    return joinBytes(parts);
  }

  #requests(): Uint8Array[] {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    while (bytes < PIECE_BYTES) {
      const entry = this.#record.log.after(this.#revision);
      if (entry === undefined) break;
      this.#revision = entry.revision;
      if (entry.revision <= this.#joinedAt && entry.number <= this.#since) continue;
      // One that comes again is no place to go on from.
      const id = entry.number > this.#lastId ? `id: ${entry.number}\n` : "";
      this.#lastId = Math.max(this.#lastId, entry.number);
      parts.push(encode(`event: request\n${id}data: `), entry.json, encode("\n\n"));
      bytes += entry.json.length;
    }
    return parts;
  }

  #reports(): Uint8Array[] {
    const now = performance.now();
    if (!this.#isStale || now < this.#reportedMs + this.#times.reportMs) return [];
    const { picture, summary } = this.#record;
    const parts = [encode(`event: summary\ndata: ${JSON.stringify(summary)}\n\n`)];
    if (picture !== this.#picture) {
      parts.push(encode(`event: cluster\ndata: ${JSON.stringify(picture)}\n\n`));
    }
    this.#picture = picture;
    this.#isStale = false;
    this.#reportedMs = now;
    return parts;
  }

  /** Waits for the time, or, if that is wanted, for something new before it. */
  async #until(atMs: number, orNews: boolean): Promise<void> {
    const waitMs = atMs - performance.now();
    if (waitMs <= 0 || this.#isEnded) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = () => {
      if (orNews || this.#isEnded) resolve();
    };
    const timer = setTimeout(resolve, waitMs);
    await promise;
    clearTimeout(timer);
    this.#wake = () => {};
  }
}

const encoder = new TextEncoder();

function encode(text: string): Uint8Array {
  return encoder.encode(text);
}
