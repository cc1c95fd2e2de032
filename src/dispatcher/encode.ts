/**
 * From events to the body of a request, in the format that the webhook wants.
 *
 * @module
 */
import type { Format, Webhook } from "../registry/schema.ts";
import type { PostedEvent } from "./delivery_request.ts";
import { toAlerts } from "./formats/alertmanager.ts";
import {
  CLOUDEVENT_TYPE,
  CLOUDEVENTS_TYPE,
  toCloudEvent,
  toCloudEventHeaders,
} from "./formats/cloudevents.ts";
import { toCompatBody } from "./formats/compat.ts";
import { toSlackBody } from "./formats/slack.ts";

/** What a request carries, and the headers that say what it is. */
export interface Encoded {
  /** Names in lower case; the content type is always one of them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The way in which a webhook wants its events. */
export type WantedFormat = Pick<Webhook, "format" | "batch">;

const JSON_TYPE = "application/json";

/** The events as the webhook wants them; a list as soon as it takes several at once. */
export function encodeEvents(wanted: WantedFormat, events: readonly PostedEvent[]): Encoded {
  const headers = { "content-type": contentTypeOf(wanted) };
  if (wanted.format === "cloudevents-binary") return encodeBinary(events, headers);
  return { headers, body: BODIES[wanted.format](events, wanted.batch > 1) };
}

/** The content type of a webhook's requests. */
export function contentTypeOf({ format, batch }: WantedFormat): string {
  if (format !== "cloudevents") return JSON_TYPE;
  return batch > 1 ? CLOUDEVENTS_TYPE : CLOUDEVENT_TYPE;
}

type ToBody = (events: readonly PostedEvent[], isList: boolean) => string;

const BODIES: Readonly<Record<Exclude<Format, "cloudevents-binary">, ToBody>> = {
  gluster: (events, isList) => join(events.map(({ payload }) => payload), isList),
  compat: (events, isList) => join(events.map(({ payload }) => toCompatBody(payload)), isList),
  cloudevents: (events, isList) => join(events.map(toCloudEvent), isList),
  slack: toSlackBody,
  alertmanager: toAlerts,
};

function join(bodies: readonly string[], isList: boolean): string {
  const text = bodies.join(",");
  return isList ? `[${text}]` : text;
}

/** The registry allows one event in such a request. */
function encodeBinary(events: readonly PostedEvent[], headers: Encoded["headers"]): Encoded {
  const [event] = events;
  if (event === undefined || events.length > 1) {
    throw new TypeError(`Cannot put ${events.length} events into one binary CloudEvent`);
  }
  return { headers: { ...headers, ...toCloudEventHeaders(event) }, body: event.payload };
}
