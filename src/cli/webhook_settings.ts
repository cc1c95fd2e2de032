/**
 * The settings of a webhook as they are shown.
 *
 * @module
 */
import { formatTime } from "../api/rfc3339.ts";
import { formatDuration } from "../registry/duration.ts";
import { formatRate } from "../registry/rate.ts";
import type { DeliverySettings, Webhook } from "../registry/schema.ts";
import { maskUrl } from "../registry/webhook_url.ts";
import { makeWebhook } from "./webhook_trial.ts";

/** What a setting is, by its key; `null` where it is not set. */
export type ShownSettings = Readonly<Record<string, unknown>>;

/** The settings in force; of secrets only that they are set. */
export function describeSettings(webhook: Webhook): ShownSettings {
  const { requestIntervalMs, signing, wanted, transport } = webhook;
  return {
    "events": wanted.events,
    "severity": wanted.severity ?? null,
    "volumes": wanted.volumes,
    "fields": wanted.fields,
    "format": webhook.format,
    "bearer-token": webhook.bearerToken === undefined ? null : "***",
    "bearer-token-file": webhook.bearerTokenFile ?? null,
    "secret": signing?.secret === undefined ? null : "***",
    "secret-file": signing?.secretFile ?? null,
    "old-secret-until": signing?.oldSecret === undefined
      ? null
      : formatTime(signing.oldSecret.untilMs),
    "sign": signing?.as ?? null,
    "headers": Object.fromEntries(Object.keys(webhook.headers).map((name) => [name, "***"])),
    "ca-file": transport.caFile ?? null,
    "cert-file": transport.certFile ?? null,
    "key-file": transport.keyFile ?? null,
    "server-pin": transport.serverPin ?? null,
    "proxy": transport.proxy === undefined ? null : maskUrl(transport.proxy),
    "timeout": formatDuration(webhook.timeoutMs),
    "retry-min": formatDuration(webhook.retryMinMs),
    "retry-max": formatDuration(webhook.retryMaxMs),
    "retry-for": formatDuration(webhook.retryForMs),
    "order": webhook.order,
    "concurrency": webhook.concurrency,
    "batch": webhook.batch,
    "rate": requestIntervalMs === undefined ? null : formatRate(requestIntervalMs),
    "paused": webhook.paused,
  };
}

/**
 * Key and value of the settings in force that are not as in a registry with nothing but a URL, or
 * not as the shared settings have them.
 */
export function rowsOfSettings(webhook: Webhook, shared: DeliverySettings): [string, string][] {
  const bare = makeWebhook("http://localhost/", {});
  const { timeoutMs, retryMinMs, retryMaxMs, retryForMs } = shared;
  const usual = [bare, { ...bare, timeoutMs, retryMinMs, retryMaxMs, retryForMs }]
    .map(describeSettings);
  return Object.entries(describeSettings(webhook)).flatMap(([key, value]) => {
    const isUsual = usual.every((held) => JSON.stringify(held[key]) === JSON.stringify(value));
    return isUsual ? [] : [[key, showSetting(value)]];
  });
}

function showSetting(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value !== "object" || value === null) return String(value ?? "-");
  return Object.entries(value).map(([name, held]) => `${name}=${held}`).join(", ");
}
