/**
 * An event on its way into a cluster's picture.
 *
 * @module
 */
import { type ClusterPicture, findVolume } from "./cluster_picture.ts";
import type { EventFacts } from "./event_facts.ts";
import type { PartOrder } from "./event_order.ts";
import { volumePart } from "./part_names.ts";

/** An event that is to be drawn. */
export interface Told {
  readonly facts: EventFacts;
  /** RFC 3339. */
  readonly at: string;
  /** Who says it, for people. */
  readonly teller: string;
  readonly order: PartOrder;
}

/** Draws events of one kind. */
export type Draw = (picture: ClusterPicture, told: Told) => ClusterPicture;

/** What draws events, by their names. */
export type Draws = Readonly<Record<string, Draw>>;

/** Whether something newer is known of the volume. */
export function isLateVolume({ facts: { volume }, order }: Told): boolean {
  return volume !== "" && order.isLate(volumePart(volume));
}

/** Whether the volume is in the picture. */
export function isThere(picture: ClusterPicture, { facts }: Told): boolean {
  return findVolume(picture, facts.volume) !== undefined;
}
