/**
 * When to try again, and when to give up. Values in, values out: nothing here waits.
 *
 * @module
 */
import type { DeliverySettings } from "../registry/schema.ts";
import type { Verdict } from "./verdict.ts";

/** How often an event that the receiver rejects is tried again. */
export const REJECTED_RETRIES = 5;

/** What the policy decides by. */
export interface RetryQuestion {
  readonly verdict: Exclude<Verdict, "delivered">;
  /** How many attempts were made, this one included. */
  readonly attempts: number;
  /** How long ago the event was received. */
  readonly ageMs: number;
  readonly retryAfterMs?: number;
  readonly settings: DeliverySettings;
  /** From 0 up to, not including, 1. */
  readonly random: number;
}

/** What to do about a failed attempt. */
export type RetryDecision = { readonly retryInMs: number } | { readonly giveUp: string };

/**
 * Exponential back-off with full jitter: a random time up to `retry-min * 2^(attempts - 1)`, at
 * most `retry-max`, but never less than the receiver asks for, as far as `retry-for` allows.
 */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { verdict, attempts, ageMs, retryAfterMs = 0, settings, random } = question;
  if (verdict === "rejected" && attempts > REJECTED_RETRIES) {
    return { giveUp: `rejected ${attempts} times` };
  }
  if (ageMs >= settings.retryForMs) {
    return { giveUp: `older than retry-for after ${attempts} attempts` };
  }
  // A receiver that asks for a year must not hold the lane beyond what the event is worth.
  const askedMs = Math.min(retryAfterMs, settings.retryForMs - ageMs);
  // The exponent is bounded because 2^1024 is no number any more.
  const backOffMs = settings.retryMinMs * 2 ** Math.min(attempts - 1, 40);
  const jitteredMs = Math.round(random * Math.min(backOffMs, settings.retryMaxMs));
  return { retryInMs: Math.max(jitteredMs, askedMs) };
}
