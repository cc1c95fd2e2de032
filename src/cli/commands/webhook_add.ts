import { addWebhook } from "../../registry/changes.ts";
import { maskUrl } from "../../registry/webhook_url.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeUptake, noteLocal, tellDaemon } from "../local_change.ts";
import { settingsFromOptions } from "../webhook_options.ts";

/** `webhook-add URL` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [url = ""], options, output, places } = invocation;
  const settings = settingsFromOptions(options);
  const file = await places.registry();
  noteLocal(invocation);
  const registry = await file.change((current) => addWebhook(current, url, settings));
  const daemon = await tellDaemon(invocation, file.path);
  const name = registry.webhooks.at(-1)?.name ?? "";
  output.result(
    [`Added the webhook "${name}": ${maskUrl(url)}`, describeUptake(daemon)],
    { name, url: maskUrl(url), daemon },
  );
  return EXIT.done;
}
