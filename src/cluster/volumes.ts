/**
 * What glusterd tells of the pool's volumes (glusterfs 10.3, cli-xml-output.c).
 *
 * @module
 */
import { parseXml, type XmlElement, XmlError } from "../std/xml.ts";

/** A brick as `gluster volume info` has it. */
export interface BrickInfo {
  /** `HOST:/PATH`. */
  readonly name: string;
  /** The UUID of the node that has it; empty if glusterd does not know. */
  readonly nodeUuid: string;
  readonly isArbiter: boolean;
}

/** A volume as `gluster volume info` has it. */
export interface VolumeInfo {
  readonly name: string;
  /** Such as `Replicate` or `Distributed-Disperse`. */
  readonly type: string;
  readonly state: "created" | "started" | "stopped" | "unknown";
  /** How many bricks belong together; 1 if each stands for itself. */
  readonly setSize: number;
  /** How many bricks of such a set may be gone. */
  readonly spare: number;
  /** In the order in which they form sets. */
  readonly bricks: readonly BrickInfo[];
}

/** Whether bricks answer, by their names, for each volume that glusterd tells of. */
export type BrickStates = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

/** An answer of glusterd that is none, or that says why there is none. */
export class GlusterAnswerError extends Error {
  override readonly name = "GlusterAnswerError";
}

const STATES: Readonly<Record<string, VolumeInfo["state"]>> = {
  Created: "created",
  Started: "started",
  Stopped: "stopped",
};

/**
 * Reads what `gluster volume info --xml` prints.
 *
 * @throws {GlusterAnswerError} If it is something else.
 */
export function parseVolumeInfo(xml: string): VolumeInfo[] {
  return childrenAt(answerIn(xml), ["volInfo", "volumes", "volume"]).map(toVolume);
}

/**
 * Reads what `gluster volume status all --xml` prints: started volumes only, and of these only those
 * that glusterd could lock, and of their bricks those whose nodes are connected.
 *
 * @throws {GlusterAnswerError} If it is something else.
 */
export function parseVolumeStatus(xml: string): BrickStates {
  const volumes = childrenAt(answerIn(xml), ["volStatus", "volumes", "volume"]);
  return new Map(volumes.map((volume) => [volume.textOf("volName") ?? "", statesIn(volume)]));
}

function answerIn(xml: string): XmlElement {
  let root: XmlElement | undefined;
  try {
    [root] = parseXml(xml).all("cliOutput");
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new GlusterAnswerError("its answer cannot be read", { cause: error });
  }
  if (root === undefined) throw new GlusterAnswerError("its answer cannot be read");
  if (root.textOf("opRet") === "0") return root;
  throw new GlusterAnswerError(root.textOf("opErrstr") || "it says that it failed");
}

function childrenAt(root: XmlElement, path: readonly string[]): XmlElement[] {
  return path.reduce((elements, name) => elements.flatMap((each) => each.all(name)), [root]);
}

function toVolume(volume: XmlElement): VolumeInfo {
  const count = (name: string) => Number(volume.textOf(name) ?? 0) || 0;
  const [replicas, disperse] = [count("replicaCount"), count("disperseCount")];
  const bricks = childrenAt(volume, ["bricks", "brick"]).map((brick) => ({
    name: brick.textOf("name") ?? "",
    nodeUuid: brick.textOf("hostUuid") ?? "",
    isArbiter: brick.textOf("isArbiter") === "1",
  }));
  return {
    name: volume.textOf("name") ?? "",
    type: volume.textOf("typeStr") ?? "",
    state: STATES[volume.textOf("statusStr") ?? ""] ?? "unknown",
    setSize: Math.max(1, replicas, disperse),
    spare: disperse > 0 ? count("redundancyCount") : spareReplicas(replicas, quorumIn(volume)),
    bricks,
  };
}

/** Clients of three replicas or more need most of them, unless they are told not to. */
function spareReplicas(replicas: number, quorum: string | undefined): number {
  const isMostNeeded = replicas > 2 && quorum !== "none";
  return isMostNeeded ? Math.floor((replicas - 1) / 2) : Math.max(0, replicas - 1);
}

function quorumIn(volume: XmlElement): string | undefined {
  return childrenAt(volume, ["options", "option"])
    .find((option) => option.textOf("name") === "cluster.quorum-type")?.textOf("value");
}

/** Other services of the volume, such as the self-heal daemon, have no path that begins with /. */
function statesIn(volume: XmlElement): ReadonlyMap<string, boolean> {
  return new Map(
    volume.all("node").flatMap((node) => {
      const [host = "", path = ""] = [node.textOf("hostname"), node.textOf("path")];
      return path.startsWith("/") ? [[`${host}:${path}`, node.textOf("status") === "1"]] : [];
    }),
  );
}
