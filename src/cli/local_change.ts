/**
 * What every command that changes the registry of this node does around the change.
 *
 * @module
 */
import { ControlRefusedError, DaemonNotRunningError } from "../api/control_client.ts";
import type { ReloadOutcome } from "../api/control_handlers.ts";
import type { RegistryEdit } from "../registry/edit_data.ts";
import type { Registry } from "../registry/schema.ts";
import { CommandError, type Invocation } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { isSameFile, type Places } from "./places.ts";

/** Says, unless `--local` was given, that other nodes are not touched. */
export function noteLocal({ options, output }: Invocation): void {
  if (options.has("local") || output.isJson) return;
  output.note("note: this acts on this node only (--local leaves out this note)");
}

/** What is wanted of a registry, decided on when it is known what it says. */
export type Decide = (registry: Registry) => readonly RegistryEdit[];

/** The registry after a change; the daemon only counts where something changed. */
export interface Change {
  readonly registry: Registry;
  readonly daemon?: DaemonUptake;
}

/** Changes the registry, wherever that has to be done. */
export type ChangeRegistry = (decide: Decide) => Promise<Change>;

/**
 * Changes the registry of this node and makes its daemon take that over.
 *
 * @throws {CommandError} If the daemon runs but refuses.
 */
export async function changeLocally(
  invocation: Pick<Invocation, "places">,
  decide: Decide,
): Promise<Change> {
  const file = await invocation.places.registry();
  let before = 0;
  const registry = await file.change((current) => {
    before = current.generation;
    return decide(current);
  });
  if (registry.generation === before) return { registry };
  return { registry, daemon: await tellDaemon(invocation.places, file.path) };
}

/** What the daemon of this node makes of a change. */
export type DaemonUptake = "taken over" | "not running" | "other registry";

/**
 * Makes the daemon of this node take over a change at once.
 *
 * @param path The registry that was changed.
 * @throws {CommandError} If it runs but refuses.
 */
export async function tellDaemon(places: Places, path: string): Promise<DaemonUptake> {
  let outcome: ReloadOutcome;
  try {
    outcome = await places.daemon().reload();
  } catch (error) {
    if (error instanceof DaemonNotRunningError) return "not running";
    if (!(error instanceof ControlRefusedError)) throw error;
    throw writtenBut(error.message, error.hint);
  }
  if (!await isSameFile(outcome.registry, path)) return "other registry";
  if (!("problems" in outcome)) return "taken over";
  throw writtenBut(
    `The daemon refuses it: ${outcome.problems.join("; ")}`,
    "see what it says: gluster-eventing status",
  );
}

/** The registry was changed, but the daemon does not do its part. */
export function writtenBut(message: string, hint: string): CommandError {
  return new CommandError(EXIT.failed, `The change is written, but: ${message}`, hint);
}

/** A line that says what the daemon makes of it. */
export function describeUptake(uptake: DaemonUptake): string {
  switch (uptake) {
    case "taken over":
      return "The daemon has taken it over.";
    case "not running":
      return "No daemon is running here; it counts once there is one: gluster-eventing start";
    case "other registry":
      return "The daemon works with another registry: see gluster-eventing status, and --workdir";
  }
}
