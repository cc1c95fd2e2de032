/**
 * What a webhook request says, as a person or a program wants to see it.
 *
 * @module
 */
import { toPlainJson } from "../std/plain_text.ts";
import {
  isFields,
  notAnEvent,
  readShape,
  type ShapedEvent,
  type ShownEvent,
} from "./event_shapes.ts";

/** A request that the test hook got. */
export interface ReceivedRequest {
  readonly receivedMs: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One event of a request, in words. */
export interface ReceivedEvent extends ShownEvent {
  readonly receivedMs: number;
}

/** Beyond so many events nobody looks: the daemon's batches have a thousand at most. */
const MOST_EVENTS = 5000;

/** The events of a request for a table; a body that is none is shown as it is. */
export function readEvents(request: ReceivedRequest): ReceivedEvent[] {
  return readShapes(request).map(({ shown }) => ({ receivedMs: request.receivedMs, ...shown }));
}

/** The same with all that is known of them. */
export function readShapes({ body, headers }: ReceivedRequest): ShapedEvent[] {
  const parsed = parseJson(body);
  // Alertmanager is posted an empty list for an event that is no alert.
  const shapes = Array.isArray(parsed) ? readList(parsed) : readValue(parsed, body);
  const [only, ...others] = shapes;
  return only === undefined || others.length > 0 ? shapes : [withHeaders(only, headers)];
}

function readList(values: readonly unknown[]): ShapedEvent[] {
  if (values.length === 0) return [notAnEvent("(empty list)", "")];
  const shapes: ShapedEvent[] = [];
  for (const [index, value] of values.entries()) {
    if (shapes.length >= MOST_EVENTS) {
      return [...shapes, notAnEvent(`(${values.length - index} more)`, "")];
    }
    shapes.push(...readValue(value));
  }
  return shapes;
}

/** @param text The value as it came. */
function readValue(value: unknown, text = JSON.stringify(value)): ShapedEvent[] {
  const events = isFields(value) ? readShape(value) : [];
  if (events.length > 0) return events;
  const what = isFields(value) ? "(no event)" : text === "" ? "(empty)" : "(no JSON object)";
  return [notAnEvent(what, text)];
}

/** What the headers of a request with one event tell of it. */
function withHeaders(event: ShapedEvent, headers: ReceivedRequest["headers"]): ShapedEvent {
  const sequence = headers["ce-sequence"];
  return {
    ...event,
    id: event.id || headers["ce-id"] || headers["webhook-id"] || "",
    at: event.at ?? headers["ce-time"] ?? null,
    ...(sequence === undefined ? {} : { sequence }),
  };
}

/** A request as one JSON object, the form that `--json` and `--output` write. */
export function toJsonLine(
  { receivedMs, path, headers, body }: ReceivedRequest,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const time = new Date(receivedMs).toISOString();
  return toPlainJson({
    time,
    path,
    headers: maskHeaders(headers),
    body: parseJson(body) ?? body,
    ...more,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const CREDENTIAL_HEADERS = new Set(["authorization", "cookie", "proxy-authorization"]);

/** Terminals, files and pages keep what they are shown: no tokens and cookies there. */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      CREDENTIAL_HEADERS.has(name) ? value.replace(/^(\S+ )?.*$/s, "$1***") : value,
    ]),
  );
}
