/**
 * What is kept of a request.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import type { Attempt, SpooledEvent } from "../spool/spool_types.ts";
import { type AttemptResult, describeResult } from "./verdict.ts";

const LONGEST_ANSWER = 256;

/** A request that was made. */
export interface Posted {
  readonly webhook: Webhook;
  readonly events: readonly SpooledEvent[];
  /** When it began, in milliseconds since 1970. */
  readonly atMs: number;
}

/** What became of its events. */
export type Consequence = Pick<Attempt, "outcome" | "nextMs">;

/** The record of a request that had a result. */
export function recordAttempt(
  posted: Posted,
  result: AttemptResult,
  consequence: Consequence,
): Attempt {
  return {
    ...describePosted(posted),
    ...(result.kind === "response" ? { status: result.status } : { error: result.errorClass }),
    result: describeResult(result),
    durationMs: result.durationMs,
    answer: result.kind === "error" ? "" : beginningOf(result.answer),
    ...consequence,
  };
}

/** The record of a request that was cut off: the receiver may have it, and gets it again. */
export function recordCutOff(posted: Posted, durationMs: number): Attempt {
  return {
    ...describePosted(posted),
    error: "aborted",
    result: "aborted: the lane was stopped before the answer came",
    durationMs,
    answer: "",
    outcome: "retry",
  };
}

/** What is kept and shown of what a receiver says. */
export function beginningOf(answer: string): string {
  return answer.slice(0, LONGEST_ANSWER);
}

/** Each once. */
function namesOf(events: readonly SpooledEvent[]): readonly string[] {
  const names = events.map(({ event }) => event);
  return names.length < 2 ? names : [...new Set(names)];
}

function describePosted({ webhook, events, atMs }: Posted) {
  return {
    atMs,
    webhook: webhook.name,
    ids: events.map(({ id }) => id),
    events: namesOf(events),
  };
}
