/**
 * From events to the body of a request, in the format that the webhook wants.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import type { PostedEvent } from "./delivery_request.ts";

/** What a request carries, and the headers that say what it is. */
export interface Encoded {
  /** Names in lower case; the content type is always one of them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The events as the webhook wants them. */
export function encodeEvents({ batch }: Webhook, events: readonly PostedEvent[]): Encoded {
  const payloads = events.map(({ payload }) => payload).join(",");
  return {
    headers: { "content-type": "application/json" },
    body: batch > 1 ? `[${payloads}]` : payloads,
  };
}
