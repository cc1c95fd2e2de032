/**
 * Posts events over kept-alive connections.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import { type AttemptResult, type ErrorClass, parseRetryAfterMs } from "./verdict.ts";

/** One request to a webhook. */
export interface DeliveryRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How long a request may take, and what ends it sooner. */
export interface PostOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Posts requests, reusing connections. */
export interface WebhookClient extends Disposable {
  /**
   * Posts and waits for the answer.
   *
   * @throws The signal's reason if that ended it; every other failure is a result.
   */
  post(request: DeliveryRequest, options: PostOptions): Promise<AttemptResult>;
}

const MOST_OF_A_RESPONSE = 65_536;

/** The request that carries an event to a webhook. */
export function buildRequest(
  webhook: Webhook,
  event: { readonly id: string; readonly payload: string },
  userAgent: string,
): DeliveryRequest {
  const authorization = webhook.bearerToken === undefined
    ? {}
    : { "authorization": `Bearer ${webhook.bearerToken}` };
  return {
    url: webhook.url,
    headers: {
      ...webhook.headers,
      "content-type": "application/json",
      "user-agent": userAgent,
      "webhook-id": event.id,
      ...authorization,
    },
    body: event.payload,
  };
}

/** A client on Deno's `fetch`, with a connection pool of its own. */
export function createFetchClient(): WebhookClient {
  // HTTP/1.1 only: one request at a time is in flight, and every receiver speaks it.
  // An idle connection goes before common servers close it (after 5 s), since a request that meets
  // the closing one fails.
  const client = Deno.createHttpClient({
    poolMaxIdlePerHost: 1,
    poolIdleTimeout: 4000,
    http2: false,
  });
  return {
    post: (request, options) => post(client, request, options),
    [Symbol.dispose]: () => client.close(),
  };
}

async function post(
  client: Deno.HttpClient,
  { url, headers, body }: DeliveryRequest,
  { timeoutMs, signal }: PostOptions,
): Promise<AttemptResult> {
  const startedMs = performance.now();
  const ending = new AbortController();
  let isTimeout = false;
  const timer = setTimeout(() => {
    isTimeout = true;
    ending.abort();
  }, timeoutMs);
  // A listener that is removed again, since AbortSignal.any would add to the lasting signal's
  // dependents with every request.
  const onAbort = () => ending.abort();
  signal.addEventListener("abort", onAbort);
  try {
    signal.throwIfAborted();
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      client,
      redirect: "manual",
      signal: ending.signal,
    });
    await finishBody(response);
    const retryAfterMs = parseRetryAfterMs(response.headers.get("retry-after"), Date.now());
    return {
      kind: "response",
      status: response.status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      durationMs: performance.now() - startedMs,
    };
  } catch (error) {
    signal.throwIfAborted();
    const durationMs = performance.now() - startedMs;
    if (isTimeout) {
      const detail = `no complete answer within ${timeoutMs} ms`;
      return { kind: "error", errorClass: "timeout", detail, durationMs };
    }
    if (!(error instanceof Error)) throw error;
    return { kind: "error", ...classifyError(error.message), durationMs };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Reads a short body to its end, so that the connection can be used again; drops a long one. */
async function finishBody(response: Response): Promise<void> {
  if (response.body === null) return;
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > MOST_OF_A_RESPONSE) break;
  }
}

const CLASSES: readonly (readonly [RegExp, ErrorClass])[] = [
  [/dns error/i, "dns"],
  [/connection refused/i, "refused"],
  [/certificate|tls|corrupt message|handshake/i, "tls"],
  [/reset|closed before|broken pipe|unexpected (eof|end)/i, "reset"],
  [/timed out/i, "timeout"],
];

/** The class of a failure, from the text that Deno's HTTP client gives it. */
export function classifyError(message: string): { errorClass: ErrorClass; detail: string } {
  // What stands before it repeats the URL, which may hold a password.
  const [, detail = "the request failed"] = /client error \(\w+\): ([\s\S]*)$/.exec(message) ?? [];
  const [, errorClass] = CLASSES.find(([pattern]) => pattern.test(detail)) ?? [];
  return { errorClass: errorClass ?? "network", detail };
}
