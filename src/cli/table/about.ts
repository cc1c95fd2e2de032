/**
 * The commands about the program itself.
 *
 * @module
 */
import type { CommandSpec } from "../command.ts";
import { SHELLS } from "../shells.ts";

export const ABOUT_COMMANDS: readonly CommandSpec[] = [
  {
    name: "completions",
    section: "Installing",
    summary: "Print what lets a shell complete these commands",
    details: `To load it into the shell that runs now:
  bash  source <(gluster-eventing completions bash)
  zsh   source <(gluster-eventing completions zsh)
  fish  gluster-eventing completions fish | source
To install it, write it into one of these files, for everybody or for yourself:
  bash  /usr/share/bash-completion/completions/gluster-eventing
        ~/.local/share/bash-completion/completions/gluster-eventing
  zsh   /usr/share/zsh/site-functions/_gluster-eventing
  fish  /usr/share/fish/vendor_completions.d/gluster-eventing.fish
        ~/.config/fish/completions/gluster-eventing.fish
bash looks there only with the package bash-completion, and zsh completes only after compinit.
Without that package, put the line of bash above into ~/.bashrc.`,
    operands: [{ name: "SHELL", choices: SHELLS, help: "bash, zsh or fish" }],
    options: [],
    examples: [{ line: "completions bash", does: "see the script" }],
    load: () => import("../commands/completions.ts"),
  },
  {
    name: "man-page",
    section: "Installing",
    hidden: true,
    summary: "Print the man page as roff",
    details: "Read it with: gluster-eventing man-page | man -l -",
    operands: [],
    options: [],
    examples: [],
    load: () => import("../commands/man_page.ts"),
  },
  {
    name: "complete-webhooks",
    section: "About",
    hidden: true,
    summary: "Print the names of the webhooks, for completions",
    operands: [],
    options: [],
    examples: [],
    load: () => import("../commands/complete_webhooks.ts"),
  },
  {
    name: "version",
    section: "About",
    summary: "Show the version",
    operands: [],
    options: [],
    examples: [],
    load: () => import("../commands/version.ts"),
  },
];
