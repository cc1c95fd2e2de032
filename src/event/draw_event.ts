/**
 * A cluster's picture drawn from events alone. Nothing is up that nobody said so of: a started
 * volume's bricks are up once they connect, which each node reports of its own.
 *
 * @module
 */
import { beginningOf } from "../std/beginning_of.ts";
import type { ClusterPicture, PartState, VolumeFault, VolumePicture } from "./cluster_picture.ts";
import {
  findPeer,
  isSameHost,
  type PeerNames,
  withBrick,
  withoutBricks,
  withoutPeer,
  withoutVolume,
  withPeer,
  withVolume,
} from "./draw_parts.ts";
import type { EventPayload } from "./event.ts";
import { type EventFacts, factsOf, firstText } from "./event_facts.ts";
import { IN_ORDER, type PartOrder } from "./event_order.ts";
import { brickPart, faultPart, peerParts, volumePart } from "./part_names.ts";

/** Of the name of who tells of a fault. */
const LONGEST_TELLER = 256;

/** An event that is to be drawn. */
interface Told {
  readonly facts: EventFacts;
  /** RFC 3339. */
  readonly at: string;
  /** Who says it, for people. */
  readonly teller: string;
  readonly order: PartOrder;
}

/** Draws events of one kind. */
type Draw = (picture: ClusterPicture, told: Told) => ClusterPicture;

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

/**
 * Who reports is there. One that the others have lost touch with stays down until they have it back:
 * its glusterd may be gone, or the network between them.
 */
