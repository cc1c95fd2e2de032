/**
 * What `start`, `stop` and `restart` have in common.
 *
 * @module
 */
import type { ServiceAction } from "../cluster/service.ts";
import type { Invocation } from "./command.ts";
import { controlHere } from "./control_here.ts";
import { EXIT } from "./exit_codes.ts";
import { noteLocal } from "./local_change.ts";

/** Controls the service and says what came of it. */
export async function runServiceAction(
  action: ServiceAction,
  invocation: Invocation,
): Promise<number> {
  const { output, places } = invocation;
  noteLocal(invocation);
  const outcome = await controlHere(action, places);
  output.result([`The service gluster-eventing ${withVerb(outcome.detail)}.`], outcome);
  return EXIT.done;
}

/** "started" is what was done to it, "was running already" what it did. */
function withVerb(detail: string): string {
  return detail.startsWith("was ") ? detail : `was ${detail}`;
}
