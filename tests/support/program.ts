/**
 * Runs the compiled program, as its users do.
 *
 * @module
 */
import { BINARY } from "./requirements.ts";
import { until } from "./until.ts";

/** How a run ended. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run the program. */
export interface ProgramOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** The program; the compiled binary if not given. */
  readonly binary?: string;
  /** Whether what is started only forks the program and ends as it does, as nsenter can. */
  readonly forks?: boolean;
  /** Whether nobody reads its standard output. */
  readonly isQuiet?: boolean;
}

/** Runs the program to its end. */
export async function runProgram(
  args: readonly string[],
  { env = {}, cwd, binary = BINARY }: ProgramOptions = {},
): Promise<ProgramResult> {
  const command = new Deno.Command(binary, {
    args: [...args],
    env,
    stdin: "null",
    ...(cwd === undefined ? {} : { cwd }),
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A program that runs until the test is done with it. */
export class RunningProgram implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #forks: boolean;
  readonly #reading: Promise<unknown>;
  stdout = "";
  stderr = "";

  constructor(
    args: readonly string[],
    { env = {}, cwd, binary = BINARY, forks = false, isQuiet = false }: ProgramOptions = {},
  ) {
    this.#forks = forks;
    this.#child = new Deno.Command(binary, {
      args: [...args],
      env,
      stdin: "null",
      stdout: isQuiet ? "null" : "piped",
      stderr: "piped",
      ...(cwd === undefined ? {} : { cwd }),
    }).spawn();
    this.#reading = Promise.all([
      isQuiet ? undefined : this.#read(this.#child.stdout, (text) => this.stdout += text),
      this.#read(this.#child.stderr, (text) => this.stderr += text),
    ]);
  }

  /** The program's id; that of what starts it as long as there is no other. */
  get pid(): number {
    const { pid } = this.#child;
    return (this.#forks ? childOf(pid) : undefined) ?? pid;
  }

  /** Waits until standard output or standard error shows something. */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    return await until(
      `the program shows ${pattern}`,
      () => pattern.exec(this.stdout) ?? pattern.exec(this.stderr),
      {
        seen: () => ({ stdout: this.stdout, stderr: this.stderr }),
      },
    );
  }

  /** Sends a signal to the program. */
  kill(signal: Deno.Signal): void {
    const { pid } = this;
    if (pid !== this.#child.pid) Deno.kill(pid, signal);
    // nsenter stops itself with what it has started, and has to be woken too.
    if (pid === this.#child.pid || signal === "SIGCONT") this.#child.kill(signal);
  }

  /** Waits for the end. @returns The exit code, and which signal ended it. */
  async ended(): Promise<Deno.CommandStatus> {
    const status = await this.#child.status;
    await this.#reading;
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
    await this.ended();
  }

  async #read(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }));
  }
}

/** The first child of a process, if there is one. */
function childOf(pid: number): number | undefined {
  try {
    const [first = ""] = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).split(" ");
    return first === "" ? undefined : Number(first);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
