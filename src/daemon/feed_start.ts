/**
 * Where a stream of events begins in this node's log.
 *
 * @module
 */
import { formatTime } from "../api/rfc3339.ts";
import { parseStart, type StreamStart } from "../api/stream_start.ts";
import { findEvents } from "../spool/history.ts";
import { findStart, type LogEdge, readEdge } from "../spool/log_start.ts";
import type { Spool } from "../spool/spool.ts";
import { isOnlyTime, ulidTimeMs } from "../std/ulid.ts";

/** Where to begin, and what is to be said before. */
export interface FeedStart {
  /** The place in the log before the first event. */
  readonly afterSeq: number;
  /** What was received before is left out, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** Why events may be missing before the first one. */
  readonly gap?: string;
}

/**
 * Finds it, step by step.
 *
 * @param since As it was asked for; absent: with the next event.
 * @throws {SpoolError} If the log cannot be read.
 */
export function* findFeedStart(
  spool: Spool,
  { since, nodeId }: { readonly since?: string; readonly nodeId: string },
): Generator<undefined, FeedStart> {
  const live = { afterSeq: spool.lastSeq, sinceMs: -Infinity };
  const start = since === undefined ? undefined : parseStart(since);
  if (start === undefined) return live;
  if (start.kind === "time") return yield* fromTimeOn(spool, start.timeMs);
  const id = start.kind === "id" ? start.id : ownId(spool, { start, nodeId });
  if (id === undefined) return live;
  if (isOnlyTime(id)) return yield* fromTimeOn(spool, ulidTimeMs(id));
  const [event] = findEvents(spool, [id]);
  // Whether there is a hole behind it is seen when it is read.
  if (event !== undefined) return { afterSeq: event.seq, sinceMs: -Infinity };
  const timeMs = ulidTimeMs(id);
  const edge = readEdge(spool);
  const isWithin = edge.firstMs !== undefined && edge.firstMs <= timeMs;
  const isLost = edge.prunedSeq === 0 ? !isWithin : isForgotten(edge, timeMs);
  return yield* fromTime(spool, timeMs, isLost ? edge : undefined);
}

/** Why events are not there that were asked for. */
export function describeEdge({ firstMs }: LogEdge): string {
  return firstMs === undefined
    ? "this node's history is empty by now"
    : `this node's history begins at ${formatTime(firstMs)}`;
}

function* fromTimeOn(spool: Spool, timeMs: number): Generator<undefined, FeedStart> {
  const edge = readEdge(spool);
  return yield* fromTime(spool, timeMs, isForgotten(edge, timeMs) ? edge : undefined);
}

function* fromTime(
  spool: Spool,
  sinceMs: number,
  edge: LogEdge | undefined,
): Generator<undefined, FeedStart> {
  const afterSeq = yield* findStart(spool, sinceMs);
  return { afterSeq, sinceMs, ...(edge === undefined ? {} : { gap: describeEdge(edge) }) };
}

/** Whether something that was received then, or later, is forgotten. */
function isForgotten({ prunedSeq, prunedMs, firstMs }: LogEdge, timeMs: number): boolean {
  if (prunedSeq === 0) return false;
  // A spool of an older version does not know.
  return prunedMs === 0 ? firstMs === undefined || firstMs > timeMs : timeMs <= prunedMs;
}

/** The id that a position has for this node, also if its UUID was another one then. */
function ownId(
  spool: Spool,
  { start: { ids }, nodeId }: {
    readonly start: Extract<StreamStart, { kind: "position" }>;
    readonly nodeId: string;
  },
): string | undefined {
  return ids.get(nodeId.toLowerCase()) ?? findEvents(spool, [...ids.values()]).at(-1)?.id;
}
