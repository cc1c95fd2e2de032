import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { webhookReports } from "../webhook_reports.ts";
import { renderWebhooks, toRows } from "../webhook_rows.ts";

/** `webhook-list` */
export async function run(invocation: Invocation): Promise<number> {
  const { output, places } = invocation;
  const file = await places.registry();
  const registry = await file.read();
  const reports = await webhookReports(invocation, file.path);
  const rows = toRows(registry.webhooks, reports);
  const remarks = reports.remarks(() => true);
  output.result(
    [...renderWebhooks(rows), ...remarks.length === 0 ? [] : ["", ...remarks]],
    rows,
  );
  return EXIT.done;
}
