/**
 * HTTP without a client that knows better: what is written is what is sent.
 *
 * @module
 */

/** Where to send to. */
export interface RawTarget {
  readonly hostname: string;
  readonly port: number;
  /** Certificates that are trusted, PEM; plain TCP without. */
  readonly caCerts?: string[];
}

/** A connection that collects what comes back. */
export class RawConnection implements Disposable {
  readonly #conn: Deno.Conn;
  /** All that came back; it ends when the other side closes or resets the connection. */
  readonly ended: Promise<string>;
  received = "";

  private constructor(conn: Deno.Conn) {
    this.#conn = conn;
    this.ended = this.#collect();
  }

  static async open({ hostname, port, caCerts }: RawTarget): Promise<RawConnection> {
    return new RawConnection(
      caCerts === undefined
        ? await Deno.connect({ hostname, port })
        : await Deno.connectTls({ hostname, port, caCerts }),
    );
  }

  /** Sends all of it. @returns False if the other side does not want more. */
  async send(data: string | Uint8Array): Promise<boolean> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    try {
      for (let sent = 0; sent < bytes.length;) sent += await this.#conn.write(bytes.subarray(sent));
      return true;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return false;
    }
  }

  [Symbol.dispose](): void {
    this.#conn[Symbol.dispose]();
  }

  async #collect(): Promise<string> {
    const chunk = new Uint8Array(65_536);
    const decoder = new TextDecoder();
    try {
      for (let n = await this.#conn.read(chunk); n !== null; n = await this.#conn.read(chunk)) {
        this.received += decoder.decode(chunk.subarray(0, n), { stream: true });
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
    return this.received;
  }
}

/** Sends it and waits for the end. @returns What came back. */
export async function exchange(target: RawTarget, ...pieces: string[]): Promise<string> {
  using connection = await RawConnection.open(target);
  for (const piece of pieces) {
    if (!await connection.send(piece)) break;
  }
  return await connection.ended;
}

/** The status of an answer; 0 if there is none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
}
