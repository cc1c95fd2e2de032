/**
 * Events as the server sends them to a browser's `EventSource` (the `text/event-stream` of the HTML
 * standard, section 9.2).
 *
 * @module
 */
import type { StreamItem } from "./event_stream.ts";
import type { HistoryEvent } from "./spool_reports.ts";

/** The media type. */
export const EVENT_STREAM_TYPE = "text/event-stream";

/** What comes first: when to connect again, in milliseconds. */
export const STREAM_OPENING = "retry: 1000\n\n";
/** A line that means nothing, and shows whether anybody is there. */
export const KEEP_ALIVE = ":\n\n";

/** What `event:` says of a notice; events have none, so that `onmessage` gets them. */
export const NOTICE_TYPE = "notice";

/** Texts of events: made once for all who follow. */
const TEXTS = new WeakMap<HistoryEvent, string>();

/** What is sent of a piece, as JSON. */
export function jsonOf(item: StreamItem): string {
  if (item.kind === "notice") return JSON.stringify(item.notice);
  const text = TEXTS.get(item.event) ?? JSON.stringify(item.event);
  TEXTS.set(item.event, text);
  return text;
}

/** A piece as it is written. JSON has no line breaks in it. */
export function formatItem(item: StreamItem): string {
  if (item.kind === "event") {
    return `id: ${item.position}\ndata: ${jsonOf(item)}\n\n`;
  }
  const id = item.position === undefined ? "" : `id: ${item.position}\n`;
  return `${id}event: ${NOTICE_TYPE}\ndata: ${jsonOf(item)}\n\n`;
}

/** Pieces put together to about so many characters, which more than one only exceeds alone. */
export function* joinPieces(pieces: Iterable<string>, most: number): Generator<string> {
  let joined = "";
  for (const piece of pieces) {
    if (joined !== "" && joined.length + piece.length > most) {
      yield joined;
      joined = "";
    }
    joined += piece;
  }
  if (joined !== "") yield joined;
}
