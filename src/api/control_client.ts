/**
 * The commands' side of the control socket.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";
import { statusLine } from "../std/http.ts";
import type { ReloadOutcome, ResumeOutcome } from "./control_handlers.ts";
import type { StreamItem, StreamQuery } from "./event_stream.ts";
import { readItems, SilenceWatch } from "./follow_items.ts";
import type { LinkOffer } from "./link_offer.ts";
import { ServerSentError } from "./read_server_sent.ts";
import { encodeQuery } from "./spool_query.ts";
import type {
  AttemptQuery,
  AttemptReport,
  DeadLetterQuery,
  DeadLetterReport,
  HistoryEvent,
  HistoryQuery,
  ReplayReport,
  ReplayRequest,
} from "./spool_reports.ts";
import type { StatusReport } from "./status_report.ts";

/** No daemon answers on the control socket. */
export class DaemonNotRunningError extends Error {
  override readonly name = "DaemonNotRunningError";
}

/** There is a daemon, but it does not do what it was asked. */
export class ControlRefusedError extends HintedError {
  override readonly name: string = "ControlRefusedError";
}

/** The daemon posts to no webhook of the name or URL that it was asked about. */
export class WebhookRefusedError extends ControlRefusedError {
  override readonly name = "WebhookRefusedError";
}

const LONGEST_WAIT_MS = 10_000;
/** A long history, and a replay of a million events, take their time. */
const LONGEST_SEARCH_MS = 600_000;

/** Of a stream: the daemon says something every 15 s. */
const LONGEST_SILENCE_MS = 45_000;

/** HTTP here takes 64 KiB. */
const LONGEST_PATH = 60_000;

const INVALID = 400;
const NOT_FOUND = 404;
/** The registry has problems; the answer says which. */
const UNPROCESSABLE = 422;

