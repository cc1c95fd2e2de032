/**
 * The events on their way to whoever follows them over HTTP.
 *
 * @module
 */
import type { FollowEvents, StreamQuery } from "./event_stream.ts";
import {
  EVENT_STREAM_TYPE,
  formatItem,
  joinPieces,
  KEEP_ALIVE,
  STREAM_OPENING,
} from "./server_sent.ts";
import type { StallCutter } from "./stall_cutter.ts";
import { StreamSource } from "./stream_source.ts";

/** How long. */
export interface StreamLimits {
  /** After so long without an event something is sent that means nothing. */
  readonly keepAliveMs: number;
  /** How long one who follows may leave what is there for him untaken. */
  readonly stallMs: number;
}

/** What a stream is served with. */
export interface StreamServing {
  readonly limits: StreamLimits;
  readonly cutter: StallCutter;
  /** WebSockets that are not closed yet: `Deno.serve` knows nothing more of them. */
  readonly sockets: Set<Promise<void>>;
}

/**
 * Whoever does not read costs about 600 KB, until he is cut off: Deno takes so much from a stream
 * before it stops asking for more, and one piece beyond that.
 */
const PIECE_CHARACTERS = 8 * 1024;

/**
 * Answers with the events as `text/event-stream`.
 *
 * @throws What following them throws.
 */
export function answerServerSent(
  follow: FollowEvents,
  query: StreamQuery,
  { limits, cutter }: StreamServing,
): Response {
  const ending = new AbortController();
  const source = new StreamSource(follow(query, ending.signal));
  const pieces = piecesOf(source, limits.keepAliveMs);
  const encoder = new TextEncoder();
  const stall = cutter.watch(limits.stallMs, () => ending.abort());
  const end = () => {
    stall.taken();
    ending.abort();
    source.end();
  };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      stall.taken();
      try {
        const { done, value } = await pieces.next();
        if (done !== true) {
          // Whoever has hung up meanwhile takes nothing, and is not stuck.
          if (!ending.signal.aborted) stall.given();
          controller.enqueue(encoder.encode(value));
          return;
        }
        end();
        controller.close();
      } catch (error) {
        end();
        throw error;
      }
    },
    cancel: end,
    // What nobody asked for yet is not made.
  }, { highWaterMark: 0 });
  // A proxy in between should not gather them either.
  const headers = { "content-type": EVENT_STREAM_TYPE, "x-accel-buffering": "no" };
  return new Response(body, { headers });
}

async function* piecesOf(source: StreamSource, keepAliveMs: number): AsyncGenerator<string> {
  yield STREAM_OPENING;
  for (;;) {
    const next = await source.next(keepAliveMs);
    if (next === "end") return;
    if (next === "nothing") yield KEEP_ALIVE;
    else yield* joinPieces(next.map(formatItem), PIECE_CHARACTERS);
  }
}
