/**
 * The script for fish, version 3.0 or later.
 *
 * @module
 */
import type { OptionSpec } from "./command.ts";
import type { CompletedCommand } from "./completions.ts";
import {
  EVENT_PATTERNS,
  PROGRAM_OPTIONS,
  sourceOfOperand,
  sourceOfOption,
  spellingsOf,
  type ValueSource,
} from "./value_source.ts";

const COMPLETE = "complete -c gluster-eventing";

/** The script for these commands, each with all its options. */
export function renderFish(commands: readonly CompletedCommand[]): string {
  return [
    "# fish completion for gluster-eventing, made by: gluster-eventing completions fish",
    "",
    "# The options of a command that take a value.",
    "function __gluster_eventing_valued",
    "    switch $argv[1]",
    ...commands.flatMap(({ name, options }) => {
      const valued = options.filter(({ value }) => value !== undefined).flatMap(spellingsOf);
      if (valued.length === 0) return [];
      return [`        case ${quote(name)}`, `            printf '%s\\n' ${list(valued)}`];
    }),
    "    end",
    "end",
    "",
    "function __gluster_eventing_commands",
    `    printf '%s\\n' ${list(commands.map(({ name }) => name))}`,
    "end",
    "",
    "# Event names and groups behind the last comma.",
    "function __gluster_eventing_patterns",
    `    set -l patterns ${list(EVENT_PATTERNS)}`,
    FRAME,
    `${COMPLETE} -f`,
    ...PROGRAM_OPTIONS.map((option) => renderOption(option, "__gluster_eventing_is_first")),
    ...commands.map(({ name, summary }) =>
      `${COMPLETE} -n __gluster_eventing_is_first -a ${quote(quote(name))} -d ${quote(summary)}`
    ),
    ...renderOptions(commands),
    ...commands.flatMap(renderOperands),
    "",
  ].join("\n");
}

const FRAME =
  `    set -l token (string replace -r '^--[^=]*=' '' -- (commandline -ct) | string trim -l -c '"\\'')
    set -l begun (string match -r '^(?:.*,)?!?' -- $token)
    printf '%s\\n' "$begun"$patterns
end

# The names of the webhooks that are registered now.
function __gluster_eventing_webhooks
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' $HOME/ -- $words[1])
    set -l workdir
    while set -q words[3]
        switch $words[2]
            case --workdir
                set workdir --workdir (string replace -r '^~/' $HOME/ -- $words[3])
        end
        set -e words[2]
    end
    switch "$words[2]"
        case '--workdir=*'
            set workdir $words[2]
    end
    type -q $program; or return
    $program complete-webhooks $workdir 2>/dev/null </dev/null
end

# Whether the next word is the first one.
function __gluster_eventing_is_first
    test (count (commandline -opc)) -eq 1
end

# Whether the command is one of these.
function __gluster_eventing_is
    set -l words (commandline -opc)
    contains -- "$words[2]" $argv
end

# Whether the next operand of this command is at this place, counted from 0, and the one before it,
# if that is given, is this one. A place with a plus sign means all behind it too.
function __gluster_eventing_at --argument-names command place before
    set -l words (commandline -opc)
    test "$words[2]" = $command; or return 1
    set -l valued (__gluster_eventing_valued $command)
    set -l operands
    set -l is_value 0
    set -l has_ended 0
    for word in $words[3..-1]
        if test $is_value = 1
            set is_value 0
        else if test $has_ended = 0; and test "$word" = --
            set has_ended 1
        else if test $has_ended = 0; and string match -qr '^-.' -- $word
            contains -- $word $valued; and set is_value 1
        else
            set operands $operands $word
        end
    end
    # The place of an operand may still be taken by an option.
    test $has_ended = 0; and string match -q -- '-*' (commandline -ct); and return 1
    if set -q argv[3]
        test "$operands[-1]" = $before; or return 1
    end
    if string match -q '*+' -- $place
        test (count $operands) -ge (string trim -c + -- $place)
    else
        test (count $operands) -eq $place
    end
end
`;

/** Each option once, for all commands that have it. */
function renderOptions(commands: readonly CompletedCommand[]): string[] {
  const owners = new Map<string, { option: OptionSpec; names: string[] }>();
  for (const { name, options } of commands) {
    for (const option of options) {
      const key = JSON.stringify(option);
      const { names } = owners.get(key) ?? { names: [] };
      owners.set(key, { option, names: [...names, name] });
    }
  }
  return [...owners.values()].map(({ option, names }) =>
    renderOption(option, `__gluster_eventing_is ${list(names)}`)
  );
}

function renderOption(option: OptionSpec, condition: string): string {
  const { name, short, value, help } = option;
  const source = value === undefined ? undefined : sourceOfOption(option);
  return [
    `${COMPLETE} -n ${quote(condition)} -l ${quote(name)}`,
    ...short === undefined ? [] : [`-s ${quote(short)}`],
    ...value === undefined ? [] : source?.from === "files" ? ["-r -F"] : ["-x"],
    ...source === undefined || source.from === "files" ? [] : [`-a ${propose(source)}`],
    `-d ${quote(help)}`,
  ].join(" ");
}

function renderOperands({ name, operands }: CompletedCommand): string[] {
  return operands.flatMap((operand, place) => {
    const at = `__gluster_eventing_at ${quote(name)} ${place}`;
    const after = Object.entries(operand.choicesAfter ?? {}).map(([before, words]) =>
      `${COMPLETE} -n ${quote(`${at} ${quote(before)}`)} -a ${propose({ from: "words", words })}`
    );
    const source = sourceOfOperand(operand);
    if (source === undefined) return after;
    const condition = quote(operand.repeatable === true ? `${at}+` : at);
    const proposals = source.from === "files" ? "-F" : `-a ${propose(source)}`;
    return [...after, `${COMPLETE} -n ${condition} ${proposals}`];
  });
}

/** What fish evaluates for proposals. */
function propose(source: Exclude<ValueSource, { from: "files" }>): string {
  switch (source.from) {
    case "words":
      return quote(list(source.words));
    case "folders":
      return "'(__fish_complete_directories (commandline -ct))'";
    case "patterns":
      return "'(__gluster_eventing_patterns)'";
    case "webhooks":
      return "'(__gluster_eventing_webhooks)'";
    case "commands":
      return "'(__gluster_eventing_commands)'";
  }
}

function list(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

function quote(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replace(/[\\']/g, "\\$&")}'`;
}
