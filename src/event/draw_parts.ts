/**
 * How a cluster's picture becomes another one: a part is added, changed or taken out. What is not
 * changed is the same object as before.
 *
 * @module
 */
import { beginningOf } from "../std/beginning_of.ts";
import {
  type BrickPicture,
  bricksOf,
  byName,
  type ClusterPicture,
  type PeerPicture,
  type PictureChange,
  type VolumePicture,
} from "./cluster_picture.ts";

/** More than any pool has: what is beyond is left out. */
const MOST_PEERS = 256;
const MOST_VOLUMES = 512;
const MOST_BRICKS = 4096;
/** In characters. */
const LONGEST_NAME = 1024;
const LONGEST_DETAIL = 200;

/** A change that is made, with when and what it is. */
export interface Stroke {
  /** RFC 3339. */
  readonly at: string;
  /** What happens to the part, such as `disconnected`. */
  readonly what: string;
}

/** What is known of a peer's names. */
export interface PeerNames {
  /** May be empty. */
  readonly host: string;
  /** May be empty. */
  readonly uuid: string;
}

/** Changes a peer, which is added if it is not there. */
export function withPeer(
  picture: ClusterPicture,
  names: PeerNames,
  { state, detail, at, what }: Stroke & Pick<PeerPicture, "state" | "detail">,
): ClusterPicture {
  const { host, uuid } = names;
  const index = indexOfPeer(picture, names);
  const before = picture.peers[index];
  const name = host === "" ? before?.name ?? uuid : host;
  if (before === undefined && (picture.peers.length >= MOST_PEERS || !isName(name))) return picture;
  const isNewState = before?.state !== state;
  const peer: PeerPicture = {
    // The name under which the pool knows it stays.
    name: before === undefined || before.name === before.uuid ? name : before.name,
    uuid: uuid === "" ? before?.uuid ?? null : uuid,
    state,
    detail: beginningOf(detail, LONGEST_DETAIL),
    changed_at: isNewState ? at : before.changed_at,
  };
  if (before !== undefined && isSame(before, peer)) return picture;
  const drawn = { ...picture, peers: replaced(picture.peers, index, peer).toSorted(byName) };
  return isNewState ? changed(drawn, { kind: "peer", name: peer.name, what, at }) : drawn;
}

/** The peer with these names, if it is there. */
export function findPeer(picture: ClusterPicture, names: PeerNames): PeerPicture | undefined {
  return picture.peers[indexOfPeer(picture, names)];
}

/** Takes a peer out. */
export function withoutPeer(
  picture: ClusterPicture,
  names: PeerNames,
  { at, what }: Stroke,
): ClusterPicture {
  const gone = findPeer(picture, names);
  if (gone === undefined) return picture;
  const peers = picture.peers.filter((peer) => peer !== gone);
  return changed({ ...picture, peers }, { kind: "peer", name: gone.name, what, at });
}

/** A volume of which nothing is known. */
function newVolume(name: string): VolumePicture {
  return {
    name,
    type: null,
    state: "unknown",
    health: "unknown",
    detail: "",
    changed_at: null,
    bricks: [],
    faults: [],
  };
}

/** Changes a volume, which is added if it is not there. */
export function withVolume(
  picture: ClusterPicture,
  name: string,
  { at, what, ...change }: Stroke & Partial<VolumePicture>,
): ClusterPicture {
  const index = picture.volumes.findIndex((volume) => volume.name === name);
  const found = picture.volumes[index];
  if (found === undefined && (picture.volumes.length >= MOST_VOLUMES || !isName(name))) {
    return picture;
  }
  const before = found ?? newVolume(name);
  const merged = { ...before, ...change };
  const volume = {
    ...merged,
    detail: beginningOf(merged.detail, LONGEST_DETAIL),
    health: healthOf(merged),
  };
  const isOther = found === undefined || volume.state !== before.state ||
    volume.health !== before.health;
  if (!isOther && isSame(before, volume)) return picture;
  const after = { ...volume, changed_at: isOther ? at : before.changed_at };
  const drawn = { ...picture, volumes: replaced(picture.volumes, index, after).toSorted(byName) };
  const isNewState = found === undefined || volume.state !== before.state;
  return isNewState ? changed(drawn, { kind: "volume", name, what, at }) : drawn;
}

