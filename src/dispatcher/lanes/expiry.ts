/**
 * Which deliveries were retried for as long as `retry-for` says.
 *
 * @module
 */
import { formatDuration } from "../../registry/duration.ts";
import type { DeliverySettings } from "../../registry/schema.ts";
import type { Delivery } from "./delivery.ts";
import type { Outage } from "./lane_health.ts";
import { retryLimitMs } from "./retry_policy.ts";

/** What decides. */
export interface ExpiryQuestion {
  /** By the steady clock. */
  readonly nowMs: number;
  /** The same in milliseconds since 1970. */
  readonly wallMs: number;
  /** Set while attempts fail: then that counts for what waits behind them too. */
  readonly outage: Outage | undefined;
  readonly settings: Pick<DeliverySettings, "retryForMs">;
}

/** How much longer a delivery is kept; `undefined` if for ever. 0 or less means no longer. */
export function leftMs(delivery: Delivery, question: ExpiryQuestion): number | undefined {
  const { nowMs, wallMs, outage, settings } = question;
  const { source, failedSinceMs = Infinity, lastFailure, event: { receivedMs } } = delivery;
  const sinceMs = Math.min(failedSinceMs, outage?.countedFromMs ?? Infinity);
  if (sinceMs === Infinity) return undefined;
  // However old it is, it says something new.
  if (source.kind === "gap" && lastFailure === undefined) return undefined;
  delivery.waitsSinceMs ??= nowMs;
  // What is replayed was old before; a clock that is set back keeps nothing young.
  const knownMs = source.kind === "replay" ? 0 : wallMs - receivedMs;
  const ageMs = Math.max(knownMs, nowMs - delivery.waitsSinceMs);
  return retryLimitMs(settings, lastFailure !== undefined) - Math.min(ageMs, nowMs - sinceMs);
}

/** Why a delivery is given up then. */
export function describeExpiry(
  { lastFailure, failures, rejections }: Delivery,
  { outage, settings }: Pick<ExpiryQuestion, "outage" | "settings">,
): string {
  const limitMs = retryLimitMs(settings, lastFailure !== undefined);
  const limit = limitMs === settings.retryForMs
    ? `retry-for (${formatDuration(limitMs)})`
    : formatDuration(limitMs);
  const attempts = failures + rejections;
  if (lastFailure === undefined) {
    return `${outage?.reason}, waited behind others for longer than ${limit}`;
  }
  const count = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  return `${lastFailure}, not delivered within ${limit}, ${count}`;
}
