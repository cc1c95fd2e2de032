import { getWebhook, removeWebhook } from "../../registry/changes.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeUptake, noteLocal, tellDaemon } from "../local_change.ts";

/** `webhook-del URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], output, places } = invocation;
  const file = await places.registry();
  noteLocal(invocation);
  let name = "";
  await file.change((current) => {
    name = getWebhook(current, which).name;
    return removeWebhook(current, which);
  });
  const daemon = await tellDaemon(invocation, file.path);
  output.result([`Removed the webhook "${name}".`, describeUptake(daemon)], { name, daemon });
  return EXIT.done;
}
