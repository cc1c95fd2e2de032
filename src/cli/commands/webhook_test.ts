import type { Invocation } from "../command.ts";
import { noteLocal } from "../local_change.ts";
import { exitOfTrials, renderTrials, toTrialRow } from "../trial_rows.ts";
import { settingsFromOptions } from "../webhook_options.ts";
import { resolveWebhook, testHere } from "../webhook_trial.ts";

/** What a node calls itself, as upstream's tables do. */
const THIS_NODE = "localhost";

/** `webhook-test URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], options, output, places } = invocation;
  const settings = settingsFromOptions(options);
  const webhook = await resolveWebhook(await places.registry(), which, settings);
  noteLocal(invocation);
  const verdict = await testHere({ webhook, isEmpty: options.has("empty") }, invocation);
  const rows = [toTrialRow(THIS_NODE, verdict)];
  output.result(renderTrials(rows), rows);
  return exitOfTrials(rows);
}
