/**
 * Sends requests on to another receiver, which has to be on this machine or be allowed by name: a
 * receiver that sends on what anybody posts must not reach into the network behind it.
 *
 * @module
 */
import { type Network, systemNetwork } from "../dispatcher/http/open_connection.ts";
import { SocketClient } from "../dispatcher/http/socket_client.ts";
import { describeResult } from "../dispatcher/verdict.ts";
import { isLoopback } from "../registry/api_rules.ts";
import { withoutBrackets } from "../std/host_port.ts";
import { HintedError } from "../std/hinted_error.ts";
import type { HookForward } from "./hook_report.ts";

/** Requests cannot be sent on like this. */
export class ForwardError extends HintedError {
  override readonly name = "ForwardError";
}

/** Where requests are sent on to. */
export interface ForwardOptions {
  readonly url: string;
  /** Hosts that may be elsewhere; all others have to be on this machine's loopback. */
  readonly allowed: readonly string[];
  /** Not guessable: by it a request is known that comes back. */
  readonly id: string;
  readonly network?: Network;
}

/** A request as it is sent on. */
export interface ForwardedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const TIMEOUT_MS = 10_000;
/** How many are under way at the same time, and how many wait. */
const MOST_OPEN = 16;
const MOST_WAITING = 100;
/** The bodies of all of them together. */
const MOST_BYTES = 32 * 1024 * 1024;
/** What concerns one connection only (RFC 9110, 7.6.1), or is written anew. */
const NOT_SENT_ON = new Set(
  ("connection content-length expect host keep-alive proxy-authenticate proxy-authorization " +
    "proxy-connection te trailer transfer-encoding upgrade via").split(" "),
);

/** Sends requests on, a few at a time. */
export class Forwarder implements Disposable {
  readonly #options: ForwardOptions;
  readonly #client: SocketClient;
  readonly #ending = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #open = 0;
  #bytes = 0;

  /** @throws {ForwardError} If the URL is none that may be sent on to. */
  constructor(options: ForwardOptions) {
    checkTarget(options);
    this.#options = options;
    const network = options.network ?? systemNetwork;
    this.#client = new SocketClient(guarded(network, options.allowed));
  }

  /**
   * Sends a request on.
   *
   * @returns What became of it; `undefined` if the test hook ended meanwhile.
   */
  async send({ headers, body }: ForwardedRequest): Promise<HookForward | undefined> {
    const { url, id } = this.#options;
    const refused = (error: string): HookForward => ({ url, status: null, error });
    if ((headers["via"] ?? "").includes(id)) {
      return refused("not sent on: it has been here already");
    }
    const text = toText(body);
    if (text === undefined) return refused("not sent on: its body is no UTF-8");
    if (this.#waiting.length >= MOST_WAITING || this.#bytes + body.length > MOST_BYTES) {
      return refused(`not sent on: ${this.#open + this.#waiting.length} others are not yet`);
    }
    this.#bytes += body.length;
    if (this.#open < MOST_OPEN) this.#open++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      const { signal } = this.#ending;
      if (signal.aborted) return undefined;
      const request = { url, headers: this.#headersFor(headers), body: text };
      const result = await this.#client.post(request, { timeoutMs: TIMEOUT_MS, signal });
      return result.kind === "response"
        ? { url, status: result.status, error: null }
        : refused(describeResult(result));
    } catch (error) {
      if (this.#ending.signal.aborted) return undefined;
      throw error;
    } finally {
      this.#bytes -= body.length;
      const next = this.#waiting.shift();
      if (next === undefined) this.#open--;
      else next();
    }
  }

  [Symbol.dispose](): void {
    this.#ending.abort();
    for (const wake of this.#waiting.splice(0)) wake();
    this.#client[Symbol.dispose]();
  }

  #headersFor(headers: ForwardedRequest["headers"]): Record<string, string> {
    const named = (headers["connection"] ?? "").toLowerCase().split(",").map((name) => name.trim());
    const kept = Object.entries(headers)
      .filter(([name]) => !NOT_SENT_ON.has(name) && !named.includes(name));
    const via = [headers["via"], `1.1 ${this.#options.id}`].filter((each) => each !== undefined);
    return { ...Object.fromEntries(kept), via: via.join(", ") };
  }
}

function checkTarget({ url, allowed }: ForwardOptions): void {
  const target = URL.parse(url);
  if (target === null || !/^https?:$/.test(target.protocol)) {
    throw new ForwardError(
      `Cannot send requests on to "${url}": it is no URL of HTTP`,
      "give one such as http://localhost:8080/hook",
    );
  }
  const { hostname, username, password } = target;
  if (username + password !== "") {
    throw new ForwardError(
      "Cannot send requests on to a URL with a user or a password in it",
      "requests are sent on with their own Authorization header",
    );
  }
  const host = withoutBrackets(hostname);
  if (isLoopback(host) || isAllowed(host, allowed)) return;
  throw new ForwardError(
    `Cannot send requests on to ${host}: it is not this machine`,
    `if that is what you want: --forward-allow ${host}`,
  );
}

function isAllowed(host: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => withoutBrackets(each).toLowerCase() === host.toLowerCase());
}

/**
 * Connects only where it may: what counts is the address that a name leads to when the connection
 * is made. An allowed name is believed.
 */
function guarded(network: Network, allowed: readonly string[]): Network {
  return {
    ...network,
    resolve: async (hostname) => {
      const addresses = await network.resolve(hostname);
      if (isAllowed(hostname, allowed)) return addresses;
      const own = addresses.filter(isLoopback);
      if (own.length > 0) return own;
      throw new Error(`not sent on: ${hostname} leads to ${addresses.join(", ")}, not to loopback`);
    },
  };
}

/** `undefined` if the bytes are none; a text that is sent again is the same bytes. */
function toText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