interface Question {
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly waitMs?: number;
}

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
    return await this.#ask("GET", { path: "/v1/status" }) as StatusReport;
  }

  /**
   * Makes the daemon read the registry now.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, or does not answer.
   */
  async reload(): Promise<ReloadOutcome> {
    return await this.#ask("POST", { path: "/v1/reload" }) as ReloadOutcome;
  }

  /**
   * Asks the daemon to end. It answers before it does, and ends within 5 s.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, or does not answer.
   */
  async stop(): Promise<void> {
    await this.#ask("POST", { path: "/v1/stop" });
  }

  /**
   * How another node of the pool can follow the events of this one, for a minute from now. It is a
   * secret between the nodes.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, or does not answer.
   */
  async link(): Promise<LinkOffer> {
    return await this.#ask("POST", { path: "/v1/link" }) as LinkOffer;
  }

  /**
   * The newest events that fit, oldest first.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, does not answer, or finds fault with it.
   */
  async history(query: HistoryQuery): Promise<readonly HistoryEvent[]> {
    return await this.#search("/v1/history", query) as readonly HistoryEvent[];
  }

  /**
   * The newest attempts that fit, oldest first.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, does not answer, or finds fault with it.
   */
  async attempts(query: AttemptQuery): Promise<readonly AttemptReport[]> {
    return await this.#search("/v1/attempts", query) as readonly AttemptReport[];
  }

  /**
   * The newest dead letters that fit, oldest first.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, does not answer, or finds fault with it.
   */
  async deadLetters(query: DeadLetterQuery): Promise<readonly DeadLetterReport[]> {
    return await this.#search("/v1/dead-letters", query) as readonly DeadLetterReport[];
  }

  /**
   * Posts events again.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, does not answer, or finds fault with it.
   */
  async replay(request: ReplayRequest): Promise<ReplayReport> {
    const question = { path: "/v1/replay", body: request, waitMs: LONGEST_SEARCH_MS };
    return await this.#ask("POST", question) as ReplayReport;
  }

  /**
   * Ends a pause, or the wait for the next attempt.
   *
   * @throws {DaemonNotRunningError} If there is none.
   * @throws {ControlRefusedError} If it may not be asked, does not answer, or finds fault with it.
   */
  async resume(webhook: string): Promise<ResumeOutcome> {
    return await this.#ask("POST", { path: "/v1/resume", body: { webhook } }) as ResumeOutcome;
  }

  /**
   * The events as they come in, until the signal. Ends if the daemon ends it, as when it stops.
   *
   * @throws {DaemonNotRunningError} If there is none, or it is gone on a sudden, or says nothing any
   *   more.
   * @throws {ControlRefusedError} If it may not be asked, does not answer, or finds fault with it.
   */
  async *follow(query: StreamQuery, signal: AbortSignal): AsyncGenerator<StreamItem> {
    using client = Deno.createHttpClient({ proxy: { transport: "unix", path: this.#socket } });
    using watch = new SilenceWatch(LONGEST_WAIT_MS);
    try {
      const response = await fetch(`http://localhost/v1/events?${encodeQuery(query)}`, {
        client,
        signal: AbortSignal.any([signal, watch.signal]),
      });
      if (!response.ok || response.body === null) {
        throw this.#refusal(response.status, await readRefusal(response));
      }
      watch.heard(LONGEST_SILENCE_MS);
      yield* readItems(response.body, () => watch.heard(LONGEST_SILENCE_MS));
    } catch (error) {
      if (signal.aborted) return;
      if (watch.isHeard && watch.signal.aborted) {
        throw new DaemonNotRunningError(
          `The daemon on ${this.#socket} says nothing any more`,
          { cause: error },
        );
      }
      throw this.#explain(error, LONGEST_WAIT_MS);
    }
  }

  async #search(
    path: string,
    query: HistoryQuery | AttemptQuery | DeadLetterQuery,
  ): Promise<unknown> {
    const whole = `${path}?${encodeQuery(query)}`;
    if (whole.length > LONGEST_PATH) {
      throw new ControlRefusedError(
        `The question is ${whole.length} characters long; at most ${LONGEST_PATH} can be asked`,
        "name fewer ids or patterns at once",
      );
    }
    return await this.#ask("GET", { path: whole, waitMs: LONGEST_SEARCH_MS });
  }

  async #ask(
    method: string,
    { path, body, waitMs = LONGEST_WAIT_MS }: Question,
  ): Promise<unknown> {
    using client = Deno.createHttpClient({
      proxy: { transport: "unix", path: this.#socket },
    });
    try {
      const response = await fetch(`http://localhost${path}`, {
        method,
        client,
        signal: AbortSignal.timeout(waitMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (response.ok || response.status === UNPROCESSABLE) return await response.json();
      throw this.#refusal(response.status, await readRefusal(response));
    } catch (error) {
      throw this.#explain(error, waitMs);
    }
  }

  #refusal(status: number, { error, hint }: Refusal): ControlRefusedError {
    if (hint !== undefined) {
      if (status === NOT_FOUND) return new WebhookRefusedError(error, hint);
      if (status === INVALID) return new ControlRefusedError(error, hint);
    }
    return new ControlRefusedError(
      `The daemon on ${this.#socket} cannot answer: ${error}`,
      hint ??
        (status === NOT_FOUND
          ? "it is of another version than this command: restart it"
          : "see what its log says"),
    );
  }

  #explain(error: unknown, waitMs: number): Error {
    if (error instanceof ControlRefusedError) return error;
    if (error instanceof ServerSentError || error instanceof SyntaxError) {
      return new ControlRefusedError(
        `What the daemon on ${this.#socket} sends is no stream of events: ${error.message}`,
        "it is of another version than this command: restart it",
        { cause: error },
      );
    }
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
        `The daemon on ${this.#socket} does not answer within ${waitMs / 1000} s`,
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

interface Refusal {
  readonly error: string;
  readonly hint?: string;
}

async function readRefusal(response: Response): Promise<Refusal> {
  const status = statusLine(response.status);
  try {
    const { error, hint } = await response.json() ?? {};
    return {
      error: typeof error === "string" ? error : status,
      ...(typeof hint === "string" ? { hint } : {}),
    };
  } catch (error) {
    // A server that fails says so by itself, and not in JSON.
    if (error instanceof SyntaxError) return { error: status };
    throw error;
  }
}

/** The part of a message of Deno's HTTP client that says why. */
function shorten(message: string): string {
  return /client error \(\w+\): ([\s\S]*)$/.exec(message)?.[1] ?? message;
}
