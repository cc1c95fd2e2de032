/**
 * Asks glusterd for all that the picture of the cluster shows.
 *
 * @module
 */
import type { GlusterCommand, GlusterResult } from "./gluster_command.ts";
import { toFault } from "./gluster_faults.ts";
import { listPool, parsePoolList, type PoolNode } from "./pool.ts";
import type { BrickStates, VolumeInfo } from "./volumes.ts";

/** What it told. */
export interface ClusterReading {
  readonly nodes: readonly PoolNode[];
  readonly volumes: readonly VolumeInfo[];
  readonly bricks: BrickStates;
}

/** It told, or why it did not. */
export type ClusterOutcome = ClusterReading | { readonly problem: string };

/**
 * Asks. `volume status` locks each started volume for a moment, on all nodes; the other two are
 * answered by this node's glusterd alone.
 *
 * @param onAnswered Called when it has answered, and all that is left is to read the answers.
 * @returns `undefined` if the machine has no `gluster` command.
 */
export async function readCluster(
  gluster: GlusterCommand,
  onAnswered: () => void = () => {},
): Promise<ClusterOutcome | undefined> {
  const results = await Promise.all([
    listPool(gluster),
    gluster(["volume", "info", "--xml"]),
    gluster(["volume", "status", "all", "--xml"]),
  ]);
  onAnswered();
  if (results.some((result) => result === undefined)) return undefined;
  const failed = results.find((result) => result?.code !== 0);
  if (failed !== undefined) return { problem: toFault(failed).error };
  return await parse(...results);
}

async function parse(
  ...results: readonly (GlusterResult | undefined)[]
): Promise<ClusterOutcome> {
  // What reads XML takes a while to load, and a daemon may never be asked for the cluster.
  const { GlusterAnswerError, parseVolumeInfo, parseVolumeStatus } = await import("./volumes.ts");
  const [pool = "", info = "", status = ""] = results.map((result) => result?.stdout);
  try {
    const reading = {
      nodes: parsePoolList(pool),
      volumes: parseVolumeInfo(info),
      bricks: parseVolumeStatus(status),
    };
    // This node is in every pool, and comes last.
    if (reading.nodes.some(({ isHere }) => isHere)) return reading;
    throw new GlusterAnswerError("its answer cannot be read");
  } catch (error) {
    if (!(error instanceof GlusterAnswerError)) throw error;
    return { problem: `glusterd: ${error.message}` };
  }
}
