/**
 * A webhook, and what its receiver may answer.
 *
 * @module
 */
import type { AttemptResult, ErrorClass } from "../../../../src/dispatcher/verdict.ts";
import type { Webhook } from "../../../../src/registry/schema.ts";

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const YEAR_MS = 365 * 24 * HOUR_MS;

/** In order, one event at a time; retried for an hour. */
export const WEBHOOK: Webhook = {
  name: "ops",
  url: "http://ops.example/",
  wanted: { events: [], volumes: [], fields: [] },
  format: "gluster",
  transport: {},
  headers: {},
  timeoutMs: 1000,
  retryMinMs: 1000,
  retryMaxMs: MINUTE_MS,
  retryForMs: HOUR_MS,
  order: "fifo",
  concurrency: 1,
  batch: 1,
  paused: false,
};

/** An answer. */
export function answerWith(
  status: number,
  { answer = "", ...rest }: { retryAfterMs?: number; answer?: string } = {},
): AttemptResult {
  return { kind: "response", status, answer, durationMs: 1, ...rest };
}

/** No answer. */
export function noAnswer(errorClass: ErrorClass, detail = "no answer"): AttemptResult {
  return { kind: "error", errorClass, detail, durationMs: 1 };
}
