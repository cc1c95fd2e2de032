/**
 * Shells on a terminal that have loaded a completion script, beside a program that stands in for
 * `gluster-eventing`: it prints its words, and knows three webhooks.
 *
 * @module
 */
import type { CommandSpec, OptionSpec } from "../../src/cli/command.ts";
import { renderCompletions } from "../../src/cli/completions.ts";
import type { Shell } from "../../src/cli/shells.ts";
import { makeTempFolder } from "./temp_folder.ts";
import { PROMPT, Terminal } from "./terminal.ts";

const STAND_IN = `#!/bin/sh
if [ "$1" = complete-webhooks ]; then printf 'ops\\nbackup\\n%s\\n' "$2"; exit; fi
printf '<%s>' "$@"
echo
`;

// In two parts, since the terminal shows the line that sets it too.
const QUOTED_PROMPT = `'${PROMPT.slice(0, 3)}''${PROMPT.slice(3)}'`;

const STARTS: Readonly<Record<Shell, { command: string; setUp: string }>> = {
  bash: { command: "bash --norc --noprofile -i", setUp: `PS1=${QUOTED_PROMPT}; source script` },
  zsh: {
    command: "zsh -f -i",
    setUp: `PROMPT=${QUOTED_PROMPT}; autoload -Uz compinit; compinit -D -u; source ./script`,
  },
  fish: {
    command: "fish --no-config -i",
    setUp: `function fish_prompt; echo -n ${QUOTED_PROMPT}; end; source script`,
  },
};

/** A shell in a folder with `data.txt` and the folder `data-folder`. */
export class CompletionShell implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  readonly #terminal: Terminal;
  /** The folder. */
  readonly path: string;

  private constructor(path: string, terminal: Terminal, stack: AsyncDisposableStack) {
    this.path = path;
    this.#terminal = terminal;
    this.#stack = stack;
  }

  /** Starts a shell with the script for these commands. */
  static async start(
    shell: Shell,
    commands: readonly CommandSpec[],
    shared: readonly OptionSpec[],
  ): Promise<CompletionShell> {
    await using stack = new AsyncDisposableStack();
    const { path } = stack.use(await makeTempFolder());
    await Deno.writeTextFile(`${path}/gluster-eventing`, STAND_IN, { mode: 0o755 });
    await Deno.writeTextFile(`${path}/script`, renderCompletions(shell, commands, shared));
    await Deno.writeTextFile(`${path}/data.txt`, "");
    await Deno.mkdir(`${path}/data-folder`);
    const env = { PATH: `${path}:${Deno.env.get("PATH") ?? ""}`, HOME: path };
    const { command, setUp } = STARTS[shell];
    const terminal = stack.use(new Terminal(command, { env, cwd: path }));
    await terminal.type(`${setUp}\n`);
    await terminal.shows(/READY> $/);
    return new CompletionShell(path, terminal, stack.move());
  }

  /** Types keys and the enter key. @returns The words that the program was run with. */
  async run(keys: string): Promise<string> {
    const since = this.#terminal.shown.length;
    await this.#terminal.type(`${keys}\n`);
    await this.#terminal.shows(/\n[^\n]*READY> $/, since);
    return /\n(<.*>)\n/.exec(this.#terminal.shown.slice(since))?.[1] ?? "";
  }

  /** Types keys and waits until all words are shown. */
  async lists(keys: string, words: readonly string[]): Promise<void> {
    const since = this.#terminal.shown.length;
    await this.#terminal.type(keys);
    for (const word of words) await this.#terminal.shows(new RegExp(word), since);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** Runs a script with a shell that is not interactive. @returns The lines that it prints. */
export async function runShell(shell: Shell, script: string): Promise<string[]> {
  const flags = { bash: ["--norc"], zsh: ["-f"], fish: ["--no-config"] }[shell];
  const command = new Deno.Command(shell, { args: [...flags, "-c", script], stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (code !== 0 || stderr.length > 0) {
    throw new Error(`${shell} ended with ${code}: ${decoder.decode(stderr)}`);
  }
  return decoder.decode(stdout).split("\n").slice(0, -1);
}
