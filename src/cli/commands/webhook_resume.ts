import { ControlRefusedError, DaemonNotRunningError } from "../../api/control_client.ts";
import type { ResumeOutcome } from "../../api/control_handlers.ts";
import { toRow } from "../../cluster/node_row.ts";
import { getWebhook, resumeWebhook } from "../../registry/changes.ts";
import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { type DaemonUptake, describeUptake, writtenBut } from "../daemon_uptake.ts";
import { exitCodeOf, renderNodes, rowOfThisNode, rowToJson } from "../node_table.ts";
import { isSameFile } from "../places.ts";
import { editRegistry, type SharedEdit } from "../shared_edit.ts";

/** `webhook-resume URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""] } = invocation;
  let name = "";
  const edit = await editRegistry(invocation, (current) => {
    name = getWebhook(current, which).name;
    return resumeWebhook(current, which);
  });
  return edit.shared === undefined
    ? await resumeHere(invocation, name, edit)
    : await resumeEverywhere(invocation, name, { ...edit, shared: edit.shared });
}

async function resumeHere(
  invocation: Invocation,
  name: string,
  { changed, path, daemon }: SharedEdit,
): Promise<number> {
  const { output } = invocation;
  if (!changed) {
    await resumeInDaemon(invocation, name, path);
    output.result(
      [`Resumed the webhook "${name}": the daemon posts to it again, at once.`],
      { name, changed, daemon: "resumed" },
    );
    return EXIT.done;
  }
  const uptake = await endOwnPause(invocation, name, daemon);
  output.result(
    [`Resumed the webhook "${name}": its events are posted again.`, describeUptake(uptake)],
    { name, changed, daemon: uptake },
  );
  return EXIT.done;
}

/** Ends the pauses and waits of all daemons, besides what the registry says. */
async function resumeEverywhere(
  { output, places }: Invocation,
  name: string,
  { changed, shared }: SharedEdit & Required<Pick<SharedEdit, "shared">>,
): Promise<number> {
  let isResumed = changed;
  const [replies, here] = await Promise.all([
    shared.access.link.ask<ResumeOutcome>({ words: ["resume", name] }),
    rowOfThisNode(async () => {
      const { resumed } = await places.daemon().resume(name);
      isResumed ||= resumed;
    }),
  ]);
  isResumed ||= replies.some(({ answer }) => answer.ok && answer.value.resumed);
  const rows = [...replies.map(toRow), here];
  if (!isResumed && rows.every(({ error }) => error === undefined)) throw nothingToResume(name);
  output.result(
    [`Resumed the webhook "${name}".`, "", ...renderNodes(rows, "SYNC")],
    rows.map((row) => rowToJson(row, "SYNC")),
  );
  return exitCodeOf(rows);
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
  throw nothingToResume(name);
}

function nothingToResume(name: string): CommandError {
  return new CommandError(
    EXIT.valueUnchanged,
    `Webhook not resumed: "${name}" is not paused, and no attempt waits for its time`,
    `see how it is doing: gluster-eventing webhook-show ${name}`,
  );
}

/** Makes the daemon end a pause of its own, now that it has taken the change over. */
async function endOwnPause(
  { places }: Invocation,
  name: string,
  uptake: DaemonUptake,
): Promise<DaemonUptake> {
  if (uptake !== "taken over") return uptake;
  try {
    await places.daemon().resume(name);
    return uptake;
  } catch (error) {
    // It has ended since it took the change over.
    if (error instanceof DaemonNotRunningError) return "not running";
    if (!(error instanceof ControlRefusedError)) throw error;
    throw writtenBut(error.message, error.hint);
  }
}
