/**
 * A cluster's picture drawn from events alone. Nothing is up that nobody said so of: a started
 * volume's bricks are up once they connect, which each node reports of its own.
 *
 * @module
 */
import type { ClusterPicture } from "./cluster_picture.ts";
import { BRICK_DRAWS } from "./draw_bricks.ts";
import { FAULT_DRAWS } from "./draw_faults.ts";
import { drawTeller, PEER_DRAWS } from "./draw_peers.ts";
import { type Draws, isLateVolume, isThere } from "./draw_told.ts";
import { VOLUME_DRAWS } from "./draw_volumes.ts";
import type { EventPayload } from "./event.ts";
import { factsOf } from "./event_facts.ts";
import { IN_ORDER, type PartOrder } from "./event_order.ts";

const DRAWS: Draws = { ...PEER_DRAWS, ...VOLUME_DRAWS, ...BRICK_DRAWS, ...FAULT_DRAWS };

/**
 * The picture after an event; the same object if the event says nothing new.
 *
 * @param order Where the event stands among the others; the newest if absent.
 */
export function drawEvent(
  picture: ClusterPicture,
  payload: EventPayload,
  atMs: number,
  order: PartOrder = IN_ORDER,
): ClusterPicture {
  const at = new Date(atMs).toISOString();
  const teller = payload.host || payload.nodeid;
  const told = { facts: factsOf(payload), at, teller, order };
  const seen = drawTeller(picture, told);
  // What is gone since does not come back.
  if (isLateVolume(told) && !isThere(seen, told)) return seen;
  const draw = Object.hasOwn(DRAWS, payload.event) ? DRAWS[payload.event] : undefined;
  return draw?.(seen, told) ?? seen;
}
