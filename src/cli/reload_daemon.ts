/**
 * Makes the daemon of this node read its registry.
 *
 * @module
 */
import { CommandError } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import type { Places } from "./places.ts";

/**
 * Makes the daemon of this node read its registry.
 *
 * @returns Which registry is in force now.
 * @throws {CommandError} If the file has problems; then the one before stays.
 * @throws {DaemonNotRunningError} If none runs.
 */
export async function reloadDaemon(
  places: Places,
): Promise<{ readonly generation: number; readonly registry: string }> {
  const outcome = await places.daemon().reload();
  if (!("problems" in outcome)) return outcome;
  throw new CommandError(
    EXIT.invalidConfig,
    ["The daemon keeps the registry it has; the file has problems:", ...outcome.problems]
      .join("\n  "),
    "mend the file and reload again",
  );
}
