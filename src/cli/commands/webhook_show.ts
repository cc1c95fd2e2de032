import { formatTime } from "../../api/rfc3339.ts";
import { getWebhook } from "../../registry/changes.ts";
import { formatDuration } from "../../registry/duration.ts";
import { formatRate } from "../../registry/rate.ts";
import type { Webhook } from "../../registry/schema.ts";
import { maskUrl } from "../../registry/webhook_url.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { renderTable } from "../render_table.ts";
import { webhookReports } from "../webhook_reports.ts";
import { toRows } from "../webhook_rows.ts";

/** `webhook-show URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], output, places } = invocation;
  const file = await places.registry();
  const registry = await file.read();
  const webhook = getWebhook(registry, which);
  const reports = await webhookReports(invocation, file.path);
  const [row] = toRows([webhook], reports);
  const shown = { ...row, ...describeSettings(webhook) };
  // What the remarks below tell in words is not told twice.
  const { failure: _failure, pause: _pause, ...told } = shown;
  const pairs = Object.entries(told).map(([key, value]) => [
    key.replaceAll("_", " "),
    typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "-"),
  ]);
  const [, ...lines] = renderTable(["", ""], pairs);
  output.result([...lines, ...reports.remarks(({ name }) => name === webhook.name)], shown);
  return EXIT.done;
}

/** The settings in force; of secrets only that they are set. */
function describeSettings(webhook: Webhook) {
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
