/**
 * Secrets from standard input, so that they stand in no history of a shell and no list of processes.
 *
 * @module
 */
import { type GivenOptions, UsageError } from "./command.ts";
import type { Output } from "./output.ts";

/** The options whose value `-` stands for a line of standard input. */
const READABLE = ["secret", "bearer-token"];

/** Reads a line. @param what What is wanted, for who sits at the terminal. */
export type ReadSecret = (what: string, output: Output) => string;

/**
 * The options, with what standard input holds in the place of `-`.
 *
 * @throws {UsageError} If two are to be read, or if there is none, or more than one line.
 */
export function withSecretsRead(
  options: GivenOptions,
  output: Output,
  read: ReadSecret = readSecret,
): GivenOptions {
  const [name, other] = READABLE.filter((option) => options.get(option) === "-");
  if (name === undefined) return options;
  if (other !== undefined) {
    throw new UsageError(
      `Standard input holds one value, and --${name} and --${other} are both to be read from it`,
      "put one of them into a file: --secret-file FILE or --bearer-token-file FILE",
    );
  }
  const value = read(name, output);
  if (value === "" || /[\r\n]/.test(value)) {
    throw new UsageError(
      `Standard input has to hold the value of --${name} in one line, and ` +
        (value === "" ? "there is none" : "there are more"),
      `for example: --${name} - < FILE`,
    );
  }
  return {
    has: (option) => options.has(option),
    all: (option) => options.all(option),
    get: (option) => option === name ? value : options.get(option),
  };
}

const LONGEST_BYTES = 65_536;

function readSecret(what: string, output: Output): string {
  if (!Deno.stdin.isTerminal()) return withoutEnd(readWhile(() => true));
  Deno.stdin.setRaw(true, { cbreak: true });
  try {
    // Not before: what is typed at once would be shown.
    output.note(`Type the ${what} and press Enter; it is not shown.`);
    return readWhile((byte) => !LINE_ENDS.includes(byte));
  } finally {
    Deno.stdin.setRaw(false);
  }
}

/** What ends a line on a terminal: Enter, or Control and D. */
const LINE_ENDS = [0x0a, 0x0d, 0x04];
const ERASING = [0x08, 0x7f];

function readWhile(goesOn: (byte: number) => boolean): string {
  const isTyped = Deno.stdin.isTerminal();
  const bytes: number[] = [];
  const room = new Uint8Array(1);
  while (bytes.length < LONGEST_BYTES && (Deno.stdin.readSync(room) ?? 0) > 0) {
    const [byte = 0] = room;
    if (!goesOn(byte)) break;
    if (isTyped && ERASING.includes(byte)) bytes.pop();
    else bytes.push(byte);
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function withoutEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}
