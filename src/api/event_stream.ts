/**
 * What `GET /v1/events` sends, as it happens. Others build on these names: a field once published
 * stays.
 *
 * @module
 */
import type { HistoryEvent } from "./spool_reports.ts";

/** Asks for events as they come. */
export interface StreamQuery {
  /** Patterns such as `VOLUME_*`, `!VOLUME_SET` and `group:BRICK`. */
  readonly events?: readonly string[];
  /** This severity or worse. */
  readonly severity?: string;
  /**
   * Where to go on: the id of an event, after which it goes on; a time as RFC 3339; or a position as
   * the stream names it, `NODE=ID` for each node with commas between. Absent: with the next event.
   */
  readonly since?: string;
  /** Of this node, or of all nodes of the pool. */
  readonly scope?: "node" | "cluster";
}

/** Something that has to be said between the events. */
export type StreamNotice =
  /** All that was asked for of the past has been sent: from here on it is live. */
  | { readonly notice: "live"; readonly node: string; readonly host: string }
  /** The history does not reach back as far as was asked: events may be missing before the next. */
  | {
    readonly notice: "gap";
    readonly node: string;
    readonly host: string;
    readonly reason: string;
  }
  /** Nothing can be heard of a node; it goes on where it stopped once the node is back. */
  | {
    readonly notice: "away";
    readonly node: string;
    readonly host: string;
    readonly reason: string;
  }
  /** A node is heard again. */
  | { readonly notice: "back"; readonly node: string; readonly host: string };

/** One piece of the stream. */
export type StreamItem =
  /**
   * `position` is what `since` has to be to go on behind it. A notice has it where something of the
   * log is before it: whoever got no event yet can go on from there.
   */
  | { readonly kind: "event"; readonly event: HistoryEvent; readonly position: string }
  | { readonly kind: "notice"; readonly notice: StreamNotice; readonly position?: string };

/**
 * Follows the events. A list is taken when the one before is out: who is slow is behind, and costs
 * nothing. It ends by the signal.
 */
export type FollowEvents = (
  query: StreamQuery,
  signal: AbortSignal,
) => AsyncIterable<readonly StreamItem[]>;
