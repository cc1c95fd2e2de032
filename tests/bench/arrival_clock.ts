/**
 * A receiver that notes when each event arrives, on the clock of whoever sends.
 *
 * @module
 */
import { HttpConnection } from "../soak/http_connection.ts";
import { numberInBody } from "./numbered_datagram.ts";

const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/** Answers with 200 until it is disposed of. */
export class ArrivalClock implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<HttpConnection>();
  readonly #arrivedAtMs = new Map<number, number>();
  readonly #serving = this.#serve();

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}/hook`;
  }

  /** How many different events have arrived. */
  get count(): number {
    return this.#arrivedAtMs.size;
  }

  /** When the event of this number arrived first, on the clock of `performance.now`. */
  arrivedAtMs(number: number): number | undefined {
    return this.#arrivedAtMs.get(number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) connection[Symbol.dispose]();
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const talks: Promise<void>[] = [];
    for await (const accepted of this.#listener) talks.push(this.#talk(accepted));
    await Promise.all(talks);
  }

  async #talk(accepted: Deno.TcpConn): Promise<void> {
    using connection = new HttpConnection(accepted);
    this.#connections.add(connection);
    for (;;) {
      const request = await connection.read();
      const nowMs = performance.now();
      if (request === undefined) break;
      const number = numberInBody(request.body);
      if (!this.#arrivedAtMs.has(number)) this.#arrivedAtMs.set(number, nowMs);
      if (!await connection.write(ANSWER)) break;
    }
    this.#connections.delete(connection);
  }
}
