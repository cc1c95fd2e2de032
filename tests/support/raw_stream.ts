/**
 * Connections that follow events without a client that knows better.
 *
 * @module
 */
import { EVENTS_PATH } from "../../src/api/routes.ts";
import { until } from "./until.ts";

/** How it is asked. */
export type StreamKind = "SSE" | "WebSocket";

/** Where to ask. */
export type StreamTarget = { readonly socket: string } | {
  readonly hostname: string;
  readonly port: number;
};

const UPGRADE = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/** A connection that is read from only if a test does. */
export class RawStream implements Disposable {
  readonly #conn: Deno.Conn;
  received = "";

  private constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  /** Asks for the events. @param more Further lines of the head. */
  static async open(
    target: StreamTarget,
    { kind, query = "", more = [] }: {
      readonly kind: StreamKind;
      readonly query?: string;
      readonly more?: readonly string[];
    },
  ): Promise<RawStream> {
    const conn = "socket" in target
      ? await Deno.connect({ transport: "unix", path: target.socket })
      : await Deno.connect(target);
    const lines = [
      `GET ${EVENTS_PATH}${query} HTTP/1.1`,
      "Host: localhost",
      ...kind === "WebSocket" ? UPGRADE : [],
      ...more,
    ];
    await conn.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
    return new RawStream(conn);
  }

  /** Sends bytes. */
  async send(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let sent = 0; sent < bytes.length;) sent += await this.#conn.write(bytes.subarray(sent));
  }

  /** Reads until something is there. */
  async shows(text: string): Promise<void> {
    const chunk = new Uint8Array(65_536);
    const decoder = new TextDecoder();
    await until(`the stream shows ${text}`, async () => {
      if (this.received.includes(text)) return true;
      const count = await this.#conn.read(chunk);
      if (count === null) throw new Error(`It ended: ${this.received}`);
      this.received += decoder.decode(chunk.subarray(0, count), { stream: true });
      return this.received.includes(text);
    }, { seen: () => this.received });
  }

  /** Reads all that is left, up to the end. @returns How many bytes it was. */
  async drain(): Promise<number> {
    const chunk = new Uint8Array(65_536);
    let total = 0;
    for (;;) {
      // A connection that is cut off may say so.
      const count = await this.#conn.read(chunk).catch(() => null);
      if (count === null) return total;
      total += count;
    }
  }

  [Symbol.dispose](): void {
    this.#conn[Symbol.dispose]();
  }
}
