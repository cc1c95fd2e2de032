/**
 * The API over TCP. `Deno.serve` waits without end for a request that does not come, and counts no
 * connections, so that it is not given to whoever can reach a port: this gate takes the
 * connections, with TLS, reads requests within limits, judges them, and hands them on to the control
 * socket. What is answered there, is answered here.
 *
 * @module
 */
import { systemClock } from "../dispatcher/clock.ts";
import { ConnectionCutter } from "../dispatcher/http/connection_cutter.ts";
import { isLoopback } from "../registry/api_rules.ts";
import { isWithin } from "../std/async.ts";
import { formatHostPort, type HostPort } from "../std/host_port.ts";
import { HintedError } from "../std/hinted_error.ts";
import { type GateLimits, serveConnection } from "./gate_connection.ts";
import { LoginDesk } from "./login_desk.ts";

/** The API cannot be served over TCP. */
export class GateError extends HintedError {
  override readonly name = "GateError";
}

/** A certificate chain and its private key, PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** How the gate serves. */
export interface GateOptions {
  /** Port 0 is any free one. */
  readonly address: HostPort;
  readonly tls?: TlsPair;
  /** The token that is asked for, `null` if nobody's will do; absent if none is asked for. */
  readonly token?: () => string | null;
  /** Whether it is for the other nodes of the pool, which only follow this node's events. */
  readonly isLink?: boolean;
  /** The control socket. */
  readonly socket: string;
  readonly limits?: Partial<GateLimits>;
  /** A clock that does not jump, in milliseconds; the machine's if not given. */
  readonly steadyNow?: () => number;
  /** Called when a request is refused, with where it came from. */
  readonly onRefused?: (from: string) => void;
  /** Called with what is wrong with us and not with a client. */
  readonly onFault?: (error: unknown) => void;
}

const LIMITS: GateLimits = {
  headMs: 10_000,
  headBytes: 16 * 1024,
  bodyMs: 10_000,
  stallMs: 30_000,
  sessionMs: 30_000,
  connections: 128,
  // Streams of events may take 64 of them for as long as they like.
  connectionsOfOne: 96,
};

/** After an error that is none of the connection, such as too many open files. */
const PAUSE_MS = 100;

type Tcp = Deno.Conn<Deno.NetAddr>;

/** A connection that is served. */
interface Serving {
  readonly cutting: AbortController;
  readonly ended: Promise<void>;
}

/** A gate that is open. */
export class Gate {
  /** Where it is. */
  readonly address: HostPort;
  readonly url: string;
  readonly #options: GateOptions;
  readonly #limits: GateLimits;
  readonly #desk: LoginDesk | undefined;
  readonly #listener: Deno.Listener<Tcp, Deno.NetAddr>;
  readonly #cutter = new ConnectionCutter();
  readonly #serving = new Map<Tcp, Serving>();
  readonly #accepting: Promise<void>;
  #answering = 0;
  #isStopped = false;

  private constructor(options: GateOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    const { token, steadyNow = systemClock.steadyNow } = options;
    const scheme = schemeOf(options);
    const hasLogin = token !== undefined && options.isLink !== true;
    this.#desk = hasLogin ? new LoginDesk({ scheme, token, steadyNow }) : undefined;
    this.#listener = listen(options.address, options.tls);
    const { hostname, port } = this.#listener.addr;
    this.address = { hostname, port };
    this.url = `${scheme}://${formatHostPort(this.address)}`;
    this.#accepting = this.#accept();
  }

  /**
   * Opens it.
   *
   * @throws {GateError} If it cannot listen there, must not, or the certificate is of no use.
   */
  static open(options: GateOptions): Gate {
    const { address, tls, token } = options;
    if (!isLoopback(address.hostname) && (tls === undefined || token === undefined)) {
      throw notAlone(address);
    }
    try {
      const gate = new Gate(options);
      // A name of loopback can have been given to another address.
      if (isLoopback(gate.address.hostname) || (tls !== undefined && token !== undefined)) {
        return gate;
      }
      gate.#listener.close();
      throw notAlone(gate.address);
    } catch (error) {
      throw toGateError(error, address);
    }
  }

  /** How many requests that were not refused are being answered. */
  get answering(): number {
    return this.#answering;
  }

