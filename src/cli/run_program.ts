/**
 * One binary, two sets of commands: its own, and those of upstream's `gluster-eventsapi` where it is
 * called by that name, as through a link.
 *
 * @module
 */
import { VERSION } from "./version.ts";
import type { GivenOptions } from "./command.ts";
import { PROGRAM as EVENTSAPI } from "./eventsapi/api_commands.ts";
import { Output } from "./output.ts";
import { Places } from "./places.ts";
import { type CliDeps, runCli } from "./run_cli.ts";

/** What the program was called with. */
export interface Call {
  /** The name that it was called by, perhaps with a path. */
  readonly name: string;
  /** The words behind it. */
  readonly args: readonly string[];
}

/** Runs the command line. @returns The exit code. */
export async function runProgram({ name, args }: Call, deps: CliDeps): Promise<number> {
  if (name.split("/").at(-1) !== EVENTSAPI) return await runCli(args, deps);
  const { runEventsapi } = await import("./eventsapi/run_eventsapi.ts");
  const { poolActions } = await import("./eventsapi/pool_actions.ts");
  const { environment, gluster, signals, streams } = deps;
  const actions = poolActions({
    options: NO_OPTIONS,
    places: new Places(NO_OPTIONS, environment, gluster),
    // Nothing but rows and errors is printed, since tools read it.
    output: new Output(streams, { json: true }),
    environment,
    gluster,
    signals,
    version: VERSION,
  });
  return await runEventsapi(args, { streams, actions });
}

/** Upstream's commands have no options for places; the environment can name them. */
const NO_OPTIONS: GivenOptions = { has: () => false, get: () => undefined, all: () => [] };
