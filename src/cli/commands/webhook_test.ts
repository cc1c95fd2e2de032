import type { Invocation } from "../command.ts";
import { tryEverywhere } from "../pool_trial.ts";
import { withSecretsRead } from "../secret_input.ts";
import { exitOfTrials, renderTrials } from "../trial_rows.ts";
import { settingsFromOptions } from "../webhook_options.ts";
import { resolveWebhook } from "../webhook_trial.ts";

/** `webhook-test URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], options, output, places } = invocation;
  const settings = settingsFromOptions(withSecretsRead(options, output));
  const webhook = await resolveWebhook(await places.registry(), which, settings);
  const rows = await tryEverywhere(invocation, { webhook, isEmpty: options.has("empty") });
  output.result(renderTrials(rows), rows);
  return exitOfTrials(rows);
}
