/**
 * Tells webhooks which events are missing, and why.
 *
 * @module
 */
import { GAP_EVENT, toGapPayload } from "../event/gap_event.ts";
import type { Gap, NewEvent, SpooledEvent } from "../spool/spool_types.ts";

/** An event that tells one webhook what it did not get for want of room. */
export function describeDropped(
  gap: Gap,
  { nodeId, webhook }: { nodeId: string; webhook: string },
): SpooledEvent {
  const payload = toGapPayload({ id: gap.id, nodeId, atMs: gap.toMs }, {
    webhook,
    missing: String(gap.events),
    first_received: new Date(gap.fromMs).toISOString(),
    last_received: new Date(gap.toMs).toISOString(),
    reason: "no room in the spool",
  });
  return {
    seq: 0,
    id: gap.id,
    receivedMs: gap.toMs,
    event: GAP_EVENT,
    payload: JSON.stringify(payload),
  };
}

/** An event that tells all webhooks what could not be kept because nothing could be written. */
export function describeLost(
  lost: number,
  { nodeId, id, atMs }: { nodeId: string; id: string; atMs: number },
): NewEvent {
  const payload = toGapPayload({ id, nodeId, atMs }, {
    missing: String(lost),
    reason: "the spool could not be written",
  });
  return { id, receivedMs: atMs, event: GAP_EVENT, payload: JSON.stringify(payload) };
}
