import { nearest } from "../../std/text.ts";
import { type Invocation, UsageError } from "../command.ts";
import { COMMANDS, SHARED_OPTIONS } from "../command_table.ts";
import { renderCompletions } from "../completions.ts";
import { EXIT } from "../exit_codes.ts";
import { SHELLS } from "../shells.ts";

/** `completions SHELL` */
export function run({ operands: [name = ""], output }: Invocation): Promise<number> {
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined) {
    const guess = nearest(name, SHELLS);
    throw new UsageError(
      `There are no completions for the shell "${name}", only for ${SHELLS.join(", ")}`,
      `for example: gluster-eventing completions ${guess ?? SHELLS[0]}`,
    );
  }
  const script = renderCompletions(shell, COMMANDS, SHARED_OPTIONS);
  output.result([script.trimEnd()], { shell, script });
  return Promise.resolve(EXIT.done);
}