/** Takes a volume out. */
export function withoutVolume(
  picture: ClusterPicture,
  name: string,
  { at, what }: Stroke,
): ClusterPicture {
  const volumes = picture.volumes.filter((volume) => volume.name !== name);
  if (volumes.length === picture.volumes.length) return picture;
  return changed({ ...picture, volumes }, { kind: "volume", name, what, at });
}

/** Changes a brick of a volume; both are added if they are not there. */
export function withBrick(
  picture: ClusterPicture,
  { volume, brick }: { readonly volume: string; readonly brick: string },
  { at, what, ...change }: Stroke & Partial<Pick<BrickPicture, "state" | "detail">>,
): ClusterPicture {
  const bricks = bricksOf(picture, volume);
  const index = bricks.findIndex(({ name }) => name === brick);
  const before = bricks[index];
  if (before === undefined && (countBricks(picture) >= MOST_BRICKS || !isName(brick))) {
    return picture;
  }
  const { state = before?.state ?? "unknown", detail = "" } = change;
  const isNewState = before?.state !== state;
  const after: BrickPicture = {
    name: brick,
    state,
    detail: beginningOf(detail, LONGEST_DETAIL),
    changed_at: changedAt(before, { state, at }),
  };
  if (before !== undefined && isSame(before, after)) return picture;
  const drawn = withVolume(picture, volume, {
    bricks: replaced(bricks, index, after).toSorted(byName),
    at,
    what,
  });
  if (drawn === picture || !isNewState) return drawn;
  return changed(drawn, { kind: "brick", name: brick, what, at });
}

/** A brick that is only heard of has not changed. */
function changedAt(
  before: BrickPicture | undefined,
  { state, at }: { readonly state: BrickPicture["state"]; readonly at: string },
): string | null {
  if (before === undefined) return state === "unknown" ? null : at;
  return before.state === state ? before.changed_at : at;
}

/** Takes bricks out of a volume. */
export function withoutBricks(
  picture: ClusterPicture,
  { volume, bricks }: { readonly volume: string; readonly bricks: readonly string[] },
  { at, what }: Stroke,
): ClusterPicture {
  const all = bricksOf(picture, volume);
  const left = all.filter(({ name }) => !bricks.includes(name));
  const gone = all.find(({ name }) => bricks.includes(name));
  if (gone === undefined) return picture;
  const drawn = withVolume(picture, volume, { bricks: left, at, what });
  return changed(drawn, { kind: "brick", name: gone.name, what, at });
}

/** Whether two names stand for the same machine: the one can be the short form of the other. */
export function isSameHost(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

/** What can be reached of a volume, as its bricks and clients tell. */
function healthOf({ state, bricks, faults = [] }: VolumePicture): VolumePicture["health"] {
  if (state !== "started") return "unknown";
  const isAny = (wanted: BrickPicture["state"]) => bricks.some((brick) => brick.state === wanted);
  if (bricks.length > 0 && bricks.every((brick) => brick.state === "down")) return "down";
  if (faults.some(({ is_down: isDown }) => isDown) && !isAny("up")) return "down";
  if (isAny("down") || faults.length > 0) return "degraded";
  return isAny("up") && !isAny("unknown") ? "ok" : "unknown";
}

function indexOfPeer({ peers }: ClusterPicture, { host, uuid }: PeerNames): number {
  const byUuid = uuid === "" ? -1 : peers.findIndex((peer) => peer.uuid === uuid);
  if (byUuid >= 0 || host === "") return byUuid;
  return peers.findIndex((peer) =>
    isSameHost(peer.name, host) && (peer.uuid === null || uuid === "" || peer.uuid === uuid)
  );
}

function countBricks({ volumes }: ClusterPicture): number {
  return volumes.reduce((sum, { bricks }) => sum + bricks.length, 0);
}

function isName(name: string): boolean {
  return name !== "" && name.length <= LONGEST_NAME;
}

function changed(
  picture: ClusterPicture,
  { at, ...change }: Omit<PictureChange, "changed_at"> & { readonly at: string },
): ClusterPicture {
  return { ...picture, last_change: { ...change, changed_at: at } };
}

function replaced<T>(list: readonly T[], index: number, part: T): readonly T[] {
  return index < 0 ? [...list, part] : list.with(index, part);
}

function isSame<T extends object>(one: T, other: T): boolean {
  return (Object.keys(other) as (keyof T)[]).every((key) => one[key] === other[key]);
}
