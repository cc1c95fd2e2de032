/**
 * The commands of upstream's `gluster-eventsapi`, in the order of its help.
 *
 * @module
 */

/** The name that the program is called by for these commands. */
export const PROGRAM = "gluster-eventsapi";

/** A word that a command needs. */
export interface ApiOperand {
  readonly name: string;
  readonly help: string;
}

/** An option; without a `value` it is a switch. */
export interface ApiOption {
  /** With hyphens, the one that stands first in messages first. */
  readonly spellings: readonly string[];
  readonly value?: string;
  readonly help: string;
}

/** A command of upstream. */
export interface ApiCommand {
  readonly name: ApiCommandName;
  readonly operands: readonly ApiOperand[];
  /** Without those of every command. */
  readonly options: readonly ApiOption[];
}

/** The names of the commands. */
export type ApiCommandName = typeof NAMES[number];

const NAMES = [
  "reload",
  "status",
  "webhook-add",
  "webhook-mod",
  "webhook-del",
  "webhook-test",
  "config-get",
  "config-set",
  "config-reset",
  "sync",
] as const;

/** Shows the help, of the program and of every command. */
export const HELP_OPTION: ApiOption = {
  spellings: ["-h", "--help"],
  help: "show this help and end",
};

/** Makes any command print JSON. */
export const JSON_OPTION: ApiOption = { spellings: ["--json"], help: "print JSON" };

const URL: ApiOperand = { name: "url", help: "URL of the webhook" };
const NAME: ApiOperand = { name: "name", help: "name of the setting" };

const CREDENTIALS: readonly ApiOption[] = [
  { spellings: ["--bearer_token", "-t"], value: "BEARER_TOKEN", help: "token to send along" },
  { spellings: ["--secret", "-s"], value: "SECRET", help: "secret that makes a token (JWT)" },
];

const PARTS: { readonly [N in ApiCommandName]?: Partial<ApiCommand> } = {
  "webhook-add": { operands: [URL], options: CREDENTIALS },
  "webhook-mod": { operands: [URL], options: CREDENTIALS },
  "webhook-del": { operands: [URL] },
  "webhook-test": { operands: [URL], options: CREDENTIALS },
  "config-get": {
    options: [{ spellings: ["--name"], value: "NAME", help: "only this setting" }],
  },
  "config-set": { operands: [NAME, { name: "value", help: "its new value" }] },
  "config-reset": { operands: [{ name: "name", help: "name of the setting, or all" }] },
};

/** The commands, in the order of upstream's help. */
export const API_COMMANDS: readonly ApiCommand[] = NAMES.map((name) => ({
  name,
  operands: [],
  options: [],
  ...PARTS[name],
}));

/** The options of a command, all of them. */
export function optionsOf({ options }: Pick<ApiCommand, "options">): readonly ApiOption[] {
  return [HELP_OPTION, ...options, JSON_OPTION];
}
