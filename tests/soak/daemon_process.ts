/**
 * The compiled daemon, to be started, killed and started again in one folder and on one port.
 *
 * @module
 */
import type { StatusReport } from "../../src/api/status_report.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { mustDo, placesIn } from "../support/local_node.ts";
import { RunningProgram } from "../support/program.ts";
import { until } from "../support/until.ts";
import { freePort } from "./free_port.ts";

/** Where the daemon lives and how it is started. */
export interface DaemonOptions {
  /** The folder of all its places. */
  readonly folder: string;
  /** Starts it with these arguments; as the compiled binary if not given. */
  readonly launch?: (args: readonly string[]) => RunningProgram;
}

/** One start of the daemon, until its end. */
interface Life {
  readonly program: RunningProgram;
  readonly client: Deno.HttpClient;
  readonly startedMs: number;
  end?: Deno.CommandStatus;
  readonly ended: Promise<void>;
}

/** A daemon with its folder. */
export class SoakDaemon implements AsyncDisposable {
  readonly folder: string;
  /** The UDP port on which it listens, in each of its lives. */
  readonly port = freePort();
  readonly #launch: (args: readonly string[]) => RunningProgram;
  #life: Life | undefined;

  constructor({ folder, launch = (args) => new RunningProgram(args) }: DaemonOptions) {
    this.folder = folder;
    this.#launch = launch;
  }

  /** The id of its process. */
  get pid(): number {
    return this.#running.program.pid;
  }

  /** What it has logged in this life. */
  get log(): string {
    return this.#running.program.stderr;
  }

  /** Starts it, and does not wait until it is ready. */
  spawn(): void {
    assert(this.#life === undefined, "the daemon runs already");
    const startedMs = performance.now();
    const listen = ["--listen", `127.0.0.1:${this.port}`];
    const program = this.#launch(["run", ...placesIn(this.folder), ...listen]);
    const client = Deno.createHttpClient({
      proxy: { transport: "unix", path: `${this.folder}/sock` },
    });
    const life: Life = {
      program,
      client,
      startedMs,
      ended: program.ended().then((end) => void (life.end = end)),
    };
    this.#life = life;
  }

  /** Waits until it is ready. @returns How long that took from the start on, in milliseconds. */
  async ready(): Promise<number> {
    const { program, startedMs } = this.#running;
    await until("the daemon is ready", () => {
      this.checkAlive();
      return /INFO +ready /.test(program.stderr);
    }, { seen: () => program.stderr });
    return performance.now() - startedMs;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<number> {
    this.spawn();
    return await this.ready();
  }

  /** Throws if it has ended although nobody ended it. */
  checkAlive(): void {
    const { end, program } = this.#running;
    assert(
      end === undefined,
      `the daemon ended by itself, code ${end?.code}, signal ${end?.signal}: ${program.stderr}`,
    );
  }

  /** Kills it, so that it has no chance to do anything about it. */
  async kill(): Promise<void> {
    const life = this.#running;
    this.checkAlive();
    life.program.kill("SIGKILL");
    await this.#bury(life);
    assertEquals(life.end?.signal, "SIGKILL", `the daemon ended by itself: ${life.program.stderr}`);
  }

  /** Asks it to end, which it has to do without an error. */
  async stop(): Promise<void> {
    const life = this.#running;
    this.checkAlive();
    life.program.kill("SIGTERM");
    await this.#bury(life);
    assertEquals(life.end?.code, 0, `the daemon did not end well: ${life.program.stderr}`);
  }

  /** Sends a signal that does not end it. */
  signal(signal: Deno.Signal): void {
    this.#running.program.kill(signal);
  }

  /** Runs a command against it, which has to succeed. @returns What it printed. */
  async command(...args: string[]): Promise<string> {
    return await mustDo(this.folder, ...args);
  }

  /** How it is doing; `undefined` if nobody answers now. */
  async status(): Promise<StatusReport | undefined> {
    const life = this.#life;
    if (life === undefined) return undefined;
    try {
      const response = await fetch("http://localhost/v1/status", { client: life.client });
      const answer = await response.text();
      assert(response.ok, `the daemon answers ${response.status}: ${answer}`);
      return JSON.parse(answer);
    } catch (error) {
      // It is not there yet, or not any more, or it was killed while it answered.
      if (error instanceof TypeError || error instanceof Deno.errors.Http) return undefined;
      throw error;
    }
  }

  /** How it is doing; it has to answer. */
  async mustStatus(): Promise<StatusReport> {
    const status = await this.status();
    if (status !== undefined) return status;
    this.checkAlive();
    throw new Error(`the daemon does not answer: ${this.log}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    await life.program[Symbol.asyncDispose]();
    await this.#bury(life);
  }

  get #running(): Life {
    assert(this.#life !== undefined, "the daemon does not run");
    return this.#life;
  }

  async #bury(life: Life): Promise<void> {
    await life.ended;
    life.client.close();
    this.#life = undefined;
  }
}
