/**
 * Real proxies, small ones: HTTP with CONNECT and absolute URLs, and SOCKS5.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type Act, linger } from "./raw_receiver.ts";

/** What a proxy wants, and what it does. */
export interface ProxyOptions {
  readonly user?: string;
  readonly password?: string;
  /** Makes its address one with TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Done with what was connected, instead of what was asked for, once the login is right. */
  readonly act?: Act;
}

/** Takes connections until it is disposed of. Every name leads to this machine. */
abstract class TestProxy implements AsyncDisposable {
  /** What it was asked for, as `CONNECT host:port` or `POST url`. */
  readonly asked: string[] = [];
  /** How many connections were made to it. */
  connections = 0;
  protected readonly options: ProxyOptions;
  readonly #listener: Deno.Listener<Deno.TcpConn | Deno.TlsConn>;
  readonly #open = new Set<Deno.Conn>();
  readonly #serving = new Set<Promise<void>>();

  constructor(options: ProxyOptions = {}) {
    this.options = options;
    const address = { hostname: "127.0.0.1", port: 0 };
    this.#listener = options.tls === undefined
      ? Deno.listen(address)
      : Deno.listenTls({ ...address, ...options.tls });
    this.#serving.add(this.#accept());
  }

  /** Without user and password. */
  get address(): string {
    const { addr } = this.#listener;
    return "port" in addr ? `127.0.0.1:${addr.port}` : "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) hangUp(connection);
    await Promise.all(this.#serving);
  }

  protected abstract serve(connection: Deno.Conn): Promise<void>;

  /** Connects to what stands behind the proxy, until the proxy ends. */
  protected async reach(hostname: string, port: number): Promise<Deno.Conn> {
    const isAddress = /^[\d.]+$|:/.test(hostname);
    const connection = await Deno.connect({ hostname: isAddress ? hostname : "127.0.0.1", port });
    this.#open.add(connection);
    return connection;
  }

  protected async join(a: Deno.Conn, b: Deno.Conn): Promise<void> {
    const way = async (from: Deno.Conn, to: Deno.Conn) => {
      try {
        await from.readable.pipeTo(to.writable);
      } catch {
        // One of them has hung up.
      }
      hangUp(from);
      hangUp(to);
    };
    await Promise.all([way(a, b), way(b, a)]);
  }

  async #accept(): Promise<void> {
    for (;;) {
      try {
        const connection = await this.#listener.accept();
        this.connections++;
        this.#open.add(connection);
        this.#serving.add(this.#serve(connection));
      } catch (error) {
        if (error instanceof Deno.errors.BadResource) return;
        // A handshake that failed is nobody's business here.
        if (!(error instanceof Error)) throw error;
      }
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    try {
      await this.serve(connection);
    } catch (error) {
      // Whoever uses it has hung up.
      if (!(error instanceof Error)) throw error;
    } finally {
      hangUp(connection);
    }
  }
}

/** A proxy that speaks HTTP. */
export class HttpProxy extends TestProxy {
  get url(): string {
    return `${this.options.tls === undefined ? "http" : "https"}://${this.address}`;
  }

