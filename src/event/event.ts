/**
 * An event as the daemon keeps it and as webhooks get it.
 *
 * @module
 */
import {
  eventTypeByIndex,
  eventTypeByName,
  type Severity,
  UNKNOWN_GROUP,
  UNKNOWN_SEVERITY,
} from "./catalog.ts";

/** A value in a message: text, the `force` switch, or the options of `VOLUME_SET` as pairs. */
export type MessageValue = string | boolean | readonly (readonly [string, string])[];

/** What an event says, key by key, in the order in which it was sent. */
export type Message = Readonly<Record<string, MessageValue>>;

/** What a datagram says: who sends it and where it came from is not in it. */
export interface Report {
  /** When the sender saw it happen: seconds since 1970 on the sender's clock. */
  readonly ts: number;
  /** The type's name, or `UNKNOWN_<index>`. */
  readonly event: string;
  readonly message: Message;
}

/** The node that events come to. */
export interface ReportingNode {
  /** Its UUID. */
  readonly id: string;
  readonly host: string;
}

/** Where an event comes from that gluster-eventing itself makes. */
export interface EventOrigin {
  readonly id: string;
  readonly node: ReportingNode;
  /** When it is said, in milliseconds since 1970. */
  readonly atMs: number;
}

/** A report that this node received. */
export interface GlusterEvent extends Report {
  /** A ULID made at receipt; the same in every attempt to deliver the event. */
  readonly id: string;
  /** The UUID of the node that received it. */
  readonly nodeId: string;
  /** The host name of that node. */
  readonly host: string;
}

/** The JSON body of a webhook request in the format `gluster`; the first four keys are upstream's. */
export interface EventPayload {
  readonly nodeid: string;
  readonly ts: number;
  readonly event: string;
  readonly message: Message;
  readonly id: string;
  readonly event_group: string;
  readonly severity: Severity;
  /** The host name of the node. */
  readonly host: string;
}

/** The last second that RFC 3339 can write, in seconds since 1970: it has four digits for the year. */
export const LAST_SECOND: number = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;

/** The name of the type with this wire index, also where the catalog does not know it. */
export function eventName(index: number): string {
  return eventTypeByIndex(index)?.name ?? `UNKNOWN_${index}`;
}

/** The payload that webhooks of the format `gluster` get. */
export function toPayload(event: GlusterEvent): EventPayload {
  const type = eventTypeByName(event.event);
  return {
    nodeid: event.nodeId,
    ts: event.ts,
    event: event.event,
    message: event.message,
    id: event.id,
    event_group: type?.group ?? UNKNOWN_GROUP,
    severity: type?.severity ?? UNKNOWN_SEVERITY,
    host: event.host,
  };
}
