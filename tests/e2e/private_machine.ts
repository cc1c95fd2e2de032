/**
 * This machine, as if for a test alone: what is changed below /usr, /etc, /var and /run, and every
 * process and port, is gone with it.
 *
 * @module
 */
import { type ProgramResult, RunningProgram, runProgram } from "../support/program.ts";
import { BINARY } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

const SET_UP = `
set -eu
mount -t tmpfs tmpfs "$1"
for folder in usr etc var; do
  mkdir "$1/$folder" "$1/$folder.work"
  layers="lowerdir=/$folder,upperdir=$1/$folder,workdir=$1/$folder.work"
  mount -t overlay overlay -o "$layers" "/$folder"
done
mount -t tmpfs tmpfs /run
mount -t proc proc /proc
ip link set lo up
echo ready
while :; do sleep 0.2; done`;

/** A machine that a test may change. */
export class PrivateMachine implements AsyncDisposable {
  readonly #holder: RunningProgram;
  readonly #pid: number;
  readonly #cleanups: AsyncDisposableStack;
  readonly #programs: RunningProgram[] = [];

  private constructor(parts: { holder: RunningProgram; pid: number; all: AsyncDisposableStack }) {
    this.#holder = parts.holder;
    this.#pid = parts.pid;
    this.#cleanups = parts.all;
  }

  static async make(): Promise<PrivateMachine> {
    await using cleanups = new AsyncDisposableStack();
    const folder = cleanups.use(await makeTempFolder());
    const own = ["--mount", "--net", "--pid", "--fork", "--kill-child"];
    const setUp = [...own, "sh", "-c", SET_UP, "sh", folder.path];
    const holder = cleanups.use(new RunningProgram(setUp, { binary: "unshare" }));
    await holder.shows(/ready/);
    const children = `/proc/${holder.pid}/task/${holder.pid}/children`;
    const pid = await until("the machine's first process is there", async () => {
      return Number((await Deno.readTextFile(children)).trim());
    });
    return new PrivateMachine({ holder, pid, all: cleanups.move() });
  }

  /** Runs the compiled program, where it lies, to its end. */
  async eventing(...args: string[]): Promise<ProgramResult> {
    return await this.run(BINARY, ...args);
  }

  /** Runs a program to its end, and to that of all that holds its output. */
  async run(...command: string[]): Promise<ProgramResult> {
    return await runProgram(this.#entering(command), { binary: "nsenter", env: NO_PLACES });
  }

  /** Runs lines of a shell that have to succeed. @returns What they printed. */
  async shell(script: string): Promise<string> {
    const { code, stdout, stderr } = await this.run("sh", "-ec", script);
    if (code === 0) return stdout;
    throw new Error(`"${script}" ended with ${code}: ${stderr}${stdout}`);
  }

  /** Starts a program; it ends with the machine at the latest. */
  start(...command: string[]): RunningProgram {
    const options = { binary: "nsenter", env: NO_PLACES };
    const program = new RunningProgram(this.#entering(command), options);
    this.#programs.push(program);
    return program;
  }

  /** What came and went since a snapshot. */
  async changesSince(before: readonly string[]): Promise<string[]> {
    const now = new Set(await this.snapshot());
    const then = new Set(before);
    return [
      ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
      ...[...now].filter((line) => !then.has(line)).map((line) => `+ ${line}`),
    ];
  }

  /** All files and links, with their modes, that an installation could touch. */
  async snapshot(): Promise<string[]> {
    const format = "%p %y %m %l\\n";
    const list = await this.shell(`find /usr /etc /var -xdev -printf '${format}' | sort`);
    // What other tests do meanwhile shows through.
    return list.split("\n").filter((line) => /^\/(?:usr|etc|var\/lib\/gluster)/.test(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // All processes end with the first one; what entered only waits for those.
    await this.#holder[Symbol.asyncDispose]();
    for (const program of this.#programs) await program.ended();
    await this.#cleanups.disposeAsync();
  }

  #entering(command: readonly string[]): string[] {
    return [`--target=${this.#pid}`, "--mount", "--net", "--pid", ...command];
  }
}

/** A variable that is set where the tests run says nothing of the machine. */
const NO_PLACES = {
  GLUSTER_EVENTING_WORKDIR: "",
  GLUSTER_EVENTING_STATE_DIR: "",
  GLUSTER_EVENTING_SOCKET: "",
};
