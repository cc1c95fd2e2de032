/**
 * The commands' side of the control socket.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";
import type { ReloadOutcome } from "./control_server.ts";
import type { StatusReport } from "./status_report.ts";

/** No daemon answers on the control socket. */
export class DaemonNotRunningError extends Error {
  override readonly name = "DaemonNotRunningError";
}

/** There is a daemon, but it does not do what it was asked. */
export class ControlRefusedError extends HintedError {
  override readonly name = "ControlRefusedError";
}

const LONGEST_WAIT_MS = 10_000;
/** The registry has problems; the answer says which. */
const UNPROCESSABLE = 422;

/** Asks the daemon behind a control socket. */
export class ControlClient {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /**
   * How the daemon is doing.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, or does not answer.
   */
  async status(): Promise<StatusReport> {
    return await this.#ask("GET", "/v1/status") as StatusReport;
  }

  /**
   * Makes the daemon read the registry now.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, or does not answer.
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
      const answer = await response.json();
      if (response.ok || response.status === UNPROCESSABLE) return answer;
      throw new ControlRefusedError(
        `The daemon on ${this.#socket} cannot answer: ${answer?.error ?? response.status}`,
        "see what its log says",
      );
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): Error {
    if (error instanceof ControlRefusedError) return error;
    const reason = error instanceof Error ? shorten(error.message) : String(error);
    if (/permission denied/i.test(reason)) {
      return new ControlRefusedError(
        `Cannot ask the daemon on ${this.#socket}: ${reason}`,
        "run it as root",
        { cause: error },
      );
    }
    if (error instanceof DOMException && error.name === "TimeoutError") {
      return new ControlRefusedError(
        `The daemon on ${this.#socket} does not answer within ${LONGEST_WAIT_MS / 1000} s`,
        "see whether it hangs, and on what: its log says more",
        { cause: error },
      );
    }
    return new DaemonNotRunningError(
      `No daemon answers on the control socket ${this.#socket}: ${reason}`,
      { cause: error },
    );
  }
}

/** The part of a message of Deno's HTTP client that says why. */
function shorten(message: string): string {
  return /client error \(\w+\): ([\s\S]*)$/.exec(message)?.[1] ?? message;
}
