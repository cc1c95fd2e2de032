/**
 * The script for zsh: to be sourced, or to lie as `_gluster-eventing` in a folder of `fpath`.
 *
 * @module
 */
import type { OperandSpec, OptionSpec } from "./command.ts";
import type { CompletedCommand } from "./completions.ts";
import {
  EVENT_PATTERNS,
  PROGRAM_OPTIONS,
  sourceOfOperand,
  sourceOfOption,
  spellingsOf,
  type ValueSource,
} from "./value_source.ts";

/** The script for these commands, each with all its options. */
export function renderZsh(commands: readonly CompletedCommand[]): string {
  return [
    "#compdef gluster-eventing",
    "# zsh completion for gluster-eventing, made by: gluster-eventing completions zsh",
    "",
    "_gluster-eventing_commands() {",
    "  local -a commands=(",
    ...commands.map(({ name, summary }) => `    ${describe(name, summary)}`),
    "  )",
    "  _describe -t commands command commands",
    "}",
    "",
    "_gluster-eventing_program_options() {",
    "  local -a options=(",
    ...PROGRAM_OPTIONS.flatMap((option) =>
      spellingsOf(option).map((word) => `    ${describe(word, option.help)}`)
    ),
    "  )",
    "  _describe -o -t options option options",
    "}",
    "",
    "# Event names and groups behind the last comma.",
    "_gluster-eventing_patterns() {",
    `  local -a patterns=(${EVENT_PATTERNS.map(quote).join(" ")})`,
    "  compset -P '*,'",
    "  compset -P '(\\\\|)!'",
    "  compadd -a patterns",
    "}",
    ...commands.flatMap(renderAfter),
    FRAME,
    "  case $command in",
    ...commands.flatMap(({ name, options, operands }) => [
      `    (${quote(name)})`,
      "      _arguments -S \\",
      ...[
        ...options.flatMap(renderOption),
        ...operands.map((operand, place) => renderOperand(operand, afterName(name, place))),
      ].map((spec, at, all) => `        ${quote(spec)}${at === all.length - 1 ? " ;;" : " \\"}`),
    ]),
    "  esac",
    "}",
    "",
    "# The file is the function when zsh loads it by itself, and defines it when it is sourced.",
    'if [[ $funcstack[1] == _gluster-eventing ]]; then _gluster-eventing "$@"',
    "else compdef _gluster-eventing gluster-eventing; fi",
    "",
  ].join("\n");
}

const FRAME = `
# The names of the webhooks that are registered now.
_gluster-eventing_webhooks() {
  local -a ask=("\${program/#\\~\\//$HOME/}" complete-webhooks) names
  if (( $+opt_args[--workdir] )); then
    local workdir=\${(Q)opt_args[--workdir]}
    ask+=(--workdir "\${workdir/#\\~\\//$HOME/}")
  fi
  names=(\${(f)"$("$ask[@]" 2>/dev/null </dev/null)"})
  compadd -a -- names
}

_gluster-eventing() {
  local curcontext=$curcontext program=\${(Q)words[1]} context state state_descr
  local -a line
  typeset -A opt_args
  if (( CURRENT == 2 )); then
    if [[ $PREFIX == -* ]]; then _gluster-eventing_program_options
    else _gluster-eventing_commands; fi
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))`;

/** The functions that propose what depends on the operand before. */
function renderAfter({ name, operands }: CompletedCommand): string[] {
  return operands.flatMap(({ choicesAfter }, place) => {
    if (choicesAfter === undefined) return [];
    return [
      "",
      `${afterName(name, place)}() {`,
      `  case $line[${place}] in`,
      ...Object.entries(choicesAfter).map(([before, words]) =>
        `    (${quote(before)}) compadd -- ${words.map(quote).join(" ")} ;;`
      ),
      "  esac",
      "}",
    ];
  });
}

function afterName(command: string, place: number): string {
  return `_gluster-eventing_${command}_${place}`;
}

/** One specification for each spelling; one that is not shown begins with an exclamation mark. */
function renderOption(option: OptionSpec): string[] {
  const { value, repeatable, help, alias } = option;
  const words = spellingsOf(option);
  const others = repeatable === true ? "*" : words.length > 1 ? `(${words.join(" ")})` : "";
  return words.map((word) => {
    const hidden = word === `--${alias}` ? "!" : "";
    const sign = value !== undefined && word.startsWith("--") ? "=" : "";
    const action = value === undefined
      ? ""
      : `:${escapeColons(value)}:${renderAction(sourceOfOption(option))}`;
    return `${hidden}${others}${word}${sign}[${
      escapeColons(help).replace(/[[\]]/g, "\\$&")
    }]${action}`;
  });
}

function renderOperand(operand: OperandSpec, afterFunction: string): string {
  const { name, optional, repeatable, choicesAfter } = operand;
  const start = repeatable === true ? "*:" : optional === true ? "::" : ":";
  const action = choicesAfter === undefined
    ? renderAction(sourceOfOperand(operand))
    : ` ${afterFunction}`;
  return `${start}${escapeColons(name)}:${action}`;
}

function renderAction(source: ValueSource | undefined): string {
  switch (source?.from) {
    case undefined:
      return " ";
    case "words":
      return `(${source.words.map((word) => quote(word).replaceAll(":", "\\:")).join(" ")})`;
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "patterns":
      return " _gluster-eventing_patterns";
    case "webhooks":
      return " _gluster-eventing_webhooks";
    case "commands":
      return " _gluster-eventing_commands";
  }
}

function describe(word: string, help: string): string {
  return quote(`${escapeColons(word)}:${escapeColons(help)}`);
}

/** Backslashes and colons, which zsh would take for the end of a part. */
function escapeColons(text: string): string {
  return text.replace(/[\\:]/g, "\\$&");
}

/** As one word, without a backslash of its own: in some places zsh reads these once more. */
function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
