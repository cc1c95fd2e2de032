import { getWebhook, removeWebhook } from "../../registry/changes.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { editRegistry, tellEdit } from "../shared_edit.ts";

/** `webhook-del URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""] } = invocation;
  let name = "";
  const edit = await editRegistry(invocation, (current) => {
    name = getWebhook(current, which).name;
    return removeWebhook(current, which);
  });
  return tellEdit(invocation, edit, {
    lines: [`Removed the webhook "${name}".`],
    data: { name },
    unsynced: EXIT.webhookSyncFailed,
  });
}
