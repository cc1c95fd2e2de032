import { getWebhook, pauseWebhook } from "../../registry/changes.ts";
import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeUptake, noteLocal, tellDaemon } from "../local_change.ts";

/** `webhook-pause URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], output, places } = invocation;
  const file = await places.registry();
  noteLocal(invocation);
  let name = "";
  let wasPaused = false;
  await file.change((current) => {
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
  const daemon = await tellDaemon(invocation, file.path);
  output.result(
    [`Paused the webhook "${name}": its events wait.`, describeUptake(daemon)],
    { name, changed: true, daemon },
  );
  return EXIT.done;
}
