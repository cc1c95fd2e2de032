/**
 * Posts events with an HTTP/1.1 client of its own: a `fetch` costs several times what the socket
 * does, posts twice when a receiver closes without an answer, and does not say so.
 *
 * @module
 */
import type { Transport } from "../../registry/schema.ts";
import { ConnectionCutter } from "./connection_cutter.ts";
import type { DeliveryRequest } from "../delivery_request.ts";
import { tellForwarder } from "../proxies/forwarded_result.ts";
import { HttpConnection } from "./http_connection.ts";
import type { Head } from "./http_head.ts";
import { type Target, targetOf } from "./http_request.ts";
import type { ResponseReader } from "./http_response.ts";
import { type Network, openConnection, type Security, systemNetwork } from "./open_connection.ts";
import { chooseProxy, type Environment, isForwarding } from "../proxies/proxy.ts";
import { throughProxy } from "../proxies/proxy_network.ts";
import { type RequestLimit, RequestLimits } from "./request_limits.ts";
import { answered, failed, LONGEST_BODY_MS, LONGEST_IDLE_MS } from "./request_result.ts";
import { ServerPin } from "../tls/server_pin.ts";
import { type TlsMaterial, TlsMaterialStore } from "../tls/tls_material.ts";
import { type AttemptResult, isRedirect, type Stage } from "../verdict.ts";
import type { PostOptions, WebhookClient } from "./webhook_client.ts";

/** A connection that waits for the next request. */
interface Idle {
  readonly connection: HttpConnection;
  readonly sinceMs: number;
}

/** One request is one attempt: nothing is sent twice, and no redirect is followed. */
export class SocketClient implements WebhookClient {
  readonly #network: Network;
  readonly #environment: Environment;
  readonly #limits = new RequestLimits();
  readonly #cutter = new ConnectionCutter();
  #idle: Idle[] = [];
  readonly #materials = new TlsMaterialStore();
  #material: TlsMaterial | undefined;
  #security: Security = {};
  #url = "";
  /** The webhook's `proxy`. */
  #proxy: string | undefined;
  #target: Target | undefined;
  #sweep: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;

  /** @param environment Names the proxies of webhooks that name none; without it there are none. */
  constructor(network: Network = systemNetwork, environment: Environment = () => undefined) {
    this.#network = network;
    this.#environment = environment;
  }

  async post(
    request: DeliveryRequest,
    { timeoutMs, signal, transport = {} }: PostOptions,
  ): Promise<AttemptResult> {
    const startedMs = performance.now();
    using limit = this.#limits.begin(timeoutMs, signal);
    let connection: HttpConnection | undefined;
    let target: Target | undefined;
    try {
      signal.throwIfAborted();
      target = this.#targetOf(request.url, transport);
      // What its files hold is found out before anything is asked of the network.
      if (target.origin.isSecure) this.#secure(transport);
      const security = this.#security;
      connection = this.#takeIdle() ?? await this.#open(target, limit);
      const taken = connection;
      limit.onCut = () => taken.cut();
      limit.stage = "response";
      const reader = await connection.exchange(target, request);
      if (!reader.isDone) {
        limit.restart(LONGEST_BODY_MS);
        await connection.finish(reader);
      }
      if (target === this.#target && security === this.#security) {
        this.#giveBack(connection, reader);
      } else connection.close();
      const { head, answer } = reader;
      const { status = 0 } = head ?? {};
      const retryAfter = head?.get("retry-after") ?? null;
      const location = isRedirect(status) ? head?.get("location") ?? null : null;
      return tell(answered({ status, retryAfter, location, answer, startedMs }), target, head);
    } catch (error) {
      connection?.close();
      signal.throwIfAborted();
      return tell(failed(error, { limit, timeoutMs, startedMs }), target);
    }
  }

  /** Comes after the last request. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#limits[Symbol.dispose]();
    this.#closeIdle();
    this.#cutter[Symbol.dispose]();
  }

  /** Connections to another receiver are of no use: a client serves one webhook. */
  #targetOf(url: string, { proxy }: Transport): Target {
    if (url === this.#url && proxy === this.#proxy && this.#target !== undefined) {
      return this.#target;
    }
    this.#closeIdle();
    this.#target = targetOf(url, chooseProxy(url, proxy, this.#environment));
    this.#url = url;
    this.#proxy = proxy;
    return this.#target;
  }

  /**
   * Takes over how the receiver is known. Connections that were made otherwise are of no use: who
   * renews a certificate, or trusts one no more, means the next request.
   *
   * @throws {TlsMaterialError} If a file cannot be used.
   */
  #secure(transport: Transport): void {
    const material = this.#materials.load(transport);
    const { serverPin } = transport;
    if (material === this.#material && serverPin === this.#security.pin?.sha256) return;
    this.#closeIdle();
    this.#material = material;
    this.#security = {
      ...material,
      ...(serverPin === undefined ? {} : { pin: new ServerPin(serverPin) }),
    };
  }

  #takeIdle(): HttpConnection | undefined {
    const oldestMs = performance.now() - LONGEST_IDLE_MS;
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.connection.isClosed && idle.sinceMs > oldestMs) return idle.connection;
      idle.connection.close();
    }
    return undefined;
  }

  async #open({ origin, proxy }: Target, limit: RequestLimit): Promise<HttpConnection> {
    const cut = new AbortController();
    limit.onCut = () => cut.abort();
    const [network, cutter, security] = [this.#network, this.#cutter, this.#security];
    const options = {
      signal: cut.signal,
      network: proxy === undefined ? network : throughProxy(proxy, {
        network,
        cutter,
        caCerts: security.caCerts ?? [],
        isForwarding: isForwarding(proxy, origin.isSecure),
        onWait: (step, missing) => {
          limit.stage = "proxy";
          limit.proxy = { step, missing };
        },
      }),
      cutter,
      security,
      onStage: (stage: Stage) => {
        limit.stage = stage;
      },
    };
    return new HttpConnection(await openConnection(origin, options), this.#cutter);
  }

  #giveBack(connection: HttpConnection, reader: ResponseReader): void {
    const forget = () => {
      this.#idle = this.#idle.filter((idle) => idle.connection !== connection);
    };
    if (this.#isDisposed) connection.close();
    else if (connection.keep(reader, forget)) {
      this.#idle.push({ connection, sinceMs: performance.now() });
      this.#sweep ??= setTimeout(() => this.#closeOld(), LONGEST_IDLE_MS);
    }
  }

  /** The one that waits longest is the first, since the last one is taken. */
  #closeOld(): void {
    const oldestMs = performance.now() - LONGEST_IDLE_MS;
    const old = this.#idle.filter(({ sinceMs }) => sinceMs <= oldestMs);
    this.#idle = this.#idle.filter(({ sinceMs }) => sinceMs > oldestMs);
    for (const { connection } of old) connection.close();
    const [next] = this.#idle;
    this.#sweep = next === undefined
      ? undefined
      : setTimeout(() => this.#closeOld(), next.sinceMs - oldestMs);
  }

  #closeIdle(): void {
    clearTimeout(this.#sweep);
    this.#sweep = undefined;
    for (const { connection } of this.#idle) connection.close();
    this.#idle = [];
  }
}

/** The result, which names what forwards requests, if something does. */
function tell(result: AttemptResult, target: Target | undefined, head?: Head): AttemptResult {
  if (target?.proxy === undefined) return result;
  const { proxy, origin } = target;
  if (!isForwarding(proxy, origin.isSecure)) return result;
  return tellForwarder(result, { proxy, destination: origin, head });
}
