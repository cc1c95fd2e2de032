/**
 * An interactive shell on a terminal of its own: keys go in, what it shows comes out.
 *
 * @module
 */
import { until } from "./until.ts";

/** What the shells of these tests show when they wait for a line. */
export const PROMPT = "READY> ";

// deno-lint-ignore no-control-regex
const CONTROLS = /\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[=>()][AB012]?|\x1b\][^\x07]*\x07|[\r\x00\x07]/g;

/** A shell on a terminal, ended with the test. */
export class Terminal implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;
  #shown = "";

  /** @param command The shell as `sh` would start it. */
  constructor(command: string, { env, cwd }: { env: Record<string, string>; cwd: string }) {
    this.#child = new Deno.Command("script", {
      args: ["--quiet", "--flush", "--return", "--command", command, "/dev/null"],
      env: { ...env, TERM: "xterm", COLUMNS: "200", LINES: "50" },
      cwd,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#keys = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** What was shown, without the codes that move the cursor and colour it. */
  get shown(): string {
    return this.#shown.replace(CONTROLS, "");
  }

  /** Presses keys. */
  async type(keys: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(keys));
  }

  /** Waits until something is shown that was not when it was asked for. */
  async shows(pattern: RegExp, since = 0): Promise<string> {
    return await until(
      `the terminal shows ${pattern}`,
      () => pattern.exec(this.shown.slice(since))?.[0],
      { seen: () => this.shown.slice(since) },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keys.close();
    // Without its terminal the shell ends too.
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await this.#reading;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#child.stdout) {
      this.#shown += decoder.decode(chunk, { stream: true });
    }
  }
}
