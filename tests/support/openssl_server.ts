/**
 * A receiver with the TLS of OpenSSL, which can want a certificate of its client.
 *
 * @module
 */
import type { Issued } from "./test_ca.ts";
import { until } from "./until.ts";

const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nthere";

/** Answers each request with 200, one connection at a time. */
export class OpensslServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;
  /** What openssl writes, and all that it gets. */
  output = "";
  #port = 0;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = Promise.all([this.#answer(), this.#read(child.stderr, () => {})]);
  }

  /** @param options Further options of `openssl s_server`. */
  static async start(
    { cert, key }: Issued,
    options: readonly string[] = [],
  ): Promise<OpensslServer> {
    const child = new Deno.Command("openssl", {
      args: ["s_server", "-accept", "127.0.0.1:0", "-cert", cert, "-key", key, ...options],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const server = new OpensslServer(child);
    const [, port] = await until(
      "openssl listens",
      () => /^ACCEPT \S+:(\d+)$/m.exec(server.output),
      { seen: () => server.output },
    );
    server.#port = Number(port);
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** How many have come. */
  get requests(): number {
    return this.output.match(/POST \S+ HTTP\/1\.1/g)?.length ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#reading;
  }

  async #answer(): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    let answered = 0;
    await this.#read(this.#child.stdout, () => {
      for (; answered < this.requests; answered++) {
        // It may have been ended just now.
        void writer.write(new TextEncoder().encode(ANSWER)).catch(() => {});
      }
    });
    await writer.close().catch(() => {});
  }

  async #read(stream: ReadableStream<Uint8Array>, onText: () => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      this.output += decoder.decode(chunk, { stream: true });
      onText();
    }
  }
}
