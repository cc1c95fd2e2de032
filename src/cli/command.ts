/**
 * What a command is made of. One declaration drives parsing, help, suggestions, and whatever else
 * wants to know the commands.
 *
 * @module
 */
import type { GlusterCommand } from "../cluster/gluster_command.ts";
import { HintedError } from "../std/hinted_error.ts";
import type { Output } from "./output.ts";
import type { Environment, Places } from "./places.ts";

/** The parts of the list of commands, in the order of the help. */
export const SECTIONS = [
  "Daemon",
  "Webhooks",
  "Looking back",
  "Shared settings",
  "Trying it out",
  "Installing",
  "About",
] as const;

/** A part of the list of commands. */
export type Section = typeof SECTIONS[number];

/** An option of a command. */
export interface OptionSpec {
  /** Without hyphens. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** A second spelling that scripts use; not shown. */
  readonly alias?: string;
  /**
   * What stands for the value in help; a switch has none. Shells complete the value by it: FILE, DIR,
   * EVENT and so on, see `value_source.ts`.
   */
  readonly value?: string;
  /** All values that there are, for shells to complete; the command itself checks the value. */
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
  readonly help: string;
}

/** A word that follows the command and is no option. */
export interface OperandSpec {
  /** What stands for the operand in help; shells complete by it as by an option's value. */
  readonly name: string;
  /** All values that there are, for shells to complete; the command itself checks the value. */
  readonly choices?: readonly string[];
  /** The same where they depend on the operand before. */
  readonly choicesAfter?: Readonly<Record<string, readonly string[]>>;
  readonly optional?: boolean;
  readonly repeatable?: boolean;
  readonly help: string;
}

/** A command line that shows how to use a command. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** A command as it is declared. */
export interface CommandSpec {
  readonly name: string;
  readonly section: Section;
  /** A command for programs, not for people: no list and no suggestion shows it. */
  readonly hidden?: true;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What else there is to know, for the command's own help. */
  readonly details?: string;
  readonly operands: readonly OperandSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
  /** Loads the command's code: starting up stays quick with many commands. */
  readonly load: () => Promise<{ readonly run: RunCommand }>;
}

/** The code of a command. @returns The exit code. */
export type RunCommand = (invocation: Invocation) => Promise<number>;

/** Options as they were given. */
export interface GivenOptions {
  /** Whether the switch or option was given. */
  has(name: string): boolean;
  /** The value of an option. */
  get(name: string): string | undefined;
  /** All values of a repeatable option. */
  all(name: string): readonly string[];
}

/** What a command is run with. */
export interface Invocation {
  readonly options: GivenOptions;
  readonly operands: readonly string[];
  readonly output: Output;
  readonly places: Places;
  readonly environment: Environment;
  readonly signals: Signals;
  readonly gluster: GlusterCommand;
  readonly version: string;
}

/** The signals that a person or a service manager sends. */
export interface Signals {
  /** Calls back for each of the signals until it is disposed of. */
  on(signals: readonly Deno.Signal[], callback: () => void): Disposable;
}

/** The command line makes no sense. */
export class UsageError extends HintedError {
  override readonly name = "UsageError";
}

/** A command cannot do what it was asked to. */
export class CommandError extends HintedError {
  override readonly name = "CommandError";
  readonly code: number;

  constructor(code: number, message: string, hint: string, options?: ErrorOptions) {
    super(message, hint, options);
    this.code = code;
  }
}
