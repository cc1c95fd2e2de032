/**
 * A receiver that does not keep to HTTP.
 *
 * @module
 */

/** What is done with a connection after its request was read. */
export type Act = (connection: Deno.Conn) => Promise<unknown>;

/** Takes connections until it is disposed of. */
export class RawReceiver implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving: Promise<void>;
  readonly #acting = new Set<Promise<void>>();

  constructor(act: Act) {
    this.#serving = (async () => {
      for await (const connection of this.#listener) this.#acting.add(serve(connection, act));
    })();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
    await Promise.all(this.#acting);
  }
}

async function serve(connection: Deno.Conn, act: Act): Promise<void> {
  try {
    await act(connection);
  } catch (error) {
    // The client has hung up.
    if (!(error instanceof Error)) throw error;
  } finally {
    connection.close();
  }
}

/** Waits until the client hangs up. */
export async function linger(connection: Deno.Conn): Promise<void> {
  while (await connection.read(new Uint8Array(65_536)) !== null);
}

/** Writes what it reads, as an echo does. */
export async function repeatRequest(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  const count = await connection.read(buffer);
  for (let at = 0; at < (count ?? 0);) {
    at += await connection.write(buffer.subarray(at, count ?? 0));
  }
  await linger(connection);
}

/** Writes a text and leaves the rest to the client. */
export function say(text: string): Act {
  return async (connection) => {
    await readRequest(connection);
    await write(connection, text);
    await linger(connection);
  };
}

/** Writes a text and closes the connection. */
export function sayAndClose(text: string): Act {
  return async (connection) => {
    await readRequest(connection);
    await write(connection, text);
  };
}

/** Writes a text and resets the connection: closed with a request unread, it is not just closed. */
export function sayAndReset(text: string): Act {
  return async (connection) => {
    await write(connection, text);
    await pause(100);
  };
}

/** Writes a text, and then another one again and again as long as the client reads. */
export function repeat(first: string, again: string, everyMs = 0): Act {
  return async (connection) => {
    await readRequest(connection);
    await write(connection, first);
    for (;;) {
      await write(connection, again);
      if (everyMs > 0) await pause(everyMs);
    }
  };
}

async function readRequest(connection: Deno.Conn): Promise<void> {
  await connection.read(new Uint8Array(65_536));
}

async function write(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
