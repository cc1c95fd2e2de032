/**
 * All commands and the options that every one of them takes.
 *
 * @module
 */
import type { CommandSpec, OptionSpec } from "./command.ts";
import { PLACE_OPTIONS } from "./places.ts";
import { ABOUT_COMMANDS } from "./table/about.ts";
import { DAEMON_COMMANDS } from "./table/daemon.ts";
import { INSTALLATION_COMMANDS } from "./table/installation.ts";
import { LOOKING_BACK_COMMANDS } from "./table/looking_back.ts";
import { SETTINGS_COMMANDS } from "./table/settings.ts";
import { TRIAL_COMMANDS } from "./table/trial.ts";
import { WEBHOOK_COMMANDS } from "./table/webhooks.ts";

/** The commands, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  ...DAEMON_COMMANDS,
  ...WEBHOOK_COMMANDS,
  ...LOOKING_BACK_COMMANDS,
  ...SETTINGS_COMMANDS,
  ...TRIAL_COMMANDS,
  ...INSTALLATION_COMMANDS,
  ...ABOUT_COMMANDS,
];

/** The options of every command. */
export const SHARED_OPTIONS: readonly OptionSpec[] = [
  { name: "json", help: "print JSON" },
  { name: "local", help: "act on this node only" },
  ...PLACE_OPTIONS,
  { name: "help", short: "h", help: "show the help of a command" },
];
