/**
 * When to try again, and when to give up. Values in, values out: nothing here waits.
 *
 * @module
 */
import type { DeliverySettings } from "../../registry/schema.ts";

/** How often an event that the receiver rejects is tried again. */
export const REJECTED_RETRIES = 5;

/** What a back-off depends on. */
export interface BackOffQuestion {
  /** How many attempts in a row have failed. */
  readonly failures: number;
  readonly settings: Omit<DeliverySettings, "timeoutMs">;
  /** From 0 up to, not including, 1. */
  readonly random: number;
}

/**
 * Exponential back-off with full jitter: a random time up to `retry-min * 2^(failures - 1)`, at
 * most `retry-max`, nor longer than events are retried: the next one has to have its attempt.
 */
export function backOffMs({ failures, settings, random }: BackOffQuestion): number {
  // The exponent is bounded because 2^1024 is no number any more.
  const longestMs = settings.retryMinMs * 2 ** Math.min(failures - 1, 40);
  const { retryMinMs, retryMaxMs, retryForMs } = settings;
  return Math.round(random * Math.min(longestMs, retryMaxMs, Math.max(retryMinMs, retryForMs)));
}

/** What waits behind a failing event, and was never tried itself, is kept at least so long. */
export const UNTRIED_FOR_MS = 3_600_000;

/**
 * How long an event is kept while attempts fail. A short `retry-for` must not cost events that
 * happened to come while another one waited for its retry.
 *
 * @param isTried Whether there was an attempt for the event itself.
 */
export function retryLimitMs(
  { retryForMs }: Pick<DeliverySettings, "retryForMs">,
  isTried: boolean,
): number {
  return isTried ? retryForMs : Math.max(retryForMs, UNTRIED_FOR_MS);
}

/** A timer may be so late. */
const LATE_MS = 50;

/**
 * When a request counts as made: what a timer was late does not move all that follow, or the rate
 * would never be reached. A webhook that was quiet earns nothing.
 */
export function slotOf(
  nowMs: number,
  { lastMs, intervalMs }: { readonly lastMs: number; readonly intervalMs: number },
): number {
  const dueMs = lastMs + intervalMs;
  return nowMs - dueMs < Math.min(intervalMs, LATE_MS) ? dueMs : nowMs;
}