function drawTeller(
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

function isLateVolume({ facts: { volume }, order }: Told): boolean {
  return volume !== "" && order.isLate(volumePart(volume));
}

function namesOf({ peer: host, payload }: EventFacts): { host: string; uuid: string } {
  return { host, uuid: firstText(payload.message, ["uuid"]) };
}

function volume(what: string, change: Partial<VolumePicture> = {}): Draw {
  return (picture, { facts, at, order }) => {
    if (facts.volume === "") return picture;
    const part = volumePart(facts.volume);
    // Only what changes its state makes others late.
    const isTaken = change.state === undefined ? !order.isLate(part) : order.take(part);
    return isTaken
      ? withVolume(picture, facts.volume, { detail: what, ...change, at, what })
      : picture;
  };
}

/** What is only told of a volume that is there already. */
function note(detail: string): Draw {
  return (picture, told) => isThere(picture, told) ? volume(detail)(picture, told) : picture;
}

function isThere({ volumes }: ClusterPicture, { facts }: Told): boolean {
  return volumes.some(({ name }) => name === facts.volume);
}

const createVolume: Draw = (picture, told) => {
  const created = volume("was created", { state: "created", bricks: [], faults: [] });
  return addBricks("belongs to a volume that is not started")(created(picture, told), told);
};

const startVolume: Draw = (picture, told) => {
  const bricks = bricksOf(picture, told).map((brick) =>
    brick.state === "unknown" ? { ...brick, detail: "has not connected yet" } : brick
  );
  return volume("was started", { state: "started", bricks })(picture, told);
};

const stopVolume: Draw = (picture, told) => {
  const { facts: { volume: name }, at, order } = told;
  if (isLateVolume(told)) return picture;
  const bricks = bricksOf(picture, told).map((brick) =>
    order.take(brickPart(name, brick.name))
      ? {
        ...brick,
        state: "unknown" as const,
        detail: "the volume is stopped",
        changed_at: brick.state === "unknown" ? brick.changed_at : at,
      }
      : brick
  );
  return volume("was stopped", { state: "stopped", bricks, faults: [] })(picture, told);
};

const deleteVolume: Draw = (picture, { facts, at, order }) =>
  order.take(volumePart(facts.volume))
    ? withoutVolume(picture, facts.volume, { at, what: "was deleted" })
    : picture;

const cloneVolume: Draw = (picture, { facts, at, order }) => {
  const name = firstText(facts.payload.message, ["clone_name"]);
  const detail = `was cloned from ${facts.snapshot}`;
  return name === "" || !order.take(volumePart(name))
    ? picture
    : withVolume(picture, name, { state: "created", detail, at, what: "was cloned" });
};

function bricksOf(
  { volumes }: ClusterPicture,
  { facts }: Told,
): VolumePicture["bricks"] {
  return volumes.find(({ name }) => name === facts.volume)?.bricks ?? [];
}

/** The bricks that an event lists. */
function listed({ facts: { payload } }: Told): string[] {
  const text = firstText(payload.message, ["bricks"]).trim();
  // A path can have blanks; what stands before it cannot.
  return text === "" ? [] : text.split(/ +(?=[^ /]+:\/)/).map((brick) => brick.trim());
}

/** Adds the listed bricks; what is known of one already stays. */
function addBricks(detail: string): Draw {
  return (picture, told) => {
    const { facts: { volume }, at, order } = told;
    const known = new Set(bricksOf(picture, told).map(({ name }) => name));
    const added = listed(told).filter((brick) =>
      !known.has(brick) && order.take(brickPart(volume, brick))
    );
    return added.reduce(
      (drawn, brick) => withBrick(drawn, { volume, brick }, { detail, at, what: "was added" }),
      picture,
    );
  };
}

const growVolume: Draw = (picture, told) =>
  note("bricks were added")(addBricks("has not connected yet")(picture, told), told);

const shrinkVolume: Draw = (picture, told) => {
  const { facts: { volume }, at, order } = told;
  const stroke = { at, what: "was removed" };
  const bricks = listed(told).filter((brick) => order.take(brickPart(volume, brick)));
  const drawn = withoutBricks(picture, { volume, bricks }, stroke);
  return note("bricks were removed")(drawn, told);
};

/** Says something of the listed bricks that are there, and of their volume. */
function markBricks(detail: string, ofVolume: string): Draw {
  return (picture, told) => {
    const { facts: { volume }, at, order } = told;
    const known = new Set(bricksOf(picture, told).map(({ name }) => name));
    const marked = listed(told).filter((brick) =>
      known.has(brick) && !order.isLate(brickPart(volume, brick))
    );
    const drawn = marked.reduce(
      (drawn, brick) => withBrick(drawn, { volume, brick }, { detail, at, what: detail }),
      picture,
    );
    return note(ofVolume)(drawn, told);
  };
}

/** A brick of the volume that the event names; a brick is of a volume that is started. */
function brick(state: PartState, what: string): Draw {
  return (picture, told) => {
    const { facts: { volume, brick }, at, order } = told;
    if (volume === "" || brick === "") return picture;
    const stroke = { at, what };
    const isRunning = state === "up" || what === DISCONNECTED;
    // It was before the volume was stopped.
    if (isRunning && isLateVolume(told) && !isStarted(picture, volume)) return picture;
    if (!order.take(brickPart(volume, brick))) return picture;
    const started = isRunning && order.take(volumePart(volume))
      ? withVolume(picture, volume, { state: "started", at, what: "is started" })
      : picture;
    return withBrick(started, { volume, brick }, { state, detail: what, ...stroke });
  };
}

function isStarted({ volumes }: ClusterPicture, volume: string): boolean {
  return volumes.some(({ name, state }) => name === volume && state === "started");
}

const CONNECTED = "connected";
const DISCONNECTED = "lost touch with its glusterd";

/** A brick whose volume is not named: the brick of this name, or the only one that can be meant. */
function brickAlone(what: string): Draw {
  return (picture, { facts, at, order }) => {
    const volume = facts.volume === "" ? undefined : facts.volume;
    const all = picture.volumes.flatMap(({ name, bricks }) =>
      volume === undefined || volume === name
        ? bricks.map((brick) => ({ volume: name, brick: brick.name }))
        : []
    );
    const [host = "", path = ""] = splitBrick(facts.brick);
    const meant = all.filter(({ brick }) => splitBrick(brick)[1] === path);
    const found = meant.find(({ brick }) => isSameHost(splitBrick(brick)[0], host)) ??
      (meant.length === 1 ? meant[0] : undefined);
    if (found === undefined || !order.take(brickPart(found.volume, found.brick))) return picture;
    const error = firstText(facts.payload.message, ["error"]);
    const detail = error === "" ? what : `${what}: ${error}`;
    return withBrick(picture, found, { state: "down", detail, at, what });
  };
}

/** `HOST:/PATH` in two. */
function splitBrick(brick: string): [host: string, path: string] {
  const at = brick.indexOf(":/");
  return at < 0 ? ["", brick] : [brick.slice(0, at), brick.slice(at + 1)];
}

const replaceBrick: Draw = (picture, told) => {
  const { facts: { volume, payload }, at, order } = told;
  const source = firstText(payload.message, ["source-brick"]);
  const target = firstText(payload.message, ["destination-brick"]);
  if (volume === "" || source === "" || target === "") return picture;
  const stroke = { at, what: "was replaced" };
  const drawn = source === target || !order.take(brickPart(volume, source))
    ? picture
    : withoutBricks(picture, { volume, bricks: [source] }, stroke);
  // It may have connected before this is told.
  const known = drawn.volumes.find(({ name }) => name === volume)?.bricks
    .find(({ name }) => name === target);
  if (known?.state === "up" || !order.take(brickPart(volume, target))) return drawn;
  const detail = "has not connected yet";
  return withBrick(drawn, { volume, brick: target }, { detail, at, what: "was put in" });
};

const takeBrickOut: Draw = (picture, { facts: { volume, brick }, at, order }) =>
  volume === "" || brick === "" || !order.take(brickPart(volume, brick))
    ? picture
    : withBrick(picture, { volume, brick }, {
      state: "unknown",
      detail: "is taken out for a reset",
      at,
      what: "was taken out for a reset",
    });

/** Something is wrong with a part of a volume, as a client or a node says. */
function fault(isDown: boolean, detail: string): Draw {
  return (picture, told) =>
    changeFaults(picture, told, (faults, part) => [
      ...faults.filter((known) => known.part !== part || (known.is_down && !isDown)),
      ...faults.some((known) => known.part === part && known.is_down && !isDown)
        ? []
        : [{ part, is_down: isDown, detail: `${part} ${detail}` }],
    ]);
}

const MOST_FAULTS = 64;

/** It is not any more. @param isDown Whether it only says that not all of the part is gone. */
function mended(isOnlyUp: boolean): Draw {
  return (picture, told) =>
    changeFaults(
      picture,
      told,
      (faults, part) =>
        faults.filter((known) => known.part !== part || (isOnlyUp && !known.is_down)),
    );
}

function changeFaults(
  picture: ClusterPicture,
  { facts: { volume, subvolume }, at, teller, order }: Told,
  change: (faults: readonly VolumeFault[], part: string) => readonly VolumeFault[],
): ClusterPicture {
  if (volume === "") return picture;
  const part = beginningOf(subvolume || teller, LONGEST_TELLER);
  if (!order.take(faultPart(volume, part))) return picture;
  const known = picture.volumes.find(({ name }) => name === volume);
  const before = known?.faults ?? [];
  const faults = change(before, part).slice(-MOST_FAULTS);
  const isSame = faults.length === before.length &&
    faults.every((each, index) => each.detail === before[index]?.detail);
  const type = typeOf(subvolume) ?? known?.type ?? null;
  if (isSame && known !== undefined && type === known.type) return picture;
  // Clients talk only to volumes that are started; one that is stopped may be heard of still.
  const state = known === undefined || known.state === "unknown" ? "started" : known.state;
  const told = faults.at(-1)?.detail;
  const detail = isSame ? known?.detail ?? "" : told ?? "all of it can be used again";
  const kept = state === "started" ? { faults, detail } : {};
  return withVolume(picture, volume, { type, state, ...kept, at, what: "is started" });
}

/** What the name of a part tells of its volume. */
function typeOf(subvolume: string): string | undefined {
  if (/-replicate-\d+$/.test(subvolume)) return "Replicate";
  return /-disperse-\d+$/.test(subvolume) ? "Disperse" : undefined;
}

const lostTouch = ({ facts, teller }: Told): string => {
  const state = firstText(facts.payload.message, ["state"]);
  return `${teller} lost touch with it${state === "" ? "" : ` (${state})`}`;
};

const DRAWS: Readonly<Record<string, Draw>> = {
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
  VOLUME_CREATE: createVolume,
  VOLUME_START: startVolume,
  VOLUME_STOP: stopVolume,
  VOLUME_DELETE: deleteVolume,
  VOLUME_SET: note("options were changed"),
  VOLUME_RESET: note("options were reset"),
  VOLUME_ADD_BRICK: growVolume,
  VOLUME_REMOVE_BRICK_START: markBricks("is being emptied", "bricks are being removed"),
  VOLUME_REMOVE_BRICK_STOP: markBricks("stays, its removal was stopped", "no brick is removed"),
  VOLUME_REMOVE_BRICK_COMMIT: shrinkVolume,
  VOLUME_REMOVE_BRICK_FORCE: shrinkVolume,
  VOLUME_REBALANCE_START: note("a rebalance is running"),
  VOLUME_REBALANCE_STOP: note("the rebalance was stopped"),
  VOLUME_REBALANCE_FAILED: note("the rebalance failed"),
  VOLUME_REBALANCE_COMPLETE: note("the rebalance is done"),
  REBALANCE_START_FAILED: note("the rebalance could not be started"),
  COMPARE_FRIEND_VOLUME_FAILED: note("the nodes do not agree about it"),
  IMPORT_VOLUME_FAILED: note("a node could not take over its definition"),
  SNAPSHOT_CREATED: note("a snapshot was taken"),
  SNAPSHOT_RESTORED: note("was rolled back to a snapshot"),
  SNAPSHOT_CLONED: cloneVolume,
  BRICK_CONNECTED: brick("up", CONNECTED),
  BRICK_DISCONNECTED: brick("down", DISCONNECTED),
  BRICK_START_FAILED: brick("down", "could not be started"),
  BRICK_REPLACE: replaceBrick,
  BRICK_RESET_START: takeBrickOut,
  BRICK_RESET_COMMIT: replaceBrick,
  POSIX_HEALTH_CHECK_FAILED: brickAlone("its disk fails"),
  POSIX_ALREADY_PART_OF_VOLUME: brickAlone("its folder belongs to another volume"),
  POSIX_BRICK_NOT_IN_VOLUME: brickAlone("its folder has no mark of the volume"),
  POSIX_BRICK_VERIFICATION_FAILED: brickAlone("the mark of its folder cannot be read"),
  QUORUM_LOST: fault(true, "lost the server quorum"),
  QUORUM_REGAINED: mended(false),
  AFR_SUBVOLS_DOWN: fault(true, "has no brick left"),
  AFR_QUORUM_FAIL: fault(false, "cannot be written to"),
  AFR_QUORUM_MET: mended(false),
  AFR_SUBVOL_UP: mended(true),
  EC_MIN_BRICKS_NOT_UP: fault(true, "has too few bricks"),
  EC_MIN_BRICKS_UP: mended(false),
};
