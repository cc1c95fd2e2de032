/**
 * How a node is doing: its daemon, and its registry even if no daemon runs.
 *
 * @module
 */
import type { StatusReport } from "../api/status_report.ts";
import type { RegistryState } from "../registry/registry_state.ts";
import type { Places } from "./places.ts";
import { statusIfRunning } from "./webhook_rows.ts";

/** What a node tells of itself. */
export interface NodeStatus {
  /** Of the installed program; the daemon may still run another one. */
  readonly version: string;
  /** `null` if no daemon runs. */
  readonly report: StatusReport | null;
  readonly registry: RegistryState;
}

/** Asks the daemon of this node, and looks at the registry. */
export async function nodeStatus(places: Places, version: string): Promise<NodeStatus> {
  const [report, registry] = await Promise.all([
    statusIfRunning(places.daemon()),
    places.registry().then((file) => file.state()),
  ]);
  return { version, report: report ?? null, registry };
}
