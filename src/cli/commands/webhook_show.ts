import { getWebhook } from "../../registry/changes.ts";
import type { DeliverySettings, Webhook } from "../../registry/schema.ts";
import { type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { explainWebhook, renderExplanation } from "../explain_webhook.ts";
import { renderTable } from "../render_table.ts";
import { webhookReports } from "../webhook_reports.ts";
import { renderAge, toRows, type WebhookRow } from "../webhook_rows.ts";
import { describeSettings, rowsOfSettings } from "../webhook_settings.ts";
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
  const registry = await file.read();
  const webhook = getWebhook(registry, which);
  return written === undefined
    ? await show(invocation, webhook, { path: file.path, shared: registry.config })
    : await explain(invocation, webhook, written);
}

async function show(
  invocation: Invocation,
  webhook: Webhook,
  { path, shared }: { path: string; shared: DeliverySettings },
): Promise<number> {
  const reports = await webhookReports(invocation, path);
  const [row] = toRows([webhook], reports);
  const [, ...lines] = renderTable(["", ""], [
    ...rowsOfState(row),
    ...rowsOfSettings(webhook, shared),
  ]);
  const remarks = reports.remarks(({ name }) => name === webhook.name);
  const rest = "What is not shown is as it is by default; all settings: " +
    `gluster-eventing webhook-show ${webhook.name} --json`;
  invocation.output.result(
    [...lines, "", ...remarks, rest],
    { ...row, ...describeSettings(webhook) },
  );
  return EXIT.done;
}

/** How the webhook is doing; what remarks tell in words is not told twice. */
function rowsOfState(row: WebhookRow | undefined): [string, string][] {
  if (row === undefined) return [];
  const { name, url, state, oldest_pending_seconds: oldest, certificate_expires_at: expiry } = row;
  const { delivered, pending, dead, dropped, filtered } = row;
  const counts = Object.entries({ delivered, pending, dead, dropped, filtered });
  return [
    ["name", name],
    ["url", url],
    ["state", state === "unknown" ? "unknown, since no daemon tells" : state],
    ...counts.flatMap(([key, count]): [string, string][] =>
      count === null ? [] : [[key, String(count)]]
    ),
    ...oldest === null ? [] : [["oldest pending", renderAge(oldest)] as [string, string]],
    ...expiry === null ? [] : [["certificate expires at", expiry] as [string, string]],
  ];
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
