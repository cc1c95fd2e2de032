import { formatTime } from "../../api/rfc3339.ts";
import { getWebhook } from "../../registry/changes.ts";
import { formatDuration } from "../../registry/duration.ts";
import { formatRate } from "../../registry/rate.ts";
import type { Webhook } from "../../registry/schema.ts";
import { maskUrl } from "../../registry/webhook_url.ts";
import { type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { explainWebhook, renderExplanation } from "../explain_webhook.ts";
import { renderTable } from "../render_table.ts";
import { webhookReports } from "../webhook_reports.ts";
import { toRows } from "../webhook_rows.ts";
import { noteStrangeKeys, readWrittenEvent, type WrittenEvent } from "../written_event.ts";

/** `webhook-show URL|NAME` and `webhook-show URL|NAME --explain EVENT KEY=VALUE...` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = "", ...pairs], options, places } = invocation;
  const event = options.get("explain");
  if (event === undefined && pairs.length > 0) {
    throw new UsageError(
      "webhook-show takes KEY=VALUE only with --explain",
      "say of which event: gluster-eventing webhook-show ops --explain VOLUME_START name=gv1",
    );
  }
  const written = event === undefined ? undefined : readWrittenEvent(event, pairs, Date.now());
  const file = await places.registry();
  const webhook = getWebhook(await file.read(), which);
  return written === undefined
    ? await show(invocation, webhook, file.path)
    : await explain(invocation, webhook, written);
}

async function show(invocation: Invocation, webhook: Webhook, path: string): Promise<number> {
  const reports = await webhookReports(invocation, path);
  const [row] = toRows([webhook], reports);
  const shown = { ...row, ...describeSettings(webhook) };
  // What the remarks below tell in words is not told twice.
  const { failure: _failure, pause: _pause, ...told } = shown;
  const pairs = Object.entries(told).map(([key, value]) => [
    key.replaceAll("_", " "),
    typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "-"),
  ]);
  const [, ...lines] = renderTable(["", ""], pairs);
  const remarks = reports.remarks(({ name }) => name === webhook.name);
  invocation.output.result([...lines, ...remarks], shown);
  return EXIT.done;
}

async function explain(
  { output, places }: Invocation,
  webhook: Webhook,
  written: WrittenEvent,
): Promise<number> {
  noteStrangeKeys(output, written);
  const explanation = await explainWebhook(webhook, { report: written.report, places });
  output.result(renderExplanation(explanation), explanation);
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
