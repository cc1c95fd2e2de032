/**
 * Deliveries that went in one request which failed.
 *
 * @module
 */
import type { Delivery } from "./delivery.ts";
import { REJECTED_RETRIES } from "./retry_policy.ts";

/** Takes note of the failure. @returns How often the one that fared worst has failed by now. */
export function countFailure(
  deliveries: readonly Delivery[],
  failure: { readonly reason: string; readonly endedMs: number; readonly isRejected: boolean },
): number {
  const { reason, endedMs, isRejected } = failure;
  return Math.max(...deliveries.map((delivery) => {
    delivery.failedSinceMs ??= endedMs;
    delivery.lastFailure = reason;
    return isRejected ? ++delivery.rejections : ++delivery.failures;
  }));
}

/** None is tried again before a time, by the steady clock. */
export function postpone(deliveries: readonly Delivery[], untilMs: number): void {
  for (const delivery of deliveries) delivery.notBeforeMs = untilMs;
}

/** Each goes alone from now on, since one of them may be what is rejected. */
export function separate(deliveries: readonly Delivery[]): void {
  for (const delivery of deliveries) {
    delivery.group = undefined;
    delivery.isAlone = true;
    if (deliveries.length > 1) delivery.rejections = 0;
  }
}

/** Those that the receiver has rejected once too often. */
export function rejectedForGood(deliveries: readonly Delivery[]): Delivery[] {
  return deliveries.filter(({ rejections }) => rejections > REJECTED_RETRIES);
}
