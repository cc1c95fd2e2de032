/**
 * Opens connections to receivers.
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { ConnectionCutter } from "./connection_cutter.ts";
import type { Origin } from "./http_request.ts";
import type { Stage } from "./verdict.ts";

/** The head start of an address before the next one is tried too (RFC 8305, 5). */
const HEAD_START_MS = 250;

/** What opens connections; tests have their own. */
export interface Network {
  /** All addresses of a name, the preferred ones first. */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
  readonly connect: (
    address: { hostname: string; port: number; signal: AbortSignal },
  ) => Promise<Deno.TcpConn>;
}

const NO_ADDRESS = "there is none";
// What getaddrinfo says, in words.
const LOOKUP_REASONS = new Map([
  ["ENOTFOUND", NO_ADDRESS],
  ["EAI_AGAIN", "the name server does not answer"],
]);

/** A name has no address, or that cannot be found out. */
class LookupError extends Error {
  override readonly name = "LookupError";

  constructor(hostname: string, reason: string = NO_ADDRESS) {
    super(`failed to look up the address of ${hostname}: ${reason}`);
  }
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "";
}

/** What a connection is opened with. */
export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly network: Network;
  readonly cutter: ConnectionCutter;
  /** Told what is waited for next. */
  readonly onStage?: (stage: Stage) => void;
}

/** The machine's network. */
export const systemNetwork: Network = {
  resolve: async (hostname) => {
    try {
      const found = await lookup(hostname, { all: true, verbatim: true });
      return found.map(({ address }) => address);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new LookupError(hostname, LOOKUP_REASONS.get(codeOf(error)) ?? error.message);
    }
  },
  connect: (address) => Deno.connect(address),
};

/**
 * Connects, and agrees on encryption where the origin wants it.
 *
 * @throws The signal's reason, or why it is not possible.
 */
export async function openConnection(
  origin: Origin,
  { signal, network, cutter, onStage = () => {} }: OpenOptions,
): Promise<Deno.Conn<Deno.NetAddr>> {
  const connection = await connectAny(origin, { signal, network, onStage });
  const { localAddr, remoteAddr } = connection;
  let open: Deno.TcpConn | Deno.TlsConn = connection;
  let isCut = false;
  const cut = () => {
    if (!isCut) cutter.cut(open, { localAddr, remoteAddr });
    isCut = true;
  };
  signal.addEventListener("abort", cut);
  try {
    signal.throwIfAborted();
    connection.setNoDelay(true);
    if (!origin.isSecure) return open;
    onStage("tls");
    const { hostname } = origin;
    const secured = await Deno.startTls(connection, { hostname, alpnProtocols: ["http/1.1"] });
    open = secured;
    signal.throwIfAborted();
    await secured.handshake();
    return open;
  } catch (error) {
    cut();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", cut);
  }
}

/** Tries the addresses of a name one after the other, each with a head start (RFC 8305). */
async function connectAny(
  { hostname, port }: Origin,
  { signal, network, onStage }: {
    signal: AbortSignal;
    network: Network;
    onStage: (stage: Stage) => void;
  },
): Promise<Deno.TcpConn> {
  onStage("name");
  const addresses = isIP(hostname) === 0
    ? await orAborted(network.resolve(hostname), signal)
    : [hostname];
  // A name without any address has failed before.
  if (addresses.length > 0) onStage("connect");
  const race = new AbortController();
  const lose = () => race.abort(signal.reason);
  signal.addEventListener("abort", lose);
  const failures: unknown[] = [];
  const tries: Promise<Deno.TcpConn | undefined>[] = [];
  const attempt = async (address: string): Promise<Deno.TcpConn | undefined> => {
    try {
      const connection = await network.connect({ hostname: address, port, signal: race.signal });
      if (!race.signal.aborted) {
        race.abort();
        return connection;
      }
      connection.close();
    } catch (error) {
      failures.push(error);
    }
    return undefined;
  };
  try {
    signal.throwIfAborted();
    for (const address of addresses) {
      tries.push(attempt(address));
      const winner = await firstOf(tries, address === addresses.at(-1) ? undefined : HEAD_START_MS);
      if (winner !== undefined) return winner;
      signal.throwIfAborted();
    }
    throw failures[0] ?? new LookupError(hostname);
  } finally {
    signal.removeEventListener("abort", lose);
  }
}

/** The first that is something; `undefined` when the time is over, or when the last one is nothing. */
async function firstOf<T>(
  tries: readonly Promise<T | undefined>[],
  withinMs: number | undefined,
): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<T | undefined>();
  const timer = withinMs === undefined ? undefined : setTimeout(resolve, withinMs);
  for (const trying of tries) void trying.then((value) => value !== undefined && resolve(value));
  void Promise.all(tries).then(() => resolve(undefined));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    signal.throwIfAborted();
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
