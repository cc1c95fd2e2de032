/**
 * Pages of the test hook as it sees them: clients of its stream.
 *
 * @module
 */

/** Follows the stream, and takes all of it. */
export class FollowingPage implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #reading: Promise<void>;
  #newest = 0;
  #requests = 0;

  private constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
    this.#reading = this.#read();
  }

  /** Begins to follow. */
  static async open(url: string): Promise<FollowingPage> {
    const { body } = await fetch(`${url}v1/stream`);
    if (body === null) throw new Error("The stream has no body");
    return new FollowingPage(body);
  }

  /** The number of the newest request that came. */
  get newest(): number {
    return this.#newest;
  }

  /** How many came. */
  get requests(): number {
    return this.#requests;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    }
  }

  #take(line: string): void {
    const number = /^id: (\d+)$/.exec(line)?.[1];
    if (number === undefined) return;
    this.#newest = Number(number);
    this.#requests++;
  }
}

/** A page comes so often that there are always some that are not cut off yet. */
const COME_EVERY_MS = 15_000;
/** Those before have been cut off. */
const MOST_OPEN = 4;

/** Follows the stream and takes nothing, again and again. */
export class StalledPage implements Disposable {
  readonly #url: URL;
  readonly #connections: Deno.Conn[] = [];
  #cameMs = -Infinity;
  #count = 0;

  private constructor(url: string) {
    this.#url = new URL(url);
  }

  /** Opens the first one. */
  static async open(url: string): Promise<StalledPage> {
    const page = new StalledPage(url);
    await page.come();
    return page;
  }

  /** How many came. */
  get count(): number {
    return this.#count;
  }

  /** Comes again, if it is time. */
  async come(): Promise<void> {
    if (performance.now() < this.#cameMs + COME_EVERY_MS) return;
    this.#cameMs = performance.now();
    this.#count++;
    const { hostname, port, host } = this.#url;
    const connection = await Deno.connect({ hostname, port: Number(port) });
    this.#connections.push(connection);
    if (this.#connections.length > MOST_OPEN) this.#connections.shift()?.close();
    const request = `GET /v1/stream HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection.close();
  }
}
