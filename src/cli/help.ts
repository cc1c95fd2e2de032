/**
 * The help texts, made from the command table.
 *
 * @module
 */
import type { CommandSpec, OperandSpec, OptionSpec, Section } from "./command.ts";
import { padText } from "./render_table.ts";

const SECTIONS: readonly Section[] = [
  "Daemon",
  "Webhooks",
  "Looking back",
  "Shared settings",
  "Trying it out",
  "Installation",
  "About",
];

/** The help of the whole program. */
export function renderProgramHelp(
  commands: readonly CommandSpec[],
  shared: readonly OptionSpec[],
): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "gluster-eventing turns the events of a GlusterFS cluster into webhooks that arrive.",
    "",
    "Usage: gluster-eventing COMMAND [OPTIONS]",
    ...SECTIONS.flatMap((section) => [
      "",
      `${section}:`,
      ...commands.filter((command) => command.section === section).map(({ name, summary }) =>
        `  ${padText(name, width)}  ${summary}`
      ),
    ]),
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
  const width = Math.max(...rows.map(([left = ""]) => left.length));
  return rows.map(([left = "", right = ""]) => `  ${padText(left, width)}  ${right}`);
}
