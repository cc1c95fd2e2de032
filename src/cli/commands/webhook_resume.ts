import { ControlRefusedError, DaemonNotRunningError } from "../../api/control_client.ts";
import { getWebhook, resumeWebhook } from "../../registry/changes.ts";
import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import {
  type DaemonUptake,
  describeUptake,
  isSameFile,
  noteLocal,
  tellDaemon,
  writtenBut,
} from "../local_change.ts";

/** `webhook-resume URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], output, places } = invocation;
  const file = await places.registry();
  noteLocal(invocation);
  let name = "";
  let changed = false;
  await file.change((current) => {
    ({ name, paused: changed } = getWebhook(current, which));
    return resumeWebhook(current, which);
  });
  if (!changed) {
    await resumeInDaemon(invocation, name, file.path);
    output.result(
      [`Resumed the webhook "${name}": the daemon posts to it again, at once.`],
      { name, changed, daemon: "resumed" },
    );
    return EXIT.done;
  }
  const daemon = await tellOfChange(invocation, name, file.path);
  output.result(
    [`Resumed the webhook "${name}": its events are posted again.`, describeUptake(daemon)],
    { name, changed, daemon },
  );
  return EXIT.done;
}

/**
 * Ends what the daemon itself has to end: the registry does not pause the webhook.
 *
 * @throws {DaemonNotRunningError} If none runs.
 * @throws {CommandError} If there is nothing to end, or it works with another registry.
 */
async function resumeInDaemon({ places }: Invocation, name: string, path: string): Promise<void> {
  const daemon = places.daemon();
  const { registry } = await daemon.status();
  if (!await isSameFile(registry.path, path)) {
    throw new CommandError(
      EXIT.failed,
      `Webhook not resumed: the registry does not pause "${name}", and the daemon works with ` +
        `another one: ${registry.path}`,
      "name the folder of that registry with --workdir, or another daemon's socket with --socket",
    );
  }
  const { resumed } = await daemon.resume(name);
  if (resumed) return;
  throw new CommandError(
    EXIT.valueUnchanged,
    `Webhook not resumed: "${name}" is not paused, and no attempt waits for its time`,
    `see how it is doing: gluster-eventing webhook-show ${name}`,
  );
}

/** Makes the daemon take the change over, and end a pause of its own with it. */
async function tellOfChange(
  invocation: Invocation,
  name: string,
  path: string,
): Promise<DaemonUptake> {
  const uptake = await tellDaemon(invocation, path);
  if (uptake !== "taken over") return uptake;
  try {
    await invocation.places.daemon().resume(name);
    return uptake;
  } catch (error) {
    // It has ended since it took the change over.
    if (error instanceof DaemonNotRunningError) return "not running";
    if (!(error instanceof ControlRefusedError)) throw error;
    throw writtenBut(error.message, error.hint);
  }
}
