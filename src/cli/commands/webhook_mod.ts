import { getWebhook, modifyWebhook } from "../../registry/changes.ts";
import { type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { noteFilter } from "../note_filter.ts";
import { editRegistry, tellEdit } from "../shared_edit.ts";
import { settingsFromOptions } from "../webhook_options.ts";

/** `webhook-mod URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], options, output } = invocation;
  const settings = settingsFromOptions(options);
  if (Object.keys(settings).length === 0) {
    throw new UsageError(
      "webhook-mod needs at least one setting to change",
      "see them: gluster-eventing webhook-mod --help",
    );
  }
  if ("name" in settings && "url" in settings) {
    throw new UsageError(
      "webhook-mod changes either the name or the URL",
      "give the one first and then the other, so that what waits stays with the webhook",
    );
  }
  let name = "";
  const edit = await editRegistry(invocation, (current) => {
    name = String(settings.name ?? getWebhook(current, which).name);
    return modifyWebhook(current, which, settings);
  });
  if (options.has("fields")) {
    noteFilter(output, edit.registry.webhooks.find((webhook) => webhook.name === name));
  }
  if (!edit.changed) {
    output.result([`The webhook "${name}" is so already.`], { name, changed: false });
    return EXIT.done;
  }
  return tellEdit(invocation, edit, {
    lines: [`Changed the webhook "${name}".`],
    data: { name, changed: true },
    unsynced: EXIT.webhookSyncFailed,
  });
}
