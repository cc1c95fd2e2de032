/**
 * The pool, for commands that act on all of its nodes.
 *
 * @module
 */
import { type AskDeps, askOthers, type NodeReply, type Question } from "../cluster/ask_nodes.ts";
import { EditLease } from "../cluster/edit_lease.ts";
import { NodeRegistry } from "../cluster/node_registry.ts";
import { type Pool, readPool } from "../cluster/pool.ts";
import { PoolRegistry } from "../cluster/pool_registry.ts";
import { systemClock } from "../dispatcher/clock.ts";
import { RegistryFile, registryPath } from "../registry/registry_file.ts";
import type { Invocation } from "./command.ts";

/** The pool as commands use it. */
export interface PoolAccess {
  readonly pool: Pool;
  /** The registry on this node. */
  readonly file: RegistryFile;
  readonly registry: PoolRegistry;
  /** Asks all nodes but this one. */
  ask<T>(question: Question): Promise<NodeReply<T>[]>;
}

/**
 * The pool that this node is in; `undefined` if the command is to act on this node only, which is
 * said unless `--local` was given.
 */
export async function openPool(invocation: Invocation): Promise<PoolAccess | undefined> {
  const { options, output, places, gluster } = invocation;
  if (options.has("local")) return undefined;
  const found = await places.poolWorkdir();
  if ("reason" in found) {
    if (!output.isJson) {
      output.note(`note: this acts on this node only: ${found.reason} (--local: no note)`);
    }
    return undefined;
  }
  const { workdir } = found;
  const pool = await readPool({ gluster, workdir });
  const askDeps: AskDeps = { gluster, clock: systemClock, random: Math.random };
  const file = new RegistryFile({ path: registryPath(workdir) });
  return {
    pool,
    file,
    registry: new PoolRegistry({
      ...askDeps,
      pool,
      here: nodeRegistry(file),
      newToken: () => crypto.randomUUID(),
      notify: ({ holder }) => {
        output.note(`note: waiting for another command that changes the registry, on ${holder}`);
      },
    }),
    ask: (question) => askOthers(pool, question, askDeps),
  };
}

/** What this node does with its registry when other nodes ask. */
export function nodeRegistry(file: RegistryFile): NodeRegistry {
  return new NodeRegistry(file, new EditLease(file.path, () => Date.now()));
}
