/**
 * The commands' side of the control socket.
 *
 * @module
 */
import type { ReloadOutcome } from "./control_server.ts";
import type { StatusReport } from "./status_report.ts";

/** No daemon answers on the control socket. */
export class DaemonNotRunningError extends Error {
  override readonly name = "DaemonNotRunningError";
}

const LONGEST_WAIT_MS = 10_000;

/** Asks the daemon behind a control socket. */
export class ControlClient {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /**
   * How the daemon is doing.
   *
   * @throws {DaemonNotRunningError} If none answers.
   */
  async status(): Promise<StatusReport> {
    return await this.#ask("GET", "/v1/status") as StatusReport;
  }

  /**
   * Makes the daemon read the registry now.
   *
   * @throws {DaemonNotRunningError} If none answers.
   */
  async reload(): Promise<ReloadOutcome> {
    return await this.#ask("POST", "/v1/reload") as ReloadOutcome;
  }

  async #ask(method: string, path: string): Promise<unknown> {
    using client = Deno.createHttpClient({
      proxy: { transport: "unix", path: this.#socket },
    });
    try {
      const response = await fetch(`http://localhost${path}`, {
        method,
        client,
        signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      });
      return await response.json();
    } catch (error) {
      const reason = error instanceof Error ? shorten(error.message) : String(error);
      throw new DaemonNotRunningError(
        `No daemon answers on the control socket ${this.#socket}: ${reason}`,
        { cause: error },
      );
    }
  }
}

/** The part of a message of Deno's HTTP client that says why. */
function shorten(message: string): string {
  return /client error \(\w+\): ([\s\S]*)$/.exec(message)?.[1] ?? message;
}
