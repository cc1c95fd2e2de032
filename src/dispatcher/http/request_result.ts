/**
 * What comes of a request, whichever client makes it, and how much of an answer is read.
 *
 * @module
 */
import { HintedError } from "../../std/hinted_error.ts";
import { classifyError } from "./error_class.ts";
import { ProxyError } from "../proxies/proxy_error.ts";
import type { RequestLimit } from "./request_limits.ts";
import { type AttemptResult, parseRetryAfterMs, type Stage } from "../verdict.ts";

/** What is read of an answer's body, so that the connection can be used again. */
export const MOST_OF_A_BODY = 65_536;
/** What is kept of it, in bytes: more than is shown, since secrets are cut out of it. */
export const KEPT_OF_A_BODY = 1024;
/** The status has come by then and counts; a body that drips must not hold up the next event. */
export const LONGEST_BODY_MS = 1000;
/** Before common servers close it, after 5 s: a request that meets the closing one fails. */
export const LONGEST_IDLE_MS = 4000;

/** The kept pieces of a body as text. */
export function toAnswer(pieces: readonly Uint8Array[]): string {
  const utf8 = new TextDecoder();
  return pieces.map((bytes) => utf8.decode(bytes, { stream: true })).join("");
}

/** An answer came. */
export function answered(
  { status, retryAfter, location, answer, startedMs }: {
    readonly status: number;
    /** The header, if there is one. */
    readonly retryAfter: string | null;
    /** The header of a redirect, if there is one. */
    readonly location: string | null;
    readonly answer: string;
    /** By `performance.now`. */
    readonly startedMs: number;
  },
): AttemptResult {
  const retryAfterMs = parseRetryAfterMs(retryAfter, Date.now());
  return {
    kind: "response",
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(location === null ? {} : { location }),
    answer,
    durationMs: performance.now() - startedMs,
  };
}

/** What a request was waiting for when its time was over. */
const AWAITED: Readonly<Record<Stage, string>> = {
  name: "no address for the name",
  connect: "no connection",
  proxy: "no answer of the proxy",
  tls: "no agreement on TLS",
  response: "no answer",
};

/** None came. @throws What is no error. */
export function failed(
  error: unknown,
  { limit, timeoutMs, startedMs }: {
    readonly limit: RequestLimit;
    readonly timeoutMs: number;
    readonly startedMs: number;
  },
): AttemptResult {
  const durationMs = performance.now() - startedMs;
  const stage = limit.stage === undefined ? {} : { stage: limit.stage };
  if (limit.isOver) {
    const proxy = limit.stage === "proxy" ? limit.proxy : undefined;
    const missing = proxy?.missing ?? AWAITED[limit.stage ?? "response"];
    const step = proxy === undefined ? {} : { proxyStep: proxy.step };
    const detail = `${missing} within ${timeoutMs} ms`;
    return { kind: "error", errorClass: "timeout", ...stage, ...step, detail, durationMs };
  }
  if (error instanceof ProxyError) {
    const { errorClass, step: proxyStep, message: detail } = error;
    return { kind: "error", errorClass, stage: "proxy", proxyStep, detail, durationMs };
  }
  if (!(error instanceof Error)) throw error;
  const { errorClass, detail } = classifyError(error);
  // In TLS 1.3 the receiver says what it does not like when the client takes it for agreed.
  const late = errorClass === "tls" && limit.stage === "response" ? { stage: "tls" as const } : {};
  const hint = error instanceof HintedError ? { hint: error.hint } : {};
  return { kind: "error", errorClass, ...stage, ...late, detail, ...hint, durationMs };
}
