import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { renderFailures, renderWebhooks, statusIfRunning, toRows } from "../webhook_rows.ts";

/** `webhook-list` */
export async function run({ output, places }: Invocation): Promise<number> {
  const registry = await (await places.registry()).read();
  const status = await statusIfRunning(places.daemon());
  const rows = toRows(registry.webhooks, status);
  const failures = renderFailures(status?.webhooks ?? []);
  output.result(
    [...renderWebhooks(rows), ...failures.length === 0 ? [] : ["", ...failures]],
    rows,
  );
  return EXIT.done;
}
