import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { renderRemarks, renderWebhooks, statusOfRegistry, toRows } from "../webhook_rows.ts";

/** `webhook-list` */
export async function run({ output, places }: Invocation): Promise<number> {
  const file = await places.registry();
  const registry = await file.read();
  const status = await statusOfRegistry(places.daemon(), file.path);
  const rows = toRows(registry.webhooks, status);
  const remarks = renderRemarks(status?.webhooks ?? []);
  output.result(
    [...renderWebhooks(rows), ...remarks.length === 0 ? [] : ["", ...remarks]],
    rows,
  );
  return EXIT.done;
}
