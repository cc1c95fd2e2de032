/**
 * From events to the request that carries them.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Webhook } from "../registry/schema.ts";
import { authenticate } from "./authenticate.ts";
import type { Credentials } from "./credentials.ts";
import { type Encoded, encodeEvents } from "./encode.ts";

/** One request to a webhook. */
export interface DeliveryRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The parts of an event that a request needs. */
export interface PostedEvent {
  readonly id: string;
  /** Its place in this node's log. */
  readonly seq: number;
  readonly receivedMs: number;
  /** The type's name. */
  readonly event: string;
  readonly payload: string;
}

/** Events that go to a webhook together. */
export interface PostedEvents {
  readonly webhook: Webhook;
  readonly events: readonly PostedEvent[];
  /** When the request is made, in milliseconds since 1970: a token is valid for a minute. */
  readonly atMs: number;
  /** What the request authenticates with; if absent, what the registry itself holds. */
  readonly credentials?: Credentials;
  /** Posts nothing of them, and so nothing that has a type. */
  readonly isEmpty?: boolean;
}

const NOTHING: Encoded = { headers: {}, body: "" };

/**
 * The request that carries events to a webhook: one event, or, if the webhook takes several at
 * once, a list.
 */
export function buildRequest(posted: PostedEvents, userAgent: string): DeliveryRequest {
  const { webhook, events, isEmpty = false } = posted;
  const { headers, body } = isEmpty ? NOTHING : encodeEvents(webhook, events);
  const id = requestId(events);
  return {
    url: webhook.url,
    headers: {
      ...webhook.headers,
      ...headers,
      "user-agent": userAgent,
      "webhook-id": id,
      ...authenticate({ ...posted, id, body }),
    },
    body,
  };
}

/**
 * The event's id; for several, one that follows from all of theirs: a receiver that drops what it
 * has seen must not drop other events because they begin with the same one.
 */
export function requestId(events: readonly Pick<PostedEvent, "id">[]): string {
  const [first, ...others] = events.map(({ id }) => id);
  if (first === undefined || others.length === 0) return first ?? "";
  const digest = createHash("sha256").update([first, ...others].join(" ")).digest("hex");
  return `batch_${digest.slice(0, 32)}`;
}
