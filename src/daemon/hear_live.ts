/**
 * Listens in on a stream of the events of all nodes: what happens elsewhere no datagram tells here.
 *
 * @module
 */
import type { StreamItem } from "../api/event_stream.ts";
import type { HistoryEvent } from "../api/spool_reports.ts";

/**
 * The same stream; what is new in it is told too, and not what it begins with: that has happened
 * long ago.
 */
export async function* hearLive(
  items: AsyncIterable<readonly StreamItem[]>,
  onHeard: (event: HistoryEvent) => void,
): AsyncGenerator<readonly StreamItem[], void, void> {
  let isLive = false;
  for await (const list of items) {
    for (const item of list) {
      if (item.kind === "event" && isLive) onHeard(item.event);
      else if (item.kind === "notice" && item.notice.notice === "live") isLive = true;
    }
    yield list;
  }
}
