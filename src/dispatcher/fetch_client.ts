/**
 * Posts events with `fetch`, which knows proxies.
 *
 * @module
 */
import type { DeliveryRequest } from "./delivery_request.ts";
import { classifyError } from "./error_class.ts";
import { RequestLimits } from "./request_limits.ts";
import {
  answered,
  failed,
  KEPT_OF_A_BODY,
  LONGEST_BODY_MS,
  LONGEST_IDLE_MS,
  MOST_OF_A_BODY,
  toAnswer,
} from "./request_result.ts";
import { type AttemptResult, isRedirect, type Stage } from "./verdict.ts";
import type { PostOptions, WebhookClient } from "./webhook_client.ts";

/** No lane has more requests under way. */
const MOST_IDLE = 64;

/** A client on Deno's `fetch`, with a connection pool of its own. */
export function createFetchClient(): WebhookClient {
  // HTTP/1.1 only: every receiver speaks it.
  const client = Deno.createHttpClient({
    poolMaxIdlePerHost: MOST_IDLE,
    poolIdleTimeout: LONGEST_IDLE_MS,
    http2: false,
  });
  const limits = new RequestLimits();
  return {
    post: (request, options) => post(request, { ...options, client, limits }),
    [Symbol.dispose]: () => {
      limits[Symbol.dispose]();
      client.close();
    },
  };
}

async function post(
  { url, headers, body }: DeliveryRequest,
  { timeoutMs, signal, client, limits }: PostOptions & {
    readonly client: Deno.HttpClient;
    readonly limits: RequestLimits;
  },
): Promise<AttemptResult> {
  const startedMs = performance.now();
  using limit = limits.begin(timeoutMs, signal);
  const ending = new AbortController();
  limit.onCut = () => ending.abort();
  try {
    signal.throwIfAborted();
    const response = await fetch(url, {
      method: "POST",
      headers,
      // An empty text would bring a content type with it.
      body: body === "" ? null : body,
      client,
      redirect: "manual",
      signal: ending.signal,
    });
    limit.restart(LONGEST_BODY_MS);
    const answer = await readBeginning(response);
    const { status } = response;
    const retryAfter = response.headers.get("retry-after");
    const location = isRedirect(status) ? response.headers.get("location") : null;
    return answered({ status, retryAfter, location, answer, startedMs });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    const { reason, stage } = readFailure(error);
    limit.stage = stage;
    return failed(reason, { limit, timeoutMs, startedMs });
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
  return toAnswer(kept);
}

/** What went wrong, without what stands before it: that repeats the URL, which may hold a password. */
function readFailure({ message }: Error): { reason: Error; stage: Stage | undefined } {
  const [, kind, detail = "the request failed"] =
    /client error \((\w+)\): ([\s\S]*)$/.exec(message) ?? [];
  const reason = new Error(detail);
  if (kind === "SendRequest") return { reason, stage: "response" };
  if (kind !== "Connect") return { reason, stage: undefined };
  const { errorClass } = classifyError(reason);
  // It may be the proxy that it could not connect to, or that does not connect it.
  return {
    reason,
    stage: errorClass === "dns" ? "name" : errorClass === "tls" ? "tls" : "connect",
  };
}
