/**
 * Events as they come in, and what is said between them, for people.
 *
 * @module
 */
import type { StreamNotice } from "../api/event_stream.ts";
import type { HistoryEvent } from "../api/spool_reports.ts";
import { showMessage } from "../event/show_message.ts";
import { toVisible } from "../std/plain_text.ts";
import { showTime } from "./local_time.ts";
import { padText } from "./render_table.ts";

const TIME_WIDTH = "2026-11-23 03:04:05".length;
const SEVERITY_WIDTH = "SEVERITY".length;

/** Renders events as rows; a column that proves too narrow is wider from then on. */
export class WatchRows {
  #eventWidth = 24;
  #nodeWidth = 12;

  /** The headings. */
  heading(): string {
    return this.#row(["TIME", "EVENT", "SEVERITY", "NODE", "MESSAGE"]);
  }

  /** An event's row: local time, name, severity, node (its host name, else its UUID), message. */
  row(
    { received_at: time, event, severity, nodeid, host = nodeid, message }: HistoryEvent,
  ): string {
    const [name, node, text] = [event, host, showMessage(message)].map(toVisible);
    this.#eventWidth = Math.max(this.#eventWidth, Math.min(name?.length ?? 0, 48));
    this.#nodeWidth = Math.max(this.#nodeWidth, Math.min(node?.length ?? 0, 36));
    return this.#row([showTime(time), name, toVisible(severity), node, text]);
  }

  #row([time = "", event = "", severity = "", node = "", message = ""]: (string | undefined)[]) {
    return [
      padText(time, TIME_WIDTH),
      padText(event, this.#eventWidth),
      padText(severity, SEVERITY_WIDTH),
      padText(node, this.#nodeWidth),
      message,
    ].join("  ").trimEnd();
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
