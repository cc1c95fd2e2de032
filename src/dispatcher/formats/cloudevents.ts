/**
 * Events as CloudEvents 1.0.2, structured and binary (the JSON format, the HTTP binding, and the
 * extensions severity, recordedtime, sequence and partitioning of its specification).
 *
 * @module
 */
import type { Severity } from "../../event/catalog.ts";
import { LAST_SECOND } from "../../event/event.ts";
import { readFacts, subjectOf } from "../../event/event_facts.ts";
import type { PostedEvent } from "../delivery_request.ts";

/**
 * The content type of one event. The name of the character set is the same in upper case
 * (RFC 9110, 8.3.2), but the SDK for JavaScript knows it only like this.
 */
export const CLOUDEVENT_TYPE = "application/cloudevents+json; charset=utf-8";

/** The content type of a list of events. */
export const CLOUDEVENTS_TYPE = "application/cloudevents-batch+json; charset=utf-8";

const TYPE_PREFIX = "org.gluster.";

/** By OpenTelemetry's log data model. */
const SEVERITIES: Readonly<Record<Severity, readonly [text: string, number: number]>> = {
  info: ["INFO", 9],
  warning: ["WARN", 13],
  alert: ["ERROR", 17],
  critical: ["FATAL", 21],
};

/** Receivers limit what a header may have, most of them to 8 KiB for all. */
const LONGEST_HEADER = 1024;

/** What may not be in an attribute: control characters, halves of characters, no characters. */
const NOT_TEXT = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu;

type Attributes = Readonly<Record<string, string | number>>;

/** The type of CloudEvents for events of this name: `org.gluster.volume.create`. */
export function toCloudEventType(event: string): string {
  return TYPE_PREFIX + event.toLowerCase().replaceAll("_", ".");
}

/** One event as JSON, the payload in it as it is kept. */
export function toCloudEvent(event: PostedEvent): string {
  const attributes = JSON.stringify(attributesOf(event));
  return `${attributes.slice(0, -1)},"datacontenttype":"application/json","data":${event.payload}}`;
}

/** One event as the headers of a request whose body is the payload; they are all ASCII. */
export function toCloudEventHeaders(event: PostedEvent): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributesOf(event)).map(([name, value]) => [
      `ce-${name}`,
      encodeHeader(String(value)),
    ]),
  );
}

function attributesOf(event: PostedEvent): Attributes {
  const { id, seq, receivedMs } = event;
  const facts = readFacts(event.payload);
  const { nodeid, ts, severity } = facts.payload;
  const [severityText, severityNumber] = SEVERITIES[severity] ?? SEVERITIES.warning;
  return {
    specversion: "1.0",
    id: clean(id),
    source: `urn:uuid:${encodeURIComponent(clean(nodeid))}`,
    type: clean(toCloudEventType(event.event)),
    ...bounded("subject", subjectOf(facts)),
    ...(ts <= LAST_SECOND ? { time: toTime(ts * 1000).replace(".000Z", "Z") } : {}),
    recordedtime: toTime(receivedMs),
    // An event that no log holds has no place in it.
    ...(seq > 0 ? { sequence: String(seq).padStart(20, "0") } : {}),
    ...bounded("partitionkey", facts.volume),
    severitytext: severityText,
    severitynumber: severityNumber,
  };
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * The attribute, unless it is empty or would be too long a header: a part of a name would be the
 * name of something else.
 */
function bounded(name: string, value: string | undefined): Attributes {
  if (value === undefined || value === "") return {};
  const text = clean(value);
  return encodeHeader(text).length > LONGEST_HEADER ? {} : { [name]: text };
}

function clean(text: string): string {
  return text.replace(NOT_TEXT, "\ufffd");
}

/**
 * Percent-encodes the blank, `"`, `%` and what is not printable ASCII (HTTP binding, 3.1.3.2), so
 * that nothing in a value can end the header.
 */
function encodeHeader(text: string): string {
  return text.toWellFormed()
    .replace(/[^\x21-\x7e]|["%]/gu, (character) => encodeURIComponent(character));
}
