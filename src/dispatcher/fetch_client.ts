/**
 * Posts events with `fetch`, which knows proxies.
 *
 * @module
 */
import type { DeliveryRequest } from "./delivery_request.ts";
import { classifyError } from "./error_class.ts";
import { type AttemptResult, parseRetryAfterMs } from "./verdict.ts";
import type { PostOptions, WebhookClient } from "./webhook_client.ts";

// What is read of an answer's body, so that the connection can be used again.
const MOST_OF_A_BODY = 65_536;
// The status has come by then and counts; a body that drips must not hold up the next event.
const LONGEST_BODY_MS = 1000;
/** What is kept of it, in bytes: more than is shown, since secrets are cut out of it. */
const KEPT_OF_A_BODY = 1024;
/** No lane has more requests under way. */
const MOST_IDLE = 64;

/** A client on Deno's `fetch`, with a connection pool of its own. */
export function createFetchClient(): WebhookClient {
  // HTTP/1.1 only: every receiver speaks it. An idle connection goes before common servers close it
  // (after 5 s), since a request that meets the closing one fails.
  const client = Deno.createHttpClient({
    poolMaxIdlePerHost: MOST_IDLE,
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
  let timer = setTimeout(() => {
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
    clearTimeout(timer);
    timer = setTimeout(() => ending.abort(), LONGEST_BODY_MS);
    const answer = await readBeginning(response);
    const retryAfterMs = parseRetryAfterMs(response.headers.get("retry-after"), Date.now());
    return {
      kind: "response",
      status: response.status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      answer,
      durationMs: performance.now() - startedMs,
    };
  } catch (error) {
    signal.throwIfAborted();
    const durationMs = performance.now() - startedMs;
    if (isTimeout) {
      const detail = `no answer within ${timeoutMs} ms`;
      return { kind: "error", errorClass: "timeout", detail, durationMs };
    }
    if (!(error instanceof Error)) throw error;
    return { kind: "error", ...classifyError(withoutUrl(error)), durationMs };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** The beginning of a body as text; reads a short one to its end and drops a long one. */
async function readBeginning(response: Response): Promise<string> {
  const kept: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      if (size < KEPT_OF_A_BODY) kept.push(chunk.slice(0, KEPT_OF_A_BODY - size));
      size += chunk.length;
      if (size > MOST_OF_A_BODY) break;
    }
  } catch (error) {
    // The status has come; how the body ends does not change what it means.
    if (!(error instanceof Error)) throw error;
  }
  const decoder = new TextDecoder();
  return kept.map((bytes) => decoder.decode(bytes, { stream: true })).join("");
}

/** What went wrong, without what stands before it: that repeats the URL, which may hold a password. */
function withoutUrl({ message }: Error): Error {
  const [, detail = "the request failed"] = /client error \(\w+\): ([\s\S]*)$/.exec(message) ?? [];
  return new Error(detail);
}
