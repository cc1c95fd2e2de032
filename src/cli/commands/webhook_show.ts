import { getWebhook } from "../../registry/changes.ts";
import { formatDuration } from "../../registry/duration.ts";
import type { Webhook } from "../../registry/schema.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { renderTable } from "../render_table.ts";
import { renderFailures, statusOfRegistry, toRows } from "../webhook_rows.ts";

/** `webhook-show URL|NAME` */
export async function run({ operands: [which = ""], output, places }: Invocation): Promise<number> {
  const file = await places.registry();
  const registry = await file.read();
  const webhook = getWebhook(registry, which);
  const status = await statusOfRegistry(places.daemon(), file.path);
  const [row] = toRows([webhook], status);
  const settings = describeSettings(webhook);
  const report = status?.webhooks.filter(({ name }) => name === webhook.name) ?? [];
  const shown = { ...row, ...settings, failure: report[0]?.failure ?? null };
  const pairs = Object.entries({ ...row, ...settings }).map(([key, value]) => [
    key.replaceAll("_", " "),
    typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "-"),
  ]);
  const [, ...lines] = renderTable(["", ""], pairs);
  output.result([...lines, ...renderFailures(report)], shown);
  return EXIT.done;
}

/** The settings in force; of secrets only that they are set. */
function describeSettings(webhook: Webhook) {
  return {
    "bearer-token": webhook.bearerToken === undefined ? null : "***",
    "headers": Object.fromEntries(Object.keys(webhook.headers).map((name) => [name, "***"])),
    "timeout": formatDuration(webhook.timeoutMs),
    "retry-min": formatDuration(webhook.retryMinMs),
    "retry-max": formatDuration(webhook.retryMaxMs),
    "retry-for": formatDuration(webhook.retryForMs),
  };
}
