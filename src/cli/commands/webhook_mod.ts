import { getWebhook, modifyWebhook } from "../../registry/changes.ts";
import { type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeUptake, noteLocal, tellDaemon } from "../local_change.ts";
import { settingsFromOptions } from "../webhook_options.ts";

/** `webhook-mod URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], options, output, places } = invocation;
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
  const file = await places.registry();
  noteLocal(invocation);
  let name = "";
  let before = 0;
  const { generation } = await file.change((current) => {
    before = current.generation;
    name = String(settings.name ?? getWebhook(current, which).name);
    return modifyWebhook(current, which, settings);
  });
  if (generation === before) {
    output.result([`The webhook "${name}" is so already.`], { name, changed: false });
    return EXIT.done;
  }
  const daemon = await tellDaemon(invocation, file.path);
  output.result([`Changed the webhook "${name}".`, describeUptake(daemon)], {
    name,
    changed: true,
    daemon,
  });
  return EXIT.done;
}
