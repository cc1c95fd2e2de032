/**
 * Which certificates of webhooks expire soon, in words.
 *
 * @module
 */
import type { WebhookStatus } from "../api/status_report.ts";

const DAY_MS = 86_400_000;
const WARN_MS = 30 * DAY_MS;

const CERTIFICATES = [
  ["certificate_expires_at", "the receiver's certificate", "expires", "has"],
  ["client_certificate_expires_at", "the certificate in cert-file", "expires", "has"],
  ["ca_expires_at", "the certificates in ca-file", "expire", "have"],
] as const;

/** Lines on the certificates that expire within 30 days, or have. */
export function renderExpiry(webhook: WebhookStatus, nowMs: number): string[] {
  return CERTIFICATES.flatMap(([key, label, expire, have]) => {
    // A daemon of an older version does not tell.
    const time = webhook[key] ?? null;
    const leftMs = time === null ? Infinity : Date.parse(time) - nowMs;
    if (time === null || leftMs > WARN_MS) return [];
    const day = time.slice(0, "2026-12-08".length);
    if (leftMs <= 0) return [`${webhook.name}: ${label} ${have} expired (${day})`];
    const days = Math.floor(leftMs / DAY_MS);
    const left = days === 0 ? "within a day" : days === 1 ? "in 1 day" : `in ${days} days`;
    return [`${webhook.name}: ${label} ${expire} ${left} (${day})`];
  });
}
