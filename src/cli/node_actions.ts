/**
 * What a node does when another one asks through glusterd.
 *
 * @module
 */
import { DaemonNotRunningError } from "../api/control_client.ts";
import type { NodeRegistry } from "../cluster/node_registry.ts";
import { CommandError } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import type { NodeDeps } from "./node_command.ts";
import type { Places } from "./places.ts";
import type { TestTarget } from "./webhook_trial.ts";

/** What an action is run with. */
export interface NodeActionDeps extends NodeDeps {
  readonly places: Places;
  /** This node's UUID. */
  readonly uuid: string;
}

/** An action. @returns Its answer as JSON; `undefined` says nothing. */
export type NodeAction = (words: readonly string[], deps: NodeActionDeps) => Promise<unknown>;

const NO_DAEMON = "no daemon is running there; start it: gluster-eventing start";

/** The actions by the words that ask for them; each loads what it needs, since every node waits. */
export const NODE_ACTIONS: Readonly<Record<string, NodeAction>> = {
  state: async (_, { places }) => await (await places.registry()).state(),
  lease: async ([token = "", node = "", how], deps) =>
    await (await registryOf(deps)).lease({ token, node }, { isAlone: how === "alone" }),
  release: async ([token = ""], deps) => {
    await (await registryOf(deps)).release(token);
    return {};
  },
  take: async ([checksum = "", token = ""], deps) => {
    const registry = await registryOf(deps);
    try {
      const outcome = await registry.take(checksum);
      const { tellDaemon } = await import("./daemon_uptake.ts");
      const daemon = await tellDaemon(deps.places, registry.file.path);
      return { ...outcome, ...(daemon === "not running" ? { note: NO_DAEMON } : {}) };
    } finally {
      await registry.release(token);
    }
  },
  read: async ([uuid = ""], { places, uuid: own }) =>
    uuid === own ? await (await places.registry()).copy() : undefined,
  reload: async (_, { places }) => {
    const { reloadDaemon } = await import("./reload_daemon.ts");
    return await reloadDaemon(places);
  },
  status: async (_, { places, version }) => {
    const { nodeStatus } = await import("./node_status.ts");
    return await nodeStatus(places, version);
  },
  service: async ([action = ""], { places }) => {
    const { SERVICE_ACTIONS } = await import("../cluster/service.ts");
    const { controlHere } = await import("./control_here.ts");
    const known = SERVICE_ACTIONS.find((candidate) => candidate === action);
    if (known === undefined) throw new TypeError(`"${action}" is nothing to do to a service`);
    return await controlHere(known, places);
  },
  prepare: async (_, { places }) => {
    await Deno.mkdir(`${await places.workdir()}/events`, { recursive: true, mode: 0o755 });
    return {};
  },
  test: async ([token = ""], deps) => {
    const { openLetter } = await import("../cluster/letter.ts");
    const { testHere } = await import("./webhook_trial.ts");
    const target = await openLetter(await deps.places.workdir(), token, deps.now());
    // It comes from the same command on another node, as plain data.
    return await testHere(target as TestTarget, deps);
  },
  link: async (_, { places }) => {
    try {
      return await places.daemon().link();
    } catch (error) {
      if (!(error instanceof DaemonNotRunningError)) throw error;
      const hint = "start it: gluster-eventing start";
      throw new CommandError(EXIT.daemonNotRunning, "no daemon is running there", hint);
    }
  },
  resume: async ([webhook = ""], { places }) => await places.daemon().resume(webhook),
};

async function registryOf(
  { places, now }: Pick<NodeActionDeps, "places" | "now">,
): Promise<NodeRegistry> {
  const { openNodeRegistry } = await import("../cluster/node_registry.ts");
  return openNodeRegistry(await places.registry(), now);
}
