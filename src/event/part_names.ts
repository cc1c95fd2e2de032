/**
 * What the parts of a cluster's picture are called where it matters which event changed them last.
 *
 * @module
 */
import type { ClusterPicture } from "./cluster_picture.ts";
import { findPeer, type PeerNames } from "./draw_parts.ts";

/** A peer under all of its names: events may have only one of them. */
export function peerParts(picture: ClusterPicture, names: PeerNames): string[] {
  const known = findPeer(picture, names);
  const all = [names.host, names.uuid, known?.name ?? "", known?.uuid ?? ""];
  const named = new Set(all.filter((name) => name !== "").map((name) => name.toLowerCase()));
  return [...named].map((name) => `peer\n${name}`);
}

export function volumePart(name: string): string {
  return `volume\n${name}`;
}

export function brickPart(volume: string, brick: string): string {
  return `brick\n${volume}\n${brick}`;
}

/** Of what clients and nodes say about a volume. */
export function faultPart(volume: string, part: string): string {
  return `fault\n${volume}\n${part}`;
}
