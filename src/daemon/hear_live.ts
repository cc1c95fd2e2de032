/**
 * Listens in on a stream of the events of all nodes: what happens elsewhere no datagram tells here.
 *
 * @module
 */
import type { StreamItem } from "../api/event_stream.ts";
import type { HistoryEvent } from "../api/spool_reports.ts";

/** How to listen. */
export interface HearLiveOptions {
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Called with what is new in the stream.
   *
   * @param isLate Whether it happened long ago, by the clock of its node: who was away tells it when
   *   it is back.
   */
  readonly onHeard: (event: HistoryEvent, isLate: boolean) => void;
}

/** The clocks of nodes differ by less, as a rule. */
const LATE_MS = 60_000;

/**
 * The same stream; what is new in it is told too, and not what it begins with: that has happened
 * long ago.
 */
export async function* hearLive(
  items: AsyncIterable<readonly StreamItem[]>,
  { now, onHeard }: HearLiveOptions,
): AsyncGenerator<readonly StreamItem[], void, void> {
  let isLive = false;
  for await (const list of items) {
    for (const item of list) {
      if (item.kind === "event" && isLive) {
        onHeard(item.event, now() - Date.parse(item.event.received_at) >= LATE_MS);
      }
      if (item.kind === "notice" && item.notice.notice === "live") isLive = true;
    }
    yield list;
  }
}
