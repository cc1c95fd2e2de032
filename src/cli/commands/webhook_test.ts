import type { Invocation } from "../command.ts";
import { tryEverywhere } from "../pool_trial.ts";
import { exitOfTrials, renderTrials } from "../trial_rows.ts";
import { settingsFromOptions } from "../webhook_options.ts";
import { resolveWebhook } from "../webhook_trial.ts";

/** `webhook-test URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], options, output, places } = invocation;
  const settings = settingsFromOptions(options);
  const webhook = await resolveWebhook(await places.registry(), which, settings);
  const rows = await tryEverywhere(invocation, { webhook, isEmpty: options.has("empty") });
  output.result(renderTrials(rows), rows);
  return exitOfTrials(rows);
}
