/**
 * Events as they come in, and what is said between them, for people.
 *
 * @module
 */
import type { StreamNotice } from "../api/event_stream.ts";
import type { HistoryEvent } from "../api/spool_reports.ts";
import { showMessage } from "../event/show_message.ts";
import { toVisible } from "../std/plain_text.ts";
import { EVENT_COLUMN, GrowingColumns, NODE_COLUMN } from "./growing_columns.ts";
import { showTime } from "./local_time.ts";

const TIME_WIDTH = "2026-11-23 03:04:05".length;
const SEVERITY = "SEVERITY";

/** Renders events as rows; a column that proves too narrow is wider from then on. */
export class WatchRows {
  readonly #columns = new GrowingColumns([
    { title: "TIME", width: TIME_WIDTH },
    EVENT_COLUMN,
    { title: SEVERITY, width: SEVERITY.length },
    NODE_COLUMN,
  ]);

  /** The headings. */
  heading(): string {
    return this.#columns.heading("MESSAGE");
  }

  /** An event's row: local time, name, severity, node (its host name, else its UUID), message. */
  row(
    { received_at: time, event, severity, nodeid, host = nodeid, message }: HistoryEvent,
  ): string {
    const cells = [event, severity, host, showMessage(message)].map(toVisible);
    return this.#columns.row([showTime(time), ...cells]);
  }
}

/** A notice in words. */
export function describeNotice(notice: StreamNotice): string {
  const host = toVisible(notice.host);
  switch (notice.notice) {
    case "live":
      return `${host}: from here on events are shown as they come in`;
    case "gap":
      return `${host}: events may be missing here: ${toVisible(notice.reason)}`;
    case "away":
      return `${host} is away: ${
        toVisible(notice.reason)
      }; what it receives follows when it is back`;
    case "back":
      return `${host} is back`;
  }
}
