/**
 * A request in the form that the page shows, never larger than it is worth.
 *
 * @module
 */
import type { ShapedEvent } from "./event_shapes.ts";
import type { HookEvent, HookMark } from "./hook_report.ts";
import { maskHeaders, type ReceivedRequest } from "./received_event.ts";

/** How much is shown of a body, and of the messages of its events together, in characters. */
const LONGEST_SHOWN = 256 * 1024;
const MOST_EVENTS = 1000;
const MOST_HEADERS = 100;
const LONGEST_HEADER = 8192;

/** What was found odd about an event. */
export interface Oddity {
  readonly marks: readonly HookMark[];
  readonly note: string;
}

const NOTHING_ODD: Oddity = { marks: [], note: "" };

/** The beginning of a body. */
export function showBody(body: string): string {
  return body.length <= LONGEST_SHOWN ? body : body.slice(0, LONGEST_SHOWN).toWellFormed();
}

/** The headers without credentials. */
export function showHeaders(headers: ReceivedRequest["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(maskHeaders(headers)).slice(0, MOST_HEADERS)
      .map(([name, value]) => [name, value.slice(0, LONGEST_HEADER)]),
  );
}

/** The first of a request's events. @param oddities Of each event, by its place. */
export function showEvents(
  events: readonly ShapedEvent[],
  oddities: readonly Oddity[],
): HookEvent[] {
  let room = LONGEST_SHOWN;
  return events.slice(0, MOST_EVENTS).map((event, index) => {
    const { shown, id, group, severity, text, at } = event;
    const length = JSON.stringify(event.message)?.length ?? 0;
    const message = length <= room ? event.message ?? null : null;
    if (message !== null) room -= length;
    const { marks, note } = oddities[index] ?? NOTHING_ODD;
    return {
      id,
      event: shown.event,
      group,
      severity,
      nodeid: shown.node === "-" ? "" : shown.node,
      host: shown.host ?? "",
      text,
      message,
      at,
      marks,
      note,
    };
  });
}
