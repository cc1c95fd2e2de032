/**
 * The man page, made from the command table.
 *
 * @module
 */
import { type CommandSpec, type OperandSpec, type OptionSpec, SECTIONS } from "./command.ts";
import { EXIT_MEANINGS } from "./exit_meanings.ts";
import { DESCRIPTION, ENVIRONMENT, EXAMPLES, FILES, SEE_ALSO, SIGNALS } from "./man_page_texts.ts";
import { bold, escapeRoff, italic, macro, paragraphs } from "./roff.ts";

const PROGRAM = "gluster-eventing";

/**
 * The man page `gluster-eventing(8)` as roff. The same input gives the same page: it bears the
 * version, and no date.
 */
export function renderManPage(
  commands: readonly CommandSpec[],
  sharedOptions: readonly OptionSpec[],
  version: string,
): string {
  const shown = commands.filter(({ hidden }) => hidden !== true);
  return [
    macro("TH", PROGRAM.toUpperCase(), "8", "", `${PROGRAM} ${version}`, "GlusterFS"),
    ".ad l",
    ".SH NAME",
    `${escapeRoff(PROGRAM)} \\- turn events of a GlusterFS cluster into webhooks`,
    ".SH SYNOPSIS",
    `${bold(PROGRAM)} ${italic("COMMAND")} [${italic("OPTIONS")}] [${italic("OPERANDS")}]`,
    ".br",
    `${bold(PROGRAM)} ${italic("COMMAND")} ${bold("--help")}`,
    ".br",
    `${bold(PROGRAM)} ${bold("--help")} | ${bold("--version")}`,
    ".SH DESCRIPTION",
    ...DESCRIPTION.flatMap((text, at) => [...at === 0 ? [] : [".PP"], ...paragraphs(text)]),
    ".SH OPTIONS",
    "Every command takes these.",
    ...sharedOptions.flatMap(renderOption),
    ".SH COMMANDS",
    ...renderSections(shown),
    ".SH FILES",
    ...FILES.flatMap(([path, text]) => [".TP", italic(path), ...paragraphs(text)]),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(([name, text]) => [".TP", bold(name), ...paragraphs(text)]),
    ".SH EXIT STATUS",
    ...EXIT_MEANINGS.flatMap(([code, meaning]) => [".TP", bold(`${code}`), ...paragraphs(meaning)]),
    ".SH SIGNALS",
    ...SIGNALS.flatMap(([name, text]) => [".TP", bold(name), ...paragraphs(text)]),
    ".SH EXAMPLES",
    ...EXAMPLES.flatMap(renderExample).slice(1),
    ".SH SEE ALSO",
    SEE_ALSO.map(([name, section]) => `${bold(name)}(${section})`).join(", "),
    "",
  ].join("\n");
}

function renderSections(commands: readonly CommandSpec[]): string[] {
  return SECTIONS.flatMap((section) => {
    const members = commands.filter((command) => command.section === section);
    if (members.length === 0) return [];
    return [
      macro("SS", section),
      ...members.flatMap((command) => renderCommand(command, commands)),
    ];
  });
}

function renderCommand(command: CommandSpec, all: readonly CommandSpec[]): string[] {
  const { name, summary, operands, options, examples } = command;
  const words = operands.map(renderOperand);
  const more = [
    ...renderDetails(command, all),
    ...operands.flatMap((operand) => [".TP", italic(operand.name), ...paragraphs(operand.help)]),
    ...options.flatMap(renderOption),
    ...examples.length === 0 ? [] : [".PP", "Examples:"],
    ...examples.flatMap(renderExample),
  ];
  return [
    ".TP",
    [bold(name), ...options.length === 0 ? [] : [`[${italic("OPTIONS")}]`], ...words].join(" "),
    ...paragraphs(`${summary}.`),
    ...more.length === 0 ? [] : [".RS", ...more, ".RE"],
  ];
}

/** What several commands have in common stands with the first of them. */
function renderDetails({ name, details }: CommandSpec, all: readonly CommandSpec[]): string[] {
  if (details === undefined) return [];
  const first = all.find((command) => command.details === details)?.name ?? name;
  const isLong = details.includes("\n ");
  return isLong && first !== name
    ? [".PP", `What is said of ${bold(first)} goes for this command too.`]
    : [".PP", ...paragraphs(details)];
}

function renderOperand({ name, optional, repeatable }: OperandSpec): string {
  const word = italic(name) + (repeatable === true ? "..." : "");
  return optional === true ? `[${word}]` : word;
}

function renderOption({ name, short, value, repeatable, help }: OptionSpec): string[] {
  const letter = short === undefined ? [] : [bold(`-${short}`)];
  const word = bold(`--${name}`) + (value === undefined ? "" : ` ${italic(value)}`);
  const text = repeatable === true ? `${help} (repeatable)` : help;
  return [".TP", [...letter, word].join(", "), ...paragraphs(text)];
}

function renderExample({ line, does }: { line: string; does: string }): string[] {
  return [".PP", ".EX", escapeRoff(`# ${does}`), escapeRoff(`${PROGRAM} ${line}`), ".EE"];
}
