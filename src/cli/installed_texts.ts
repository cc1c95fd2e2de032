/**
 * The texts that are installed beside the program.
 *
 * @module
 */
import type { ExtraFile } from "../install/item.ts";
import { COMMANDS, SHARED_OPTIONS } from "./command_table.ts";
import { renderCompletions } from "./completions.ts";
import { renderManPage } from "./man_page.ts";
import { SHELLS } from "./shells.ts";

const MAN_PAGE = "/usr/share/man/man8/gluster-eventing.8";

/** Where each shell looks by itself; for zsh a folder that every distribution has on its path. */
const COMPLETIONS: Readonly<Record<typeof SHELLS[number], string>> = {
  bash: "/usr/share/bash-completion/completions/gluster-eventing",
  zsh: "/usr/local/share/zsh/site-functions/_gluster-eventing",
  fish: "/usr/share/fish/vendor_completions.d/gluster-eventing.fish",
};

/** Man page and shell completions, each in the folder that its reader looks in. */
export function installedTexts(version: string): ExtraFile[] {
  return [
    { what: "man page", path: MAN_PAGE, text: renderManPage(COMMANDS, SHARED_OPTIONS, version) },
    ...SHELLS.map((shell) => ({
      what: `completions for ${shell}`,
      path: COMPLETIONS[shell],
      text: renderCompletions(shell, COMMANDS, SHARED_OPTIONS),
    })),
  ];
}
