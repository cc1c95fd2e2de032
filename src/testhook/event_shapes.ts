/**
 * The shapes in which a webhook's formats put events, and what they say.
 *
 * @module
 */
import { SEVERITIES, type Severity } from "../event/catalog.ts";
import { type EventPayload, LAST_SECOND } from "../event/event.ts";
import { factsOf } from "../event/event_facts.ts";
import { kindOf } from "../event/event_filter.ts";
import { happeningOf } from "../event/headline.ts";
import { showMessage } from "../event/show_message.ts";
import { TEST_EVENT, TEST_KIND } from "../event/test_event.ts";

/** What is shown of an event in one row. */
export interface ShownEvent {
  readonly event: string;
  /** The UUID of the node that reports it. */
  readonly node: string;
  /** The node's host name, if the event has it. */
  readonly host?: string;
  readonly message: string;
}

/** An event as a format has it. */
export interface ShapedEvent {
  readonly shown: ShownEvent;
  /** Empty if it has none in its body. */
  readonly id: string;
  readonly group: string;
  readonly severity: Severity | null;
  /** What happened, in a line. */
  readonly text: string;
  /** Key by key; `null` in a format that has no such thing. */
  readonly message: unknown;
  /** RFC 3339. */
  readonly at: string | null;
  /** The event itself, if the format holds it whole. */
  readonly payload?: EventPayload;
  /** Its place in the log of its node, as CloudEvents tell it. */
  readonly sequence?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Slack itself takes a hundred. */
const MOST_ATTACHMENTS = 1000;
/** Of what is no event, in characters; those who want all of it have `--json`. */
const LONGEST_STRANGE = 4096;
/** The longest line that is shown of an event, in characters. */
const LONGEST_TEXT = 1000;
const ULID_AT_END = /(?:^| )([0-7][0-9A-HJKMNP-TV-Z]{25})$/;

/** The events of a JSON object; none if it has no shape that is known. */
export function readShape(value: Fields): ShapedEvent[] {
  const { specversion, data, attachments, labels } = value;
  if (Array.isArray(attachments)) {
    return attachments.slice(0, MOST_ATTACHMENTS).filter(isFields).map(readAttachment);
  }
  if (isFields(labels)) return [readAlert(labels, value)];
  // A structured CloudEvent has the event in it; of a binary one the body is the event itself.
  if (specversion === undefined || !isFields(data)) return readPayload(value);
  const { id, time, sequence } = value;
  return readPayload(data).map((event) => ({
    ...event,
    id: event.id || textOf(id),
    at: event.at ?? (textOf(time) || null),
    ...(typeof sequence === "string" ? { sequence } : {}),
  }));
}

/** Something that is no event, shown as it is. */
export function notAnEvent(what: string, body: string): ShapedEvent {
  return {
    shown: { event: what, node: "-", message: cut(body, LONGEST_STRANGE) },
    id: "",
    group: "",
    severity: null,
    text: toLine(body),
    message: null,
    at: null,
  };
}

/** Whether it is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of the formats that hold the event itself. */
function readPayload({ event, nodeid, host, message, id, ts }: Fields): ShapedEvent[] {
  if (typeof event !== "string") return [];
  const { group, severity } = event === TEST_EVENT ? TEST_KIND : kindOf(event);
  const isTime = isSecond(ts);
  const payload: EventPayload = {
    nodeid: textOf(nodeid),
    ts: isTime ? ts : 0,
    event,
    message: isFields(message) ? message as EventPayload["message"] : {},
    id: textOf(id),
    event_group: group,
    severity,
    host: textOf(host),
  };
  return [{
    shown: { event, ...nodeOf(nodeid, host), message: showMessage(message) },
    id: payload.id,
    group,
    severity,
    text: toLine(textFor(payload)),
    message,
    at: isTime ? toTime(ts) : null,
    payload,
  }];
}

function textFor(payload: EventPayload): string {
  return payload.event === TEST_EVENT
    ? "somebody tries this webhook"
    : happeningOf(factsOf(payload));
}

/** Of a message for Slack. */
function readAttachment({ fallback, title, footer, ts }: Fields): ShapedEvent {
  const message = typeof fallback === "string" ? fallback : String(title ?? "");
  return {
    shown: { event: "(message)", node: "-", message },
    id: ULID_AT_END.exec(textOf(footer))?.[1] ?? "",
    group: "",
    severity: null,
    text: toLine(message),
    message: null,
    at: isSecond(ts) ? toTime(ts) : null,
  };
}

/** Of a list for Alertmanager. */
function readAlert(labels: Fields, { annotations, startsAt, endsAt }: Fields): ShapedEvent {
  const told = isFields(annotations) ? annotations : {};
  const what = startsAt === endsAt ? "closed" : "open";
  const summary = told["summary"];
  const line = `${what}: ${typeof summary === "string" ? summary : showMessage(labels)}`;
  const severity = SEVERITIES.find((each) => each === labels["severity"]) ?? null;
  return {
    shown: {
      event: String(labels["alertname"] ?? "(no alertname)"),
      ...nodeOf(labels["nodeid"], labels["node"]),
      message: line,
    },
    id: textOf(told["event_id"]),
    group: textOf(labels["group"]),
    severity,
    text: toLine(line),
    message: labels,
    at: textOf(startsAt) || null,
  };
}

function nodeOf(id: unknown, host: unknown): Pick<ShownEvent, "node" | "host"> {
  return {
    node: typeof id === "string" ? id : "-",
    ...(typeof host === "string" ? { host } : {}),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function toLine(text: string): string {
  return cut(text.slice(0, 2 * LONGEST_TEXT).replace(/\s+/g, " ").trim(), LONGEST_TEXT);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Whether it is a time in seconds since 1970 that RFC 3339 can write. */
function isSecond(ts: unknown): ts is number {
  return typeof ts === "number" && ts >= 0 && ts <= LAST_SECOND;
}

function toTime(ts: number): string {
  return new Date(ts * 1000).toISOString();
}
