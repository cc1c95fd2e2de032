/**
 * Which option a word stands for, by the rules of Python's argparse.
 *
 * @module
 */
import type { ApiCommand, ApiOption } from "./api_commands.ts";

/** The command line makes no sense. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
  /** Whose usage is shown; the program's if absent. */
  readonly command: ApiCommand | undefined;

  constructor(message: string, command?: ApiCommand) {
    super(message);
    this.command = command;
  }
}

/** An option with what is glued to it. */
export interface Found {
  readonly option: ApiOption;
  readonly value?: string;
}

/** Whether a word is an option, known or not, and can be no operand or value. */
export function looksLikeOption(
  word: string,
  options: readonly ApiOption[],
  command?: ApiCommand,
): boolean {
  if (!word.startsWith("-") || word === "-") return false;
  if (word === "--" || findApiOption(word, options, command) !== undefined) return true;
  return !/^-\d+$|^-\d*\.\d+$/.test(word) && !word.includes(" ");
}

/**
 * The option that a word stands for; `undefined` if for none.
 *
 * @throws {ArgumentError} If it may stand for several.
 */
export function findApiOption(
  word: string,
  options: readonly ApiOption[],
  command?: ApiCommand,
): Found | undefined {
  const exact = withSpelling(word, options);
  if (exact !== undefined) return { option: exact };
  const [, name = word, value] = /^([^=]*)=([\s\S]*)$/.exec(word) ?? [];
  const glued = value === undefined ? {} : { value };
  const named = value === undefined ? undefined : withSpelling(name, options);
  if (named !== undefined) return { option: named, ...glued };
  if (!word.startsWith("--")) {
    const lettered = withSpelling(word.slice(0, 2), options);
    return lettered === undefined ? undefined : { option: lettered, value: word.slice(2) };
  }
  const meant = options.flatMap((option) =>
    option.spellings.filter((spelling) => spelling.startsWith(name)).map((spelling) => ({
      option,
      spelling,
    }))
  );
  if (meant.length > 1) {
    const spellings = meant.map(({ spelling }) => spelling).join(", ");
    throw new ArgumentError(`ambiguous option: ${word} could match ${spellings}`, command);
  }
  return meant[0] === undefined ? undefined : { option: meant[0].option, ...glued };
}

/** A text as Python writes it. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\p{Cc}]/gu, (character) => {
    const short = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
    return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return mark + escaped.replaceAll(mark, `\\${mark}`) + mark;
}

function withSpelling(word: string, options: readonly ApiOption[]): ApiOption | undefined {
  return options.find(({ spellings }) => spellings.includes(word));
}
