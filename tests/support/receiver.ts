/**
 * A real HTTP receiver that records what it gets and answers as it is told.
 *
 * @module
 */
import { type HttpServer, serveTcp } from "../../src/std/http_server.ts";

/** A request as it arrived. */
export interface RecordedRequest {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** The parts of a payload that tests look at. */
export interface RecordedEvent {
  readonly nodeid: string;
  readonly ts: number;
  readonly event: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly host: string;
}

/** Answers a request; `number` counts from 1. */
export type Answer = (request: RecordedRequest, number: number) => Response | Promise<Response>;

/** Records requests until it is disposed of. */
export class Receiver implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  readonly #server: HttpServer<Deno.NetAddr>;

  /** @param options.port 0 takes a free one. */
  constructor({ port = 0, answer = ok }: { port?: number; answer?: Answer } = {}) {
    this.#server = serveTcp({ hostname: "127.0.0.1", port }, async (request) => {
      const { pathname, search } = new URL(request.url);
      const record = {
        path: pathname + search,
        headers: request.headers,
        body: await request.text(),
      };
      this.requests.push(record);
      return await answer(record, this.requests.length);
    });
  }

  get port(): number {
    return this.#server.addr.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** The bodies, parsed. */
  get events(): RecordedEvent[] {
    return this.requests.map(({ body }) => JSON.parse(body));
  }

  /** The names of the events, in the order in which they came. */
  get names(): string[] {
    return this.events.map(({ event }) => event);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop(100);
  }
}

function ok(): Response {
  return new Response(null, { status: 200 });
}
