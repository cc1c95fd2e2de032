/**
 * Where things are in the tree that is installed into.
 *
 * @module
 */
import { type GivenOptions, type Invocation, UsageError } from "./command.ts";
import { USUAL_WORKDIR } from "./places.ts";

/** The root that was given, without a slash behind it; empty for the machine itself. */
export async function treeRoot(options: GivenOptions): Promise<string> {
  const given = options.get("root");
  if (given === undefined) return "";
  try {
    const root = await Deno.realPath(given);
    if ((await Deno.stat(root)).isDirectory) return root === "/" ? "" : root;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  throw new UsageError(`--root ${given} is no folder`, `make it first: mkdir -p ${given}`);
}

/** Folders as the node will see them, and the options of `run` that make it see them so. */
export async function treePlaces({ options, places }: Invocation): Promise<{
  readonly stateDir: string;
  readonly workdir: string;
  readonly runArgs: readonly string[];
}> {
  const { stateDir, givenOptions: runArgs } = places;
  // What glusterd says of this machine says nothing of a tree.
  const isTree = options.has("root");
  const workdir = isTree ? places.givenWorkdir ?? USUAL_WORKDIR : await places.workdir();
  return { stateDir, workdir, runArgs };
}
