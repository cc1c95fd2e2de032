/**
 * The pool, for commands that act on all of its nodes.
 *
 * @module
 */
import { openNodeRegistry } from "../cluster/node_registry.ts";
import { listPool, toPool } from "../cluster/pool.ts";
import { PoolLink } from "../cluster/pool_link.ts";
import { PoolRegistry } from "../cluster/pool_registry.ts";
import { systemClock } from "../dispatcher/clock.ts";
import { RegistryFile, registryPath } from "../registry/registry_file.ts";
import type { Invocation } from "./command.ts";

/** What decides how far a command reaches. */
export type Reach = Pick<
  Invocation,
  "options" | "output" | "places" | "gluster" | "signals"
>;

/** The pool as commands use it. */
export interface PoolAccess {
  readonly link: PoolLink;
  /** glusterd's folder. */
  readonly workdir: string;
  /** The registry on this node. */
  readonly file: RegistryFile;
  readonly registry: PoolRegistry;
}

/**
 * The pool that this node is in; `undefined` if the command is to act on this node only, which is
 * said unless `--local` was given.
 */
export async function openPool(
  { options, output, places, gluster }: Reach,
): Promise<PoolAccess | undefined> {
  if (options.has("local")) return undefined;
  const [found, listed] = await Promise.all([places.poolWorkdir(), listPool(gluster)]);
  if ("reason" in found) {
    if (!output.isJson) {
      output.note(`note: this acts on this node only: ${found.reason} (--local: no note)`);
    }
    return undefined;
  }
  const { workdir } = found;
  const pool = await toPool(listed, workdir);
  const deps = { clock: systemClock, random: Math.random };
  const link = new PoolLink({
    ...deps,
    gluster,
    workdir,
    pool,
    onBusy: () => output.note("note: glusterd is busy with another command; waiting for it"),
  });
  const file = new RegistryFile({ path: registryPath(workdir) });
  return {
    link,
    workdir,
    file,
    registry: new PoolRegistry({
      ...deps,
      link,
      here: openNodeRegistry(file, systemClock.now),
      newToken: () => crypto.randomUUID(),
      notify: ({ holder }) => {
        output.note(`note: waiting for another command that changes the registry, on ${holder}`);
      },
    }),
  };
}