  protected override async serve(connection: Deno.Conn): Promise<void> {
    const { head, rest } = await readHead(connection);
    const [method = "", url = ""] = head.split(" ");
    this.asked.push(`${method} ${url}`);
    if (!this.#isWelcome(head)) {
      const what = 'proxy-authenticate: Basic realm="test"\r\ncontent-length: 0\r\n\r\n';
      return await send(connection, `HTTP/1.1 407 Proxy Authentication Required\r\n${what}`);
    }
    const { act } = this.options;
    if (act !== undefined) return void await act(connection);
    const { protocol, hostname, port, pathname, search } = new URL(
      method === "CONNECT" ? `tcp://${url}` : url,
    );
    const bare = hostname.replace(/^\[(.*)\]$/, "$1");
    let upstream: Deno.Conn;
    try {
      upstream = await this.reach(bare, Number(port || (protocol === "http:" ? 80 : 443)));
    } catch {
      return await send(connection, "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
    }
    if (method === "CONNECT") await send(connection, "HTTP/1.1 200 Connection established\r\n\r\n");
    else await send(upstream, `${toOrigin(head, `${method} ${pathname}${search}`)}${rest}`);
    await this.join(connection, upstream);
  }

  #isWelcome(head: string): boolean {
    const { user, password } = this.options;
    if (user === undefined) return true;
    const wanted = Buffer.from(`${user}:${password ?? ""}`).toString("base64");
    return new RegExp(`^proxy-authorization: Basic ${wanted.replace(/\+/g, "\\+")}\r$`, "im")
      .test(head);
  }
}

/** A proxy that speaks SOCKS5 (RFC 1928). */
export class SocksProxy extends TestProxy {
  get url(): string {
    return `socks5h://${this.address}`;
  }

  protected override async serve(connection: Deno.Conn): Promise<void> {
    const [, count = 0] = await read(connection, 2);
    const offered = await read(connection, count);
    const { user, password = "", act } = this.options;
    const method = user === undefined ? 0 : offered.includes(2) ? 2 : 0xff;
    await connection.write(Uint8Array.of(5, method));
    if (method === 0xff) return;
    if (method === 2) {
      const given = [await this.#text(connection, 1), await this.#text(connection)];
      const isWelcome = given.join(":") === `${user}:${password}`;
      await connection.write(Uint8Array.of(1, isWelcome ? 0 : 1));
      if (!isWelcome) return;
    }
    const [, , , kind = 0] = await read(connection, 4);
    const hostname = kind === 3
      ? await this.#text(connection)
      : toAddress(await read(connection, kind === 4 ? 16 : 4));
    const [high = 0, low = 0] = await read(connection, 2);
    const port = high * 256 + low;
    this.asked.push(`CONNECT ${hostname}:${port}`);
    if (act !== undefined) return void await act(connection);
    let upstream: Deno.Conn;
    try {
      upstream = await this.reach(hostname, port);
    } catch {
      await connection.write(Uint8Array.of(5, 5, 0, 1, 0, 0, 0, 0, 0, 0));
      return;
    }
    await connection.write(Uint8Array.of(5, 0, 0, 1, 127, 0, 0, 1, 0, 1));
    await this.join(connection, upstream);
  }

  /** A text with its length before it. */
  async #text(connection: Deno.Conn, skipped = 0): Promise<string> {
    const start = await read(connection, skipped + 1);
    return new TextDecoder().decode(await read(connection, start.at(-1) ?? 0));
  }
}

/** A SOCKS5 proxy's refusal. */
export function refuseSocks(code: number): Act {
  return async (connection) => {
    await connection.write(Uint8Array.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0));
    await linger(connection);
  };
}

async function readHead(connection: Deno.Conn): Promise<{ head: string; rest: string }> {
  let text = "";
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const end = text.indexOf("\r\n\r\n");
    if (end !== -1) return { head: text.slice(0, end + 2), rest: text.slice(end + 4) };
    const count = await connection.read(buffer);
    if (count === null) throw new Error("It hung up");
    text += Buffer.from(buffer.subarray(0, count)).toString("latin1");
  }
}

/** A head as the receiver gets it, whose answer ends the connection. */
function toOrigin(head: string, line: string): string {
  const [, ...fields] = head.split("\r\n");
  const kept = fields.filter((field) => !/^proxy-|^connection:/i.test(field));
  return [`${line} HTTP/1.1`, "connection: close", ...kept, ""].join("\r\n");
}

async function read(connection: Deno.Conn, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await connection.read(bytes.subarray(at));
    if (count === null) throw new Error("It hung up");
    at += count;
  }
  return bytes;
}

function toAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const hex = Buffer.from(bytes).toString("hex");
  return new URL(`http://[${hex.match(/.{4}/g)?.join(":")}]/`).hostname.slice(1, -1);
}

async function send(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function hangUp(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}
