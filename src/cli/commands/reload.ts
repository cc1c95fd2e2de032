import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { noteLocal } from "../local_change.ts";

/** `reload` */
export async function run(invocation: Invocation): Promise<number> {
  const { output, places } = invocation;
  noteLocal(invocation);
  const outcome = await places.daemon().reload();
  if ("problems" in outcome) {
    throw new CommandError(
      EXIT.invalidConfig,
      ["The daemon keeps the registry it has; the file has problems:", ...outcome.problems]
        .join("\n  "),
      "mend the file and reload again",
    );
  }
  const { generation, registry } = outcome;
  output.result([`The daemon works with generation ${generation} of ${registry}.`], outcome);
  return EXIT.done;
}
