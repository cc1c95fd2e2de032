/**
 * The script for bash, version 4.2 or later.
 *
 * @module
 */
import { BASH_FRAME } from "./completions_bash_frame.ts";
import type { CompletedCommand } from "./completions.ts";
import {
  EVENT_PATTERNS,
  PROGRAM_OPTIONS,
  sourceOfOperand,
  sourceOfOption,
  spellingsOf,
  type ValueSource,
} from "./value_source.ts";

/** What the shell matches with, and what it does then. */
type Row = readonly [pattern: string, body: string];

/** The script for these commands, each with all its options. */
export function renderBash(commands: readonly CompletedCommand[]): string {
  return [
    "# bash completion for gluster-eventing, made by: gluster-eventing completions bash",
    "",
    "# The words that are known whatever is typed.",
    "_gluster_eventing_lists() {",
    `  commands=${renderList(commands.map(({ name }) => name))}`,
    `  program_options=${renderList(PROGRAM_OPTIONS.flatMap(spellingsOf))}`,
    `  patterns=${renderList(EVENT_PATTERNS)}`,
    "}",
    "",
    "# The options of the command, and which of them take a value.",
    ...renderCase("_gluster_eventing_options", "$command", commands.map(optionsRow)),
    "",
    "# Proposes values of the option.",
    ...renderCase("_gluster_eventing_value", "$command $option", commands.flatMap(valueRows)),
    "",
    "# Proposes operands.",
    ...renderCase(
      "_gluster_eventing_operand",
      "$command ${#operands[@]} $previous",
      commands.flatMap(operandRows),
    ),
    BASH_FRAME,
  ].join("\n");
}

function optionsRow({ name, options }: CompletedCommand): Row {
  const valued = options.filter(({ value }) => value !== undefined).flatMap(spellingsOf);
  const long = options.map((option) => `--${option.name}`);
  return [quote(name), `options=${renderList(long)} valued=${renderList(valued)}`];
}

function valueRows({ name, options }: CompletedCommand): Row[] {
  return options.flatMap((option) => {
    const source = sourceOfOption(option);
    if (source === undefined) return [];
    return spellingsOf(option).map((word): Row => [quote(`${name} ${word}`), propose(source)]);
  });
}

function operandRows({ name, operands }: CompletedCommand): Row[] {
  return operands.flatMap((operand, place) => {
    const after = Object.entries(operand.choicesAfter ?? {}).map(([previous, words]): Row => [
      quote(`${name} ${place} ${previous}`),
      propose({ from: "words", words }),
    ]);
    const source = sourceOfOperand(operand);
    if (source === undefined) return after;
    const start = operand.repeatable === true ? `${name} ` : `${name} ${place} `;
    return [...after, [`${quote(start)}*`, propose(source)] as const];
  });
}

function propose(source: ValueSource): string {
  switch (source.from) {
    case "words":
      return `_gluster_eventing_words ${source.words.map(quote).join(" ")}`;
    case "files":
      return "_gluster_eventing_files -f";
    case "folders":
      return "_gluster_eventing_files -d";
    case "patterns":
      return "_gluster_eventing_patterns";
    case "webhooks":
      return "_gluster_eventing_webhooks";
    case "commands":
      return '_gluster_eventing_words "${commands[@]}"';
  }
}

/** A function that does what stands behind the pattern that the subject fits. */
function renderCase(name: string, subject: string, rows: readonly Row[]): string[] {
  const patterns = new Map<string, string[]>();
  for (const [pattern, body] of rows) {
    patterns.set(body, [...patterns.get(body) ?? [], pattern]);
  }
  return [
    `${name}() {`,
    `  case "${subject}" in`,
    ...[...patterns].map(([body, words]) => `    ${words.join(" | ")})\n      ${body} ;;`),
    "  esac",
    "}",
  ];
}

function renderList(words: readonly string[]): string {
  return `(${words.map(quote).join(" ")})`;
}

function quote(word: string): string {
  return /^[\w.:/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
