/**
 * Reads a command line as Python's argparse does: options in any place, also shortened, with their
 * values behind an equal sign, a blank or, for a letter, nothing.
 *
 * @module
 */
import { API_COMMANDS, type ApiCommand, HELP_OPTION, optionsOf } from "./api_commands.ts";
import { CHOICES } from "./api_help.ts";
import { ArgumentError, findApiOption, type Found, looksLikeOption, quote } from "./api_option.ts";

/** What a command line asks for. */
export type ApiLine =
  | { readonly ask: "nothing" }
  | { readonly ask: "help"; readonly command?: ApiCommand }
  | {
    readonly ask: "run";
    readonly command: ApiCommand;
    /** The values of operands and options, by their names. */
    readonly values: ReadonlyMap<string, string>;
    readonly isJson: boolean;
  };

/**
 * Reads a command line.
 *
 * @param args The words behind the program's name.
 * @throws {ArgumentError} If it makes no sense.
 */
export function parseApiLine(args: readonly string[]): ApiLine {
  const unknown: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    const isLast = at === args.length - 1;
    if (word === "--" ? isLast : looksLikeOption(word, [HELP_OPTION])) {
      const found = word === "--" ? undefined : findApiOption(word, [HELP_OPTION]);
      if (found !== undefined) return askHelp(found);
      unknown.push(word);
      continue;
    }
    return new CommandReader(findCommand(word), unknown).read(args.slice(at + 1));
  }
  refuseUnknown(unknown);
  return { ask: "nothing" };
}

function findCommand(word: string): ApiCommand {
  const command = API_COMMANDS.find(({ name }) => name === word);
  if (command !== undefined) return command;
  const names = API_COMMANDS.map(({ name }) => `'${name}'`).join(", ");
  throw new ArgumentError(
    `argument ${CHOICES}: invalid choice: ${quote(word)} (choose from ${names})`,
  );
}

function askHelp({ option, value }: Found, command?: ApiCommand): ApiLine {
  if (value !== undefined) throw needless(option.spellings, value, command);
  return { ask: "help", ...(command === undefined ? {} : { command }) };
}

function needless(
  spellings: readonly string[],
  value: string,
  command: ApiCommand | undefined,
): ArgumentError {
  const what = `argument ${spellings.join("/")}: ignored explicit argument ${quote(value)}`;
  return new ArgumentError(what, command);
}

function refuseUnknown(words: readonly string[]): void {
  if (words.length > 0) throw new ArgumentError(`unrecognized arguments: ${words.join(" ")}`);
}

class CommandReader {
  readonly #command: ApiCommand;
  readonly #unknown: string[];
  readonly #values = new Map<string, string>();
  #operands = 0;
  #isJson = false;

  constructor(command: ApiCommand, unknown: string[]) {
    this.#command = command;
    this.#unknown = unknown;
  }

  read(words: readonly string[]): ApiLine {
    const options = optionsOf(this.#command);
    const end = words.indexOf("--");
    const last = end === -1 ? words.length : end;
    let before: "operand" | "other" = "other";
    for (let at = 0; at < last; at++) {
      const word = words[at] ?? "";
      if (!looksLikeOption(word, options, this.#command)) {
        before = this.#takeOperand(word);
        continue;
      }
      before = "other";
      const found = findApiOption(word, options, this.#command);
      if (found === undefined) this.#unknown.push(word);
      else if (found.option === HELP_OPTION) return askHelp(found, this.#command);
      else if (this.#takeOption(found, at + 1 < last ? words[at + 1] : undefined)) at++;
    }
    if (end !== -1) this.#readRest(words.slice(end + 1), before);
    return this.#finish();
  }

  /** What stands behind two hyphens; these belong to the operand before or behind them. */
  #readRest(words: readonly string[], before: "operand" | "other"): void {
    const isNeeded = words.length > 0 && this.#operands < this.#command.operands.length;
    if (before === "other" && !isNeeded) this.#unknown.push("--");
    for (const word of words) this.#takeOperand(word);
  }

  #takeOperand(word: string): "operand" | "other" {
    const operand = this.#command.operands[this.#operands];
    if (operand === undefined) {
      this.#unknown.push(word);
      return "other";
    }
    this.#operands++;
    this.#values.set(operand.name, word);
    return "operand";
  }

  /** @returns Whether the next word is its value. */
  #takeOption({ option, value }: Found, next: string | undefined): boolean {
    const [spelling = ""] = option.spellings;
    if (option.value === undefined) {
      if (value !== undefined) throw needless(option.spellings, value, this.#command);
      this.#isJson = true;
      return false;
    }
    const name = spelling.replace(/^-+/, "");
    const options = optionsOf(this.#command);
    const isThere = next !== undefined && !looksLikeOption(next, options, this.#command);
    if (value === undefined && !isThere) {
      const what = `argument ${option.spellings.join("/")}: expected one argument`;
      throw new ArgumentError(what, this.#command);
    }
    this.#values.set(name, value ?? next ?? "");
    return value === undefined;
  }

  #finish(): ApiLine {
    const missing = this.#command.operands.slice(this.#operands).map(({ name }) => name);
    if (missing.length > 0) {
      const what = `the following arguments are required: ${missing.join(", ")}`;
      throw new ArgumentError(what, this.#command);
    }
    refuseUnknown(this.#unknown);
    return {
      ask: "run",
      command: this.#command,
      values: this.#values,
      isJson: this.#isJson,
    };
  }
}
