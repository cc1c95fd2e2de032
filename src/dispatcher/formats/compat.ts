/**
 * The format `compat`: byte for byte what upstream's daemon posts, where it posts anything.
 *
 * @module
 */
import type { EventPayload } from "../../event/event.ts";
import { toUpstreamMessage } from "../../event/upstream_message.ts";
import { type Json, toPythonJson, withSortedKeys } from "../../std/python_json.ts";

/** The four keys that upstream's events have, from the payload that is kept. */
export function toCompatBody(payload: string): string {
  const { nodeid, ts, event, message }: EventPayload = JSON.parse(payload);
  const entries = toUpstreamMessage(event, message) ?? Object.entries<Json>(message);
  return toPythonJson({ event, message: withSortedKeys(entries), nodeid, ts });
}
