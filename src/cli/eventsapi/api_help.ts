/**
 * Usage and help as Python's argparse lays them out, for upstream's commands.
 *
 * @module
 */
import {
  API_COMMANDS,
  type ApiCommand,
  type ApiOption,
  HELP_OPTION,
  optionsOf,
  PROGRAM,
} from "./api_commands.ts";

const WIDTH = 78;
const WIDEST_LEFT = 22;

/** All commands as one word, as usage shows them. */
export const CHOICES = `{${API_COMMANDS.map(({ name }) => name).join(",")}}`;

/** The usage of a command, or of the program. */
export function renderUsage(command?: ApiCommand): string[] {
  const options = command === undefined ? [HELP_OPTION] : optionsOf(command);
  const words = command === undefined ? [CHOICES, "..."] : command.operands.map(({ name }) => name);
  const head = `usage: ${programOf(command)}`;
  const parts = options.map((option) => `[${renderOption(option)}]`);
  const whole = [head, ...parts, ...words].join(" ");
  if (whole.length <= WIDTH) return [whole];
  const lines = [...fill(parts, head.length + 1), ...fill(words, head.length + 1)];
  return lines.map((line, at) => (at === 0 ? head : " ".repeat(head.length)) + line);
}

/** The help of a command, or of the program. */
export function renderHelp(command?: ApiCommand): string[] {
  const operands = command === undefined ? [{ name: CHOICES, help: "" }] : command.operands;
  const options = command === undefined ? [HELP_OPTION] : optionsOf(command);
  const parts = [
    { title: "positional arguments", rows: operands.map(({ name, help }) => [name, help]) },
    { title: "options", rows: options.map((option) => [renderSpellings(option), option.help]) },
  ].filter(({ rows }) => rows.length > 0);
  const lefts = parts.flatMap(({ rows }) => rows.map(([left = ""]) => left.length));
  const width = Math.min(Math.max(...lefts), WIDEST_LEFT - 2);
  return [
    ...renderUsage(command),
    ...parts.flatMap(({ title, rows }) => [
      "",
      `${title}:`,
      ...rows.flatMap(([left = "", help = ""]) => renderRow(left, help, width)),
    ]),
  ];
}

/** The program with the command, as messages begin. */
export function programOf(command?: ApiCommand): string {
  return command === undefined ? PROGRAM : `${PROGRAM} ${command.name}`;
}

function renderRow(left: string, help: string, width: number): string[] {
  if (left.length > width) {
    return [`  ${left}`, ...help === "" ? [] : [" ".repeat(width + 4) + help]];
  }
  return [`  ${left.padEnd(width)}  ${help}`.trimEnd()];
}

function renderOption({ spellings: [spelling = ""], value }: ApiOption): string {
  return value === undefined ? spelling : `${spelling} ${value}`;
}

function renderSpellings({ spellings, value }: ApiOption): string {
  return spellings.map((each) => value === undefined ? each : `${each} ${value}`).join(", ");
}

/** Words in lines that are no longer than allowed, each with a blank before it. */
function fill(words: readonly string[], indent: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || indent + last.length + word.length > WIDTH) lines.push(` ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
