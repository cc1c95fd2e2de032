/**
 * From the words of a command line to a command with its options and operands.
 *
 * @module
 */
import { parseArgs } from "../std/cli.ts";
import { nearest } from "../std/text.ts";
import { type CommandSpec, type GivenOptions, type OptionSpec, UsageError } from "./command.ts";

/** What a command line asks for. */
export type CommandLine =
  | { readonly ask: "help"; readonly command?: CommandSpec }
  | { readonly ask: "version" }
  | {
    readonly ask: "run";
    readonly command: CommandSpec;
    readonly options: GivenOptions;
    readonly operands: readonly string[];
  };

/**
 * Reads a command line.
 *
 * @param args The words behind the program's name.
 * @param commands The commands that there are.
 * @param shared The options that all of them take.
 * @throws {UsageError} With the nearest valid word.
 */
export function parseCommandLine(
  args: readonly string[],
  commands: readonly CommandSpec[],
  shared: readonly OptionSpec[],
): CommandLine {
  const [first, ...rest] = args;
  if (first === undefined || first === "--help" || first === "-h") return { ask: "help" };
  if (first === "--version" || first === "-V") return { ask: "version" };
  if (first === "help") {
    const named = rest.find((word) => !word.startsWith("-"));
    return named === undefined
      ? { ask: "help" }
      : { ask: "help", command: findCommand(named, commands) };
  }
  const command = findCommand(first, commands);
  const specs = [...command.options, ...shared];
  const options = readOptions(command, specs, rest);
  if (options.has("help")) return { ask: "help", command };
  const { operands } = options;
  checkOperands(command, operands);
  return { ask: "run", command, options, operands };
}

function findCommand(name: string, commands: readonly CommandSpec[]): CommandSpec {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const shown = commands.filter(({ hidden }) => hidden !== true);
  const guess = nearest(name, shown.map((candidate) => candidate.name));
  throw new UsageError(
    name.startsWith("-")
      ? `There is no option "${name}" before a command`
      : `There is no command "${name}"`,
    name.startsWith("-")
      ? "options come after the command: gluster-eventing COMMAND --json"
      : guess === undefined
      ? "see the commands: gluster-eventing --help"
      : `did you mean: gluster-eventing ${guess}`,
  );
}

class ParsedOptions implements GivenOptions {
  readonly operands: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>, operands: readonly string[]) {
    this.#values = values;
    this.operands = operands;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  get(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

function readOptions(
  command: CommandSpec,
  specs: readonly OptionSpec[],
  words: readonly string[],
): ParsedOptions {
  const { options, operands } = separate(command, specs, words);
  // Behind two hyphens, since a switch would take an operand "true" for its value.
  const parsed = parseArgs([...options, "--", ...operands], {
    string: [...specs.filter(takesValue).map(({ name }) => name), "_"],
    boolean: specs.filter((spec) => !takesValue(spec)).map(({ name }) => name),
    collect: specs.filter(takesValue).map(({ name }) => name),
  });
  const values = new Map<string, readonly string[]>();
  for (const spec of specs) {
    const given = parsed[spec.name];
    if (!takesValue(spec)) {
      if (given === true) values.set(spec.name, []);
      continue;
    }
    if (!Array.isArray(given) || given.length === 0) continue;
    if (given.length > 1 && spec.repeatable !== true) {
      throw new UsageError(
        `The option --${spec.name} is given ${given.length} times`,
        seeOptions(command),
      );
    }
    values.set(spec.name, given.map(String));
  }
  return new ParsedOptions(values, parsed._.map(String));
}

/**
 * Separates options and operands, with every option in full and its value behind an equal sign. On
 * the way it finds what the library takes silently: unknown options, missing, needless and empty
 * values.
 */
function separate(
  command: CommandSpec,
  specs: readonly OptionSpec[],
  words: readonly string[],
): { options: string[]; operands: string[] } {
  const options: string[] = [];
  const operands: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") return { options, operands: [...operands, ...words.slice(at + 1)] };
    const [, dashes, name = "", value] = /^(--?)([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (dashes === undefined) {
      operands.push(word);
      continue;
    }
    const spec = findOption(command, specs, dashes + name);
    if (!takesValue(spec)) {
      if (value !== undefined) {
        throw new UsageError(`The option --${spec.name} takes no value`, seeOptions(command));
      }
      options.push(`--${spec.name}`);
    } else {
      options.push(`--${spec.name}=${value ?? valueBehind(command, spec, words[++at])}`);
    }
  }
  return { options, operands };
}

function findOption(
  command: CommandSpec,
  specs: readonly OptionSpec[],
  written: string,
): OptionSpec {
  const spec = specs.find((candidate) => spellings(candidate).includes(written));
  if (spec !== undefined) return spec;
  const guess = nearest(written.replace(/^-+/, ""), specs.map(({ name }) => name));
  throw new UsageError(
    `There is no option "${showOption(written)}" for ${command.name}`,
    guess === undefined ? seeOptions(command) : `did you mean: --${guess}`,
  );
}

/** Without what may be a value, and so a secret: it may stand right behind a letter or a name. */
function showOption(written: string): string {
  if (!written.startsWith("--")) return written.slice(0, 2);
  const [name = ""] = /^--[a-z_-]{0,24}/i.exec(written) ?? [];
  return name === written ? written : `${name}...`;
}

function valueBehind(command: CommandSpec, spec: OptionSpec, next: string | undefined): string {
  if (next !== undefined && !/^-./.test(next)) return next;
  throw new UsageError(
    `The option --${spec.name} needs a value: ${spec.value}`,
    next === undefined
      ? seeOptions(command)
      : `if its value begins with a hyphen, write --${spec.name}=VALUE`,
  );
}

function seeOptions(command: CommandSpec): string {
  return `see its options: gluster-eventing ${command.name} --help`;
}

function checkOperands(command: CommandSpec, operands: readonly string[]): void {
  const hint = `see how to use it: gluster-eventing ${command.name} --help`;
  const needed = command.operands.filter(({ optional }) => optional !== true);
  const missing = needed[operands.length];
  if (missing !== undefined) {
    throw new UsageError(`${command.name} needs ${missing.name}: ${missing.help}`, hint);
  }
  const isOpen = command.operands.some(({ repeatable }) => repeatable === true);
  const surplus = operands[command.operands.length];
  if (!isOpen && surplus !== undefined) {
    // The word itself may be a secret that went astray.
    const most = command.operands.map((operand) => operand.name).join(" and ");
    const takes = most === ""
      ? "takes no operands, only options"
      : `takes ${most}, and nothing more`;
    throw new UsageError(`${command.name} ${takes}`, hint);
  }
}

function takesValue({ value }: OptionSpec): boolean {
  return value !== undefined;
}

function spellings({ name, short, alias }: OptionSpec): string[] {
  const long = [name, alias].flatMap((word) => word === undefined ? [] : [`--${word}`]);
  return short === undefined ? long : [...long, `-${short}`];
}