  /** Takes no more connections; then somebody else can have the port. */
  async close(): Promise<void> {
    if (!this.#isStopped) this.#listener.close();
    this.#isStopped = true;
    // The kernel has the port as long as something waits for a connection.
    await this.#accepting;
  }

  /** Takes no more connections, and cuts off those that have not ended within the time. */
  async stop(graceMs: number): Promise<void> {
    await this.close();
    if (!await isWithin(graceMs, this.#ended())) {
      for (const client of this.#serving.keys()) this.#cut(client);
      await this.#ended();
    }
    this.#cutter[Symbol.dispose]();
  }

  async #accept(): Promise<void> {
    while (!this.#isStopped) {
      try {
        this.#take(await this.#listener.accept());
      } catch (error) {
        if (this.#isStopped) return;
        if (!(error instanceof Error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  #take(client: Tcp): void {
    const { hostname } = client.remoteAddr;
    const ofOne = [...this.#serving.keys()].filter(({ remoteAddr }) =>
      remoteAddr.hostname === hostname
    );
    const { connections, connectionsOfOne } = this.#limits;
    if (this.#serving.size >= connections || ofOne.length >= connectionsOfOne) {
      this.#options.onRefused?.(formatHostPort(client.remoteAddr));
      // Closing is enough, and costs less, unless there is a handshake under way.
      if (this.#options.tls === undefined) client[Symbol.dispose]();
      else this.#cut(client);
      return;
    }
    const cutting = new AbortController();
    this.#serving.set(client, { cutting, ended: this.#serve(client, cutting.signal) });
  }

  async #ended(): Promise<void> {
    await Promise.all([...this.#serving.values()].map(({ ended }) => ended));
  }

  async #serve(client: Tcp, signal: AbortSignal): Promise<void> {
    const { token, isLink, address, onRefused, onFault } = this.#options;
    let connected = 0;
    const from = formatHostPort(client.remoteAddr);
    await serveConnection(client, {
      rules: {
        scheme: schemeOf(this.#options),
        hostname: address.hostname,
        ...(token === undefined ? {} : { token }),
        ...(isLink === undefined ? {} : { isLink }),
      },
      limits: this.#limits,
      ...(this.#desk === undefined ? {} : { desk: this.#desk }),
      from: client.remoteAddr.hostname,
      connect: () => {
        // Only what was judged gets here; what asks for a WebSocket may get here twice.
        if (connected++ === 0) this.#answering++;
        return Deno.connect({ transport: "unix", path: this.#options.socket });
      },
      cut: () => this.#cut(client),
      signal,
      onRefused: () => onRefused?.(from),
    }).catch((error) => onFault?.(error));
    if (connected > 0) this.#answering--;
    this.#serving.delete(client);
    client[Symbol.dispose]();
  }

  #cut(client: Tcp): void {
    try {
      this.#serving.get(client)?.cutting.abort();
      this.#cutter.cut(client, client);
    } catch (error) {
      // It is closed already.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

/**
 * Finds out whether TLS can be served with them.
 *
 * @throws {GateError} If not.
 */
export function tryTls(tls: TlsPair): void {
  const address = { hostname: "127.0.0.1", port: 0 };
  try {
    listen(address, tls).close();
  } catch (error) {
    throw toGateError(error, address);
  }
}

function schemeOf({ tls }: GateOptions): "http" | "https" {
  return tls === undefined ? "http" : "https";
}

function listen(address: HostPort, tls: TlsPair | undefined): Deno.Listener<Tcp, Deno.NetAddr> {
  return tls === undefined
    ? Deno.listen({ ...address, transport: "tcp" })
    : Deno.listenTls({ ...address, ...tls, alpnProtocols: ["http/1.1"] });
}

function notAlone(address: HostPort): GateError {
  return new GateError(
    `Cannot serve the API on ${
      formatHostPort(address)
    }: other machines can reach it, which needs ` +
      "a token and TLS",
    "set api-token-file, api-cert-file and api-key-file, or listen on loopback",
  );
}

function toGateError(error: unknown, address: HostPort): unknown {
  if (error instanceof GateError || !(error instanceof Error)) return error;
  const { port } = address;
  const isTaken = error instanceof Deno.errors.AddrInUse;
  const isTls = error instanceof Deno.errors.InvalidData || /certificate|key/i.test(error.message);
  const hint = isTaken
    ? `see who has the port: ss -tlnp 'sport = :${port}'; or name another one: ` +
      "gluster-eventing config-set api-listen"
    : isTls
    ? "api-cert-file and api-key-file have to be a chain and its unencrypted key, both PEM"
    : "name an address of this node: gluster-eventing config-set api-listen 127.0.0.1:24080";
  return new GateError(
    `Cannot serve the API on ${formatHostPort(address)}: ${error.message}`,
    hint,
    { cause: error },
  );
}
