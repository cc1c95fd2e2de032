/**
 * The help texts, made from the command table.
 *
 * @module
 */
import { type CommandSpec, type OperandSpec, type OptionSpec, SECTIONS } from "./command.ts";
import { padText } from "./render_table.ts";
import { wrapText } from "./wrap_text.ts";

/** How wide the lists are that this makes: a terminal that nobody has enlarged. */
const WIDTH = 80;
/** Beside longer words there would be no room for their explanation. */
const WIDEST_LEFT = 34;

/** The help of the whole program. */
export function renderProgramHelp(
  commands: readonly CommandSpec[],
  shared: readonly OptionSpec[],
): string[] {
  const shown = commands.filter(({ hidden }) => hidden !== true);
  const width = Math.max(...shown.map(({ name }) => name.length));
  return [
    "gluster-eventing turns events of a GlusterFS cluster into webhooks that arrive.",
    "",
    "Usage: gluster-eventing COMMAND [OPTIONS]",
    ...SECTIONS.flatMap((section) => {
      const rows = shown.filter((command) => command.section === section)
        .map(({ name, summary }) => `  ${padText(name, width)}  ${summary}`);
      return rows.length === 0 ? [] : ["", `${section}:`, ...rows];
    }),
    "",
    "Options of every command:",
    ...renderOptions(shared),
    "",
    "gluster-eventing COMMAND --help tells more, with examples.",
  ];
}

/** The help of one command. */
export function renderCommandHelp(
  command: CommandSpec,
  shared: readonly OptionSpec[],
): string[] {
  const { name, summary, details, operands, options, examples } = command;
  return [
    `Usage: gluster-eventing ${[name, "[OPTIONS]", ...operands.map(renderOperand)].join(" ")}`,
    "",
    `${summary}.`,
    ...details === undefined ? [] : ["", ...details.split("\n")],
    ...operands.length === 0 ? [] : ["", ...renderColumns(operands.map((o) => [o.name, o.help]))],
    ...options.length === 0 ? [] : ["", "Options:", ...renderOptions(options)],
    "",
    "Options of every command:",
    ...renderOptions(shared),
    ...examples.length === 0 ? [] : ["", "Examples:"],
    ...examples.flatMap(({ line, does }) => [`  # ${does}`, `  gluster-eventing ${line}`]),
  ];
}

function renderOperand({ name, optional, repeatable }: OperandSpec): string {
  const word = repeatable === true ? `${name}...` : name;
  return optional === true ? `[${word}]` : word;
}

function renderOptions(options: readonly OptionSpec[]): string[] {
  return renderColumns(options.map(({ name, short, value, repeatable, help }) => {
    const letter = short === undefined ? "    " : `-${short}, `;
    const word = value === undefined ? `--${name}` : `--${name} ${value}`;
    return [letter + word, repeatable === true ? `${help} (repeatable)` : help];
  }));
}

function renderColumns(rows: readonly (readonly [string, string] | string[])[]): string[] {
  const lefts = rows.map(([left = ""]) => left.length).filter((length) => length <= WIDEST_LEFT);
  const width = Math.max(0, ...lefts);
  const indent = " ".repeat(width + 4);
  return rows.flatMap(([left = "", right = ""]) => {
    const lines = wrapText(right, WIDTH - indent.length);
    if (left.length > width) return [`  ${left}`, ...lines.map((line) => indent + line)];
    return lines.map((line, at) => at === 0 ? `  ${padText(left, width)}  ${line}` : indent + line);
  });
}
