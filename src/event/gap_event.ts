/**
 * The event by which gluster-eventing itself says that others are missing.
 *
 * @module
 */
import type { Severity } from "./catalog.ts";
import type { EventOrigin, EventPayload, Message } from "./event.ts";

/** Its name, which no event of Gluster has. */
export const GAP_EVENT = "EVENTING_GAP";

/** Its group and severity: what is missing may be anything. */
export const GAP_KIND: { readonly group: string; readonly severity: Severity } = {
  group: "EVENTING",
  severity: "alert",
};

/** The payload of an event that says which events are missing. */
export function toGapPayload({ id, node, atMs }: EventOrigin, message: Message): EventPayload {
  return {
    nodeid: node.id,
    ts: Math.floor(atMs / 1000),
    event: GAP_EVENT,
    message,
    id,
    event_group: GAP_KIND.group,
    severity: GAP_KIND.severity,
    host: node.host,
  };
}
