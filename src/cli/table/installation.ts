/**
 * The commands that make the program a service of a node, and undo that.
 *
 * @module
 */
import type { CommandSpec, OptionSpec } from "../command.ts";

const COMMON: readonly OptionSpec[] = [
  { name: "dry-run", help: "show every step and change nothing" },
  { name: "yes", short: "y", help: "agree to what would be asked" },
  {
    name: "root",
    value: "DIR",
    help: "a tree that will be a node, such as a package's; touches no service",
  },
];

export const INSTALLATION_COMMANDS: readonly CommandSpec[] = [
  {
    name: "install",
    section: "Installing",
    summary: "Make this program a service of this node",
    details:
      `Puts the program into /usr/sbin and adds a unit for systemd, the command that lets other nodes
reach this one, and a log rotation if nothing rotates the log yet. Asks before it stops and disables
upstream's glustereventsd, because both want the same port. Doing it again changes nothing; doing it
with a newer program replaces the older one, and restarts the service if that runs: no event is
lost. What is in the way is kept beside, under another name.`,
    operands: [],
    options: [
      ...COMMON,
      {
        name: "libexec",
        value: "DIR",
        help: "folder of Gluster's own commands (default: it is found)",
      },
      {
        name: "replace-eventsapi",
        help: "also let gluster-eventsapi be this program; uninstall puts upstream's back",
      },
    ],
    examples: [
      { line: "install --dry-run", does: "see what it would do" },
      { line: "install", does: "do it, or upgrade what is installed" },
      { line: "install --root ./package", does: "make the files of a package" },
    ],
    load: () => import("../commands/install.ts"),
  },
  {
    name: "uninstall",
    section: "Installing",
    summary: "Take away what install made",
    details:
      `Stops and disables the service and removes exactly what was installed. A file that was changed
since is left, and named. Webhooks, waiting events and history stay, unless --purge is given.`,
    operands: [],
    options: [
      ...COMMON,
      { name: "purge", help: "also remove webhooks, events and the log for good; asks first" },
    ],
    examples: [
      { line: "uninstall", does: "remove the program, keep its data" },
      { line: "uninstall --purge --yes", does: "leave nothing" },
    ],
    load: () => import("../commands/uninstall.ts"),
  },
];
