/**
 * What events say of peers.
 *
 * @module
 */
import type { ClusterPicture, PartState } from "./cluster_picture.ts";
import { findPeer, type PeerNames, withoutPeer, withPeer } from "./draw_parts.ts";
import type { Draw, Draws, Told } from "./draw_told.ts";
import { type EventFacts, firstText } from "./event_facts.ts";
import type { PartOrder } from "./event_order.ts";
import { peerParts } from "./part_names.ts";

/**
 * Who reports is there. One that the others have lost touch with stays down until they have it back:
 * its glusterd may be gone, or the network between them.
 */
export function drawTeller(
  picture: ClusterPicture,
  { facts: { payload }, at, order }: Told,
): ClusterPicture {
  const { nodeid: uuid, host } = payload;
  const names = { uuid, host };
  if (uuid === "" || findPeer(picture, names)?.state === "down") return picture;
  if (peerParts(picture, names).some((part) => order.isLate(part))) return picture;
  return withPeer(picture, names, { state: "up", detail: "reports events", at, what: "reports" });
}

function peer(state: PartState, what: string, detailOf: (told: Told) => string = () => ""): Draw {
  return (picture, told) => {
    const { facts, at } = told;
    const names = namesOf(facts);
    return names.host === "" && names.uuid === "" || !takePeer(picture, names, told.order)
      ? picture
      : withPeer(picture, names, { state, detail: detailOf(told), at, what });
  };
}

const detachPeer: Draw = (picture, { facts, at, order }) =>
  takePeer(picture, namesOf(facts), order)
    ? withoutPeer(picture, namesOf(facts), { at, what: "was taken out of the pool" })
    : picture;

/** Takes a peer under all of its names, for later events may have only one of them. */
function takePeer(picture: ClusterPicture, names: PeerNames, order: PartOrder): boolean {
  const parts = peerParts(picture, names);
  if (parts.some((part) => order.isLate(part))) return false;
  for (const part of parts) order.take(part);
  return true;
}

function namesOf({ peer: host, payload }: EventFacts): { host: string; uuid: string } {
  return { host, uuid: firstText(payload.message, ["uuid"]) };
}

const lostTouch = ({ facts, teller }: Told): string => {
  const state = firstText(facts.payload.message, ["state"]);
  return `${teller} lost touch with it${state === "" ? "" : ` (${state})`}`;
};

/** Events of peers. */
export const PEER_DRAWS: Draws = {
  PEER_ATTACH: peer("up", "joined the pool", () => "joined the pool"),
  PEER_DETACH: detachPeer,
  PEER_CONNECT: peer("up", "connected", ({ teller }) => `is connected to ${teller}`),
  PEER_DISCONNECT: peer("down", "disconnected", lostTouch),
  PEER_REJECT: peer("down", "was refused", ({ teller }) => `was refused by ${teller}`),
  PEER_RPC_CREATE_FAILED: peer(
    "down",
    "cannot be reached",
    ({ teller }) => `cannot be reached from ${teller}`,
  ),
};
