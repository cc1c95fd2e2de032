import { addWebhook } from "../../registry/changes.ts";
import { maskUrl } from "../../registry/webhook_url.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeMade, withNewSecret } from "../new_secret.ts";
import { noteFiles } from "../note_files.ts";
import { noteFilter } from "../note_filter.ts";
import { withSecretsRead } from "../secret_input.ts";
import { editRegistry, tellEdit } from "../shared_edit.ts";
import { settingsFromOptions } from "../webhook_options.ts";

/** `webhook-add URL` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [url = ""], options, output } = invocation;
  const given = settingsFromOptions(withSecretsRead(options, output));
  const { settings, made } = withNewSecret(given);
  const edit = await editRegistry(invocation, (current) => addWebhook(current, url, settings));
  const webhook = edit.registry.webhooks.at(-1);
  const { name = "" } = webhook ?? {};
  await noteFiles(output, settings);
  if (options.has("fields")) noteFilter(output, webhook);
  return tellEdit(invocation, edit, {
    lines: [`Added the webhook "${name}": ${maskUrl(url)}`, ...describeMade(made)],
    data: { name, url: maskUrl(url), ...(made === undefined ? {} : { secret: made }) },
    unsynced: EXIT.webhookSyncFailed,
  });
}
