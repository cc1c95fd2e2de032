import { addWebhook } from "../../registry/changes.ts";
import { maskUrl } from "../../registry/webhook_url.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { noteFiles } from "../note_files.ts";
import { noteFilter } from "../note_filter.ts";
import { withSecretsRead } from "../secret_input.ts";
import { editRegistry, tellEdit } from "../shared_edit.ts";
import { settingsFromOptions } from "../webhook_options.ts";

/** `webhook-add URL` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [url = ""], options, output } = invocation;
  const settings = settingsFromOptions(withSecretsRead(options, output));
  const edit = await editRegistry(invocation, (current) => addWebhook(current, url, settings));
  const webhook = edit.registry.webhooks.at(-1);
  const { name = "" } = webhook ?? {};
  await noteFiles(output, options);
  if (options.has("fields")) noteFilter(output, webhook);
  return tellEdit(invocation, edit, {
    lines: [`Added the webhook "${name}": ${maskUrl(url)}`],
    data: { name, url: maskUrl(url) },
    unsynced: EXIT.webhookSyncFailed,
  });
}
