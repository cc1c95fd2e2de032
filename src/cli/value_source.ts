/**
 * What can stand in a place of a command line, told by the word that stands for it in help.
 *
 * @module
 */
import { EVENT_TYPES, SEVERITIES } from "../event/catalog.ts";
import type { CommandSpec, OperandSpec, OptionSpec } from "./command.ts";

/** Where the values of an option or operand come from. */
export type ValueSource =
  | { readonly from: "words"; readonly words: readonly string[] }
  | { readonly from: "files" }
  | { readonly from: "folders" }
  /** Event names and groups, with commas between them and perhaps a `!` before. */
  | { readonly from: "patterns" }
  /** The names in the registry, which has to be asked at that moment. */
  | { readonly from: "webhooks" }
  /** The names of the commands. */
  | { readonly from: "commands" };

/** The names of all events, and the groups as patterns. */
export const EVENT_NAMES = EVENT_TYPES.map(({ name }) => name);
const GROUPS = [...new Set(EVENT_TYPES.map(({ group }) => group))];
export const EVENT_PATTERNS = [...EVENT_NAMES, ...GROUPS.map((group) => `group:${group}`)];

const BY_PLACEHOLDER: Readonly<Record<string, ValueSource>> = {
  "FILE": { from: "files" },
  "DIR": { from: "folders" },
  "EVENT": { from: "words", words: EVENT_NAMES },
  "PATTERN,...": { from: "patterns" },
  "GROUP": { from: "words", words: GROUPS },
  "SEVERITY": { from: "words", words: SEVERITIES },
  "URL|NAME": { from: "webhooks" },
  "WEBHOOK": { from: "webhooks" },
  "COMMAND": { from: "commands" },
};

/** Where the values of an option come from; `undefined` if nobody can know them. */
export function sourceOfOption({ value = "", choices }: OptionSpec): ValueSource | undefined {
  return choices === undefined ? BY_PLACEHOLDER[value] : { from: "words", words: choices };
}

/** Where the values of an operand come from; `undefined` if nobody can know them. */
export function sourceOfOperand({ name, choices }: OperandSpec): ValueSource | undefined {
  return choices === undefined ? BY_PLACEHOLDER[name] : { from: "words", words: choices };
}

/** `help COMMAND`, which is no command of the table, as a shell needs to know it. */
export const HELP_COMMAND: Pick<CommandSpec, "name" | "summary" | "operands" | "options"> = {
  name: "help",
  summary: "Show the help of a command",
  operands: [{ name: "COMMAND", optional: true, help: "the command" }],
  options: [],
};

/** What a shell may propose as the first word besides commands. */
export const PROGRAM_OPTIONS: readonly OptionSpec[] = [
  { name: "help", short: "h", help: "show all commands" },
  { name: "version", short: "V", help: "show the version" },
];

/** How an option may be written, with its hyphens. */
export function spellingsOf({ name, short, alias }: OptionSpec): string[] {
  return [
    `--${name}`,
    ...alias === undefined ? [] : [`--${alias}`],
    ...short === undefined ? [] : [`-${short}`],
  ];
}
