/**
 * The scripts that let shells complete command lines, made from the command table. They stand on
 * their own: no library of completions needs to be loaded. Only the names of webhooks are asked for
 * at the moment of completion, through the hidden command `complete-webhooks`.
 *
 * @module
 */
import type { CommandSpec, OptionSpec } from "./command.ts";
import { renderBash } from "./completions_bash.ts";
import { renderFish } from "./completions_fish.ts";
import { renderZsh } from "./completions_zsh.ts";
import type { Shell } from "./shells.ts";
import { HELP_COMMAND } from "./value_source.ts";

/** A command as far as completion is concerned. */
export type CompletedCommand = Pick<CommandSpec, "name" | "summary" | "operands" | "options">;

/** The script that makes a shell complete the command lines of `gluster-eventing`. */
export function renderCompletions(
  shell: Shell,
  commands: readonly CommandSpec[],
  sharedOptions: readonly OptionSpec[],
): string {
  const completed: CompletedCommand[] = [
    ...commands.filter(({ hidden }) => hidden !== true).map((command) => ({
      ...command,
      options: [...command.options, ...sharedOptions],
    })),
    HELP_COMMAND,
  ];
  return { bash: renderBash, zsh: renderZsh, fish: renderFish }[shell](completed);
}
