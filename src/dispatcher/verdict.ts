/**
 * What the answer to a request, or its absence, means for the event.
 *
 * @module
 */
import { statusLine } from "../std/http.ts";
import type { ProxyStep } from "./proxies/proxy_error.ts";

/** Why no answer came; `settings` if nothing could be posted because a file of this node is no good. */
export type ErrorClass = "dns" | "refused" | "reset" | "timeout" | "tls" | "network" | "settings";

/**
 * How far a request came: looking the name up, connecting, getting through to the receiver by way
 * of a proxy, agreeing on TLS, or waiting for the answer.
 */
export type Stage = "name" | "connect" | "proxy" | "tls" | "response";

/** How an attempt ended. */
export type AttemptResult =
  | {
    readonly kind: "response";
    readonly status: number;
    /** How long the receiver asks to wait, if it does. */
    readonly retryAfterMs?: number;
    /** Where a redirect leads, as the receiver says it. */
    readonly location?: string;
    /** The proxy that the request was sent to, and that may have answered itself. */
    readonly through?: string;
    /** The beginning of the answer's body. */
    readonly answer: string;
    readonly durationMs: number;
  }
  | {
    readonly kind: "error";
    readonly errorClass: ErrorClass;
    /** Where it failed; absent if the client cannot tell. */
    readonly stage?: Stage;
    /** Where in the stage `proxy`. */
    readonly proxyStep?: ProxyStep;
    readonly detail: string;
    /** What helps, if that is known already. */
    readonly hint?: string;
    readonly durationMs: number;
  };

/**
 * - `delivered`: done.
 * - `retry`: the receiver cannot take it now; try for as long as `retry-for` says.
 * - `rejected`: the receiver does not want it; try a few times only.
 * - `gone`: the receiver wants nothing any more; pause.
 */
export type Verdict = "delivered" | "retry" | "rejected" | "gone";

const RETRIED_STATUSES = new Set([408, 425, 429]);
const GONE = 410;

/** What the result means. Redirects are not followed: they are answers like any other failure. */
export function judge(result: AttemptResult): Verdict {
  if (result.kind === "error") return "retry";
  const { status } = result;
  if (status >= 200 && status <= 299) return "delivered";
  if (status === GONE) return "gone";
  return status >= 500 || RETRIED_STATUSES.has(status) ? "retry" : "rejected";
}

/** Whether the answer only says where to ask instead. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status <= 399;
}

/** The result in a few words, for logs and people. */
export function describeResult(result: AttemptResult): string {
  if (result.kind === "response") {
    const { status, through } = result;
    const isFromProxy = through !== undefined && judge(result) !== "delivered";
    return isFromProxy ? `${statusLine(status)}, through ${through}` : statusLine(status);
  }
  return `${result.errorClass}: ${result.detail}`;
}

/** Nobody means a longer `Retry-After`: it is a mistake, and would look like a dead webhook. */
export const LONGEST_RETRY_AFTER_MS = 30 * 24 * 3_600_000;

/**
 * The time that a `Retry-After` header asks to wait, at most 30 days: seconds or a date (RFC 9110,
 * 10.2.3).
 */
export function parseRetryAfterMs(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d{1,15}$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_RETRY_AFTER_MS);
  // Date.parse takes almost anything; an HTTP date begins with the name of a day. The oldest of the
  // three forms does not say that it is Greenwich time.
  const date = /^[A-Z][a-z]{2} .* \d{4}$/.test(text) ? `${text} GMT` : text;
  const atMs = /^[A-Z][a-z]{2,8},? /.test(date) ? Date.parse(date) : NaN;
  if (Number.isNaN(atMs)) return undefined;
  return Math.min(Math.max(0, atMs - nowMs), LONGEST_RETRY_AFTER_MS);
}
