/**
 * Payloads as the daemon makes them of datagrams.
 *
 * @module
 */
import { parseDatagram } from "../../../src/event/datagram.ts";
import { type EventPayload, toPayload } from "../../../src/event/event.ts";

export const NODE_ID = "e9bfb6da-6bc7-431f-9139-d20d93663784";

/** The payload that a datagram leads to on the node gl1. */
export function payloadOf(datagram: string): EventPayload {
  const report = parseDatagram(datagram);
  if (report === undefined) throw new Error(`This is no event: ${datagram}`);
  return toPayload({ ...report, id: "01J0000000000000000000000A", nodeId: NODE_ID, host: "gl1" });
}

/** The same as the spool keeps it. */
export function eventOf(datagram: string): { event: string; payload: string } {
  const payload = payloadOf(datagram);
  return { event: payload.event, payload: JSON.stringify(payload) };
}
