import { getWebhook, pauseWebhook } from "../../registry/changes.ts";
import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { editRegistry, tellEdit } from "../shared_edit.ts";

/** `webhook-pause URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""] } = invocation;
  let name = "";
  let wasPaused = false;
  const edit = await editRegistry(invocation, (current) => {
    ({ name, paused: wasPaused } = getWebhook(current, which));
    return pauseWebhook(current, which);
  });
  if (wasPaused) {
    throw new CommandError(
      EXIT.valueUnchanged,
      `Webhook not paused: "${name}" is paused already`,
      `post again: gluster-eventing webhook-resume ${name}`,
    );
  }
  return tellEdit(invocation, edit, {
    lines: [`Paused the webhook "${name}": its events wait.`],
    data: { name, changed: true },
    unsynced: EXIT.webhookSyncFailed,
  });
}
