/**
 * What a node does when another one asks through glusterd.
 *
 * @module
 */
import type { NodeRegistry } from "../cluster/node_registry.ts";
import type { NodeDeps } from "./node_command.ts";
import { tellDaemon } from "./local_change.ts";
import { nodeStatus } from "./node_status.ts";
import type { Places } from "./places.ts";
import { nodeRegistry } from "./pool_access.ts";
import { reloadDaemon } from "./reload_daemon.ts";

/** What an action is run with. */
export interface NodeActionDeps extends NodeDeps {
  readonly places: Places;
  /** This node's UUID. */
  readonly uuid: string;
}

/** An action. @returns Its answer as JSON; `undefined` says nothing. */
export type NodeAction = (words: readonly string[], deps: NodeActionDeps) => Promise<unknown>;

const NO_DAEMON = "no daemon is running there; start it: gluster-eventing start";

/** The actions by the words that ask for them. */
export const NODE_ACTIONS: Readonly<Record<string, NodeAction>> = {
  state: async (_, { places }) => await (await places.registry()).state(),
  lease: async ([token = "", node = ""], { places }) =>
    await (await registryOf(places)).lease({ token, node }),
  release: async ([token = ""], { places }) => {
    await (await registryOf(places)).release(token);
    return {};
  },
  take: async ([checksum = "", token = ""], { places }) => {
    const registry = await registryOf(places);
    try {
      const outcome = await registry.take(checksum);
      const daemon = await tellDaemon(places, registry.file.path);
      return { ...outcome, ...(daemon === "not running" ? { note: NO_DAEMON } : {}) };
    } finally {
      await registry.release(token);
    }
  },
  read: async ([uuid = ""], { places, uuid: own }) =>
    uuid === own ? await (await places.registry()).text() : undefined,
  reload: async (_, { places }) => await reloadDaemon(places),
  status: async (_, { places, version }) => await nodeStatus(places, version),
  resume: async ([webhook = ""], { places }) => await places.daemon().resume(webhook),
};

async function registryOf(places: Places): Promise<NodeRegistry> {
  return nodeRegistry(await places.registry());
}
