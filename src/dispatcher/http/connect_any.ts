/**
 * Connects to one of the addresses of a name.
 *
 * @module
 */
import { isIP } from "node:net";
import type { Origin } from "./http_request.ts";
import type { Stage } from "../verdict.ts";

/** The head start of an address before the next one is tried too (RFC 8305, 5). */
const HEAD_START_MS = 250;

const NO_ADDRESS = "there is none";

/** A name has no address, or that cannot be found out. */
export class LookupError extends Error {
  override readonly name = "LookupError";

  constructor(hostname: string, reason: string = NO_ADDRESS) {
    super(`failed to look up the address of ${hostname}: ${reason}`);
  }
}

/** Where one connection goes, and what ends the attempt. */
export interface ConnectTarget {
  /** An address. */
  readonly hostname: string;
  readonly port: number;
  readonly signal: AbortSignal;
}

/** How connections of a kind are made. */
export interface ConnectOptions<T> {
  readonly signal: AbortSignal;
  /** All addresses of a name, the preferred ones first. */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
  readonly connect: (target: ConnectTarget) => Promise<T>;
  /** Closes one that came too late. */
  readonly close: (connection: T) => void;
  /** Told what is waited for next. */
  readonly onStage: (stage: Stage) => void;
}

/**
 * Tries the addresses of a name one after the other, each with a head start (RFC 8305).
 *
 * @throws The signal's reason, or why the first address cannot be reached.
 */
export async function connectAny<T>(
  { hostname, port }: Pick<Origin, "hostname" | "port">,
  { signal, resolve, connect, close, onStage }: ConnectOptions<T>,
): Promise<T> {
  onStage("name");
  const addresses = isIP(hostname) === 0 ? await orAborted(resolve(hostname), signal) : [hostname];
  // A name without any address has failed before.
  if (addresses.length > 0) onStage("connect");
  const race = new AbortController();
  const lose = () => race.abort(signal.reason);
  signal.addEventListener("abort", lose);
  const failures: unknown[] = [];
  const tries: Promise<T | undefined>[] = [];
  const attempt = async (address: string): Promise<T | undefined> => {
    try {
      const connection = await connect({ hostname: address, port, signal: race.signal });
      if (!race.signal.aborted) {
        race.abort();
        return connection;
      }
      close(connection);
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

/** What the work brings, unless the signal comes first. @throws The signal's reason. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
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
