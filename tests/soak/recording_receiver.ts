/**
 * A webhook's receiver that records what it gets, and misbehaves as it is told.
 *
 * @module
 */
import { ArrivalLog } from "./arrival_log.ts";
import { HttpConnection } from "./http_connection.ts";
import { pause } from "./scenario.ts";

/** What a receiver does with a request. */
export type Answer =
  | {
    readonly status: number;
    /** Header lines, each with `\r\n` behind it. */
    readonly headers?: string;
    /** Answers that late; then the sender has given up on it. */
    readonly afterMs?: number;
  }
  /** Resets the connection when the first byte comes; such a request is not recorded. */
  | "reset"
  /** Does something else; the connection is closed afterwards. */
  | { readonly play: (connection: HttpConnection, signal: AbortSignal) => Promise<void> };

/** What a receiver listens on and how it answers. */
export interface ReceiverOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Decides when a request begins; `number` counts from 1. Without it the answer is 200. */
  readonly behave?: (number: number) => Answer;
}

/** Receives until it is disposed of. */
export class RecordingReceiver implements AsyncDisposable {
  readonly log = new ArrivalLog();
  readonly #behave: ((number: number) => Answer) | undefined;
  readonly #listener: Deno.TcpListener;
  readonly #closing = new AbortController();
  readonly #connections = new Set<HttpConnection>();
  readonly #serving: Promise<void>;
  #begun = 0;
  #error: unknown;

  constructor({ port = 0, behave }: ReceiverOptions = {}) {
    this.#behave = behave;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#serving = this.#serve();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}/hook`;
  }

  /** How many requests began, those that were reset included. */
  get begun(): number {
    return this.#begun;
  }

  /** Throws what went wrong while receiving, such as a body that is no event. */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#listener.close();
    for (const connection of this.#connections) connection[Symbol.dispose]();
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const talks: Promise<void>[] = [];
    for await (const accepted of this.#listener) {
      const connection = new HttpConnection(accepted);
      this.#connections.add(connection);
      const talk = this.#talk(connection).catch((error) => {
        if (!this.#closing.signal.aborted) this.#error ??= error;
      }).finally(() => {
        connection[Symbol.dispose]();
        this.#connections.delete(connection);
      });
      talks.push(talk);
    }
    await Promise.all(talks);
  }

  async #talk(connection: HttpConnection): Promise<void> {
    for (;;) {
      if (this.#behave !== undefined && !await connection.begins()) return;
      const answer = this.#behave?.(++this.#begun) ?? { status: 200 };
      if (answer === "reset") return;
      const request = await connection.read();
      if (request === undefined) return;
      if (this.#behave === undefined) this.#begun++;
      const [, id] = /\r\nwebhook-id: *([^\r]*)/i.exec(request.head) ?? [];
      this.log.add({
        ...(id === undefined ? {} : { id }),
        body: request.body,
        isAccepted: isSuccess(answer),
      });
      if ("play" in answer) return await answer.play(connection, this.#closing.signal);
      if (answer.afterMs !== undefined) await pause(answer.afterMs, this.#closing.signal);
      const { status, headers = "" } = answer;
      // Both 204 and 304 have no body, nor a length of it.
      const length = status === 204 || status === 304 ? "" : "content-length: 0\r\n";
      if (!await connection.write(`HTTP/1.1 ${status} X\r\n${headers}${length}\r\n`)) return;
    }
  }
}

function isSuccess(answer: Exclude<Answer, "reset">): boolean {
  return "status" in answer && answer.status >= 200 && answer.status <= 299 &&
    answer.afterMs === undefined;
}
