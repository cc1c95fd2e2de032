/**
 * Draws the cluster from what glusterd told of it.
 *
 * @module
 */
import {
  type BrickPicture,
  bricksOf,
  byName,
  type ClusterPicture,
  EMPTY_PICTURE,
  type PartState,
  type PeerPicture,
  type VolumePicture,
} from "../event/cluster_picture.ts";
import type { PoolNode } from "./pool.ts";
import type { BrickInfo, BrickStates, VolumeInfo } from "./volumes.ts";

/** What glusterd told. */
export interface ClusterFacts {
  readonly nodes: readonly PoolNode[];
  /** The host name of this node, which glusterd calls `localhost`. */
  readonly ownHost: string;
  readonly volumes: readonly VolumeInfo[];
  readonly bricks: BrickStates;
}

/**
 * Draws it.
 *
 * @param before What is kept of a volume that glusterd could tell nothing of, because something else
 *   was done with it.
 */
export function drawCluster(facts: ClusterFacts, before?: ClusterPicture): ClusterPicture {
  return {
    peers: facts.nodes.map((node) => drawPeer(node, facts)).toSorted(byName),
    volumes: facts.volumes.map((volume) => drawVolume(volume, facts, before)).toSorted(byName),
    last_change: before?.last_change ?? null,
  };
}

/** The started volumes that glusterd could tell nothing of. */
export function busyVolumes({ volumes, bricks }: ClusterFacts): string[] {
  return volumes.filter(({ name, state }) => state === "started" && !bricks.has(name))
    .map(({ name }) => name);
}

function drawPeer(
  { uuid, host, isHere, isUp }: PoolNode,
  { ownHost }: ClusterFacts,
): PeerPicture {
  return {
    name: isHere ? ownHost : host,
    uuid,
    state: isUp ? "up" : "down",
    detail: isHere ? "this node" : isUp ? "" : "it is not connected with this node",
    changed_at: null,
  };
}

function drawVolume(
  volume: VolumeInfo,
  facts: ClusterFacts,
  before: ClusterPicture | undefined,
): VolumePicture {
  const { name, type, state } = volume;
  const known = bricksOf(before ?? EMPTY_PICTURE, name);
  const bricks = volume.bricks.map((brick) => drawBrick(brick, { volume, facts, known }));
  return {
    name,
    type: type === "" ? null : type,
    state,
    ...judgeBricks(volume, bricks),
    changed_at: null,
    bricks: bricks.toSorted(byName),
  };
}

function drawBrick(
  { name, nodeUuid, isArbiter }: BrickInfo,
  { volume, facts, known }: {
    readonly volume: VolumeInfo;
    readonly facts: ClusterFacts;
    readonly known: readonly BrickPicture[];
  },
): BrickPicture {
  const draw = (state: PartState, detail = "") => ({
    name,
    state,
    detail: [isArbiter ? "arbiter" : "", detail].filter((part) => part !== "").join(", "),
    changed_at: null,
  });
  if (volume.state !== "started") return draw("unknown");
  const node = facts.nodes.find(({ uuid }) => uuid === nodeUuid);
  if (node !== undefined && !node.isUp) return draw("down", "its node is not connected");
  const states = facts.bricks.get(volume.name);
  if (states === undefined) {
    return draw(known.find((brick) => brick.name === name)?.state ?? "unknown");
  }
  const isUp = states.get(name);
  if (isUp === undefined) return draw("unknown", "its node did not tell");
  return isUp ? draw("up") : draw("down", "its process does not run");
}

/** @param bricks In the order in which they form sets. */
function judgeBricks(
  { state, setSize, spare }: VolumeInfo,
  bricks: readonly BrickPicture[],
): Pick<VolumePicture, "health" | "detail"> {
  if (state !== "started") return { health: "unknown", detail: "" };
  const missing = bricks.filter((brick) => brick.state === "down").length;
  if (missing === 0) {
    const isKnown = bricks.every((brick) => brick.state === "up");
    return { health: isKnown ? "ok" : "unknown", detail: "" };
  }
  const sets = Array.from(
    { length: Math.ceil(bricks.length / setSize) },
    (_, at) => bricks.slice(at * setSize, (at + 1) * setSize),
  );
  const lost = sets.filter((set) => set.filter((brick) => brick.state === "down").length > spare);
  const detail = `${missing} of ${bricks.length} bricks down`;
  if (lost.length === 0) return { health: "degraded", detail };
  if (lost.length === sets.length) return { health: "down", detail: `${detail}, no file in reach` };
  return { health: "degraded", detail: `${detail}, some files out of reach` };
}
