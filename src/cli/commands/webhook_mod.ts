import { formatTime } from "../../api/rfc3339.ts";
import { systemClock } from "../../dispatcher/clock.ts";
import { getWebhook, modifyWebhook } from "../../registry/changes.ts";
import type { Webhook } from "../../registry/schema.ts";
import { type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeMade, withNewSecret } from "../new_secret.ts";
import { noteFiles } from "../note_files.ts";
import { noteFilter } from "../note_filter.ts";
import { forgetExpired, keepOldSecret, parseKeepOld } from "../keep_old.ts";
import { withSecretsRead } from "../secret_input.ts";
import { editRegistry, tellEdit } from "../shared_edit.ts";
import { settingsFromOptions } from "../webhook_options.ts";

/** `webhook-mod URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], options, output } = invocation;
  const settings = settingsFromOptions(withSecretsRead(options, output));
  const nowMs = systemClock.now();
  const keepOld = options.get("keep-old");
  const untilMs = keepOld === undefined ? undefined : nowMs + parseKeepOld(keepOld);
  if (untilMs === undefined && Object.keys(settings).length === 0) {
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
  let made: string | undefined;
  const edit = await editRegistry(invocation, (current) => {
    const before = getWebhook(current, which);
    name = String(settings.name ?? before.name);
    const wanted = untilMs === undefined ? settings : keepOldSecret(before, settings, untilMs);
    const completed = withNewSecret(wanted, before);
    ({ made } = completed);
    return modifyWebhook(current, which, forgetExpired(before, completed.settings, nowMs));
  });
  await noteFiles(output, settings);
  if (options.has("fields")) {
    noteFilter(output, edit.registry.webhooks.find((webhook) => webhook.name === name));
  }
  if (!edit.changed) {
    output.result([`The webhook "${name}" is so already.`], { name, changed: false });
    return EXIT.done;
  }
  return tellEdit(invocation, edit, {
    lines: [
      `Changed the webhook "${name}".`,
      ...describeMade(made),
      ...untilMs === undefined ? [] : describeOld(getWebhook(edit.registry, name)),
    ],
    data: { name, changed: true, ...(made === undefined ? {} : { secret: made }) },
    unsynced: EXIT.webhookSyncFailed,
  });
}

/** What is said of the former secret of a webhook. */
function describeOld({ signing }: Webhook): string[] {
  const { oldSecret } = signing ?? {};
  if (oldSecret === undefined) return [];
  return [`Requests are signed with the former secret too until ${formatTime(oldSecret.untilMs)}.`];
}
