/**
 * Makes daemons read the registry, and brings it to all nodes.
 *
 * @module
 */
import { type NodeRow, toRow } from "../cluster/node_row.ts";
import type { SyncOutcome } from "../cluster/pool_registry.ts";
import { rowOfThisNode } from "./node_table.ts";
import { unlessInterrupted } from "./interruptible.ts";
import type { PoolAccess, Reach } from "./pool_access.ts";
import type { Places } from "./places.ts";
import { reloadDaemon } from "./reload_daemon.ts";
import { tellHere } from "./shared_edit.ts";

/** Makes the daemons of all nodes read their registries. @returns A row for each, this one last. */
export async function reloadEverywhere(access: PoolAccess, places: Places): Promise<NodeRow[]> {
  const [replies, here] = await Promise.all([
    access.link.ask({ words: ["reload"] }),
    rowOfThisNode(() => reloadDaemon(places)),
  ]);
  return [...replies.map(toRow), here];
}

/** Brings all nodes in step. @returns What came of it, with this node's row last. */
export async function syncEverywhere(
  access: PoolAccess,
  { places, signals }: Pick<Reach, "places" | "signals">,
  { isForced = false } = {},
): Promise<SyncOutcome> {
  const { registry } = access;
  const syncing = registry.sync({ isForced });
  const outcome = await unlessInterrupted(signals, syncing, () => registry.abandon());
  const { row } = await tellHere(places, access.file.path);
  return { ...outcome, rows: [...outcome.rows, row] };
}
