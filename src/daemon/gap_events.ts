/**
 * Tells webhooks which events are missing, and why.
 *
 * @module
 */
import type { Message, ReportingNode } from "../event/event.ts";
import { GAP_EVENT, toGapPayload } from "../event/gap_event.ts";
import type { Gap, GapReason, NewEvent, SpooledEvent } from "../spool/spool_types.ts";

const REASONS: Readonly<Record<GapReason, string>> = {
  room: "no room in the spool",
  damage: "the spool was damaged",
};

/** An event that tells one webhook what it did not get. */
export function describeDropped(
  gap: Gap,
  { node, webhook }: { node: ReportingNode; webhook: string },
): SpooledEvent {
  const payload = toGapPayload({ id: gap.id, node, atMs: gap.toMs }, {
    webhook,
    missing: String(gap.events),
    // When those were received that cannot be read any more, nobody knows.
    ...(gap.reason === "damage" ? {} : {
      first_received: new Date(gap.fromMs).toISOString(),
      last_received: new Date(gap.toMs).toISOString(),
    }),
    reason: REASONS[gap.reason],
  });
  return {
    seq: 0,
    id: gap.id,
    receivedMs: gap.toMs,
    event: GAP_EVENT,
    payload: JSON.stringify(payload),
  };
}

/** Where an event comes from that tells all webhooks what is missing. */
export interface LossOrigin {
  readonly node: ReportingNode;
  readonly id: string;
  readonly atMs: number;
}

/** An event that tells all webhooks what could not be kept because nothing could be written. */
export function describeLost(lost: number, origin: LossOrigin): NewEvent {
  const message = { missing: String(lost), reason: "the spool could not be written" };
  return toNewEvent(message, origin);
}

/** An event that tells all webhooks that nobody knows any more what waited for them. */
export function describeUnknown(reason: string, origin: LossOrigin): NewEvent {
  return toNewEvent({ missing: "unknown", reason }, origin);
}

function toNewEvent(message: Message, origin: LossOrigin): NewEvent {
  const payload = toGapPayload(origin, message);
  const { id, atMs } = origin;
  return { id, receivedMs: atMs, event: GAP_EVENT, payload: JSON.stringify(payload) };
}
