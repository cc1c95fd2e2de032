/**
 * What every command that changes the registry of this node does around the change.
 *
 * @module
 */
import { DaemonNotRunningError } from "../api/control_client.ts";
import { CommandError, type Invocation } from "./command.ts";
import { EXIT } from "./exit_codes.ts";

/** Says, unless `--local` was given, that other nodes are not touched. */
export function noteLocal({ options, output }: Invocation): void {
  if (options.has("local") || output.isJson) return;
  output.note("note: this acts on this node only (--local leaves out this note)");
}

/** Whether the daemon of this node has taken over a change. */
export type DaemonUptake = "taken over" | "not running";

/**
 * Makes the daemon of this node take over a change at once.
 *
 * @throws {CommandError} If it runs but refuses.
 */
export async function tellDaemon({ places }: Invocation): Promise<DaemonUptake> {
  try {
    const outcome = await places.daemon().reload();
    if (!("problems" in outcome)) return "taken over";
    throw new CommandError(
      EXIT.failed,
      `The change is written, but the daemon refuses it: ${outcome.problems.join("; ")}`,
      "see what it says: gluster-eventing status",
    );
  } catch (error) {
    if (error instanceof DaemonNotRunningError) return "not running";
    throw error;
  }
}

/** A line that says what the daemon makes of it. */
export function describeUptake(uptake: DaemonUptake): string {
  return uptake === "taken over"
    ? "The daemon has taken it over."
    : "No daemon is running here; it counts once there is one: gluster-eventing run";
}
