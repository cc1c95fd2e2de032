/**
 * `start`, `stop` and `restart`: the service on every node of the pool.
 *
 * @module
 */
import { toRow } from "../cluster/node_row.ts";
import type { ServiceAction, ServiceOutcome } from "../cluster/service.ts";
import type { Invocation } from "./command.ts";
import { controlHere } from "./control_here.ts";
import { EXIT } from "./exit_codes.ts";
import { exitCodeOf, type NodeDeed, renderNodes, rowOfThisNode, rowToJson } from "./node_table.ts";
import { openPool } from "./pool_access.ts";

/** A daemon that does not come up, or does not end, is waited for on each node. */
const LONGEST_ACTION_MS = 90_000;

const DEEDS: Readonly<Record<ServiceAction, NodeDeed>> = {
  start: "START",
  stop: "STOP",
  restart: "RESTART",
};

/** Does it on every node that the command reaches. @returns The exit code. */
export async function runServiceAction(
  action: ServiceAction,
  invocation: Invocation,
): Promise<number> {
  const { output, places } = invocation;
  const access = await openPool(invocation);
  if (access === undefined) {
    const outcome = await controlHere(action, places);
    output.result([`The service gluster-eventing ${withVerb(outcome.detail)}.`], outcome);
    return EXIT.done;
  }
  let own: ServiceOutcome | undefined;
  const [replies, here] = await Promise.all([
    access.link.ask<ServiceOutcome>({
      words: ["service", action],
      timeoutMs: LONGEST_ACTION_MS,
    }),
    rowOfThisNode(async () => {
      own = await controlHere(action, places);
    }),
  ]);
  const outcomes = [...replies.map(({ answer }) => answer.ok ? answer.value : undefined), own];
  const details = outcomes.map((outcome) => outcome?.detail ?? "");
  const rows = [...replies.map(toRow), here];
  const cells = details.map((detail) => [detail]);
  const deed = DEEDS[action];
  output.result(
    renderNodes(rows, deed, { headings: ["DETAILS"], cells }),
    rows.map((row, at) => ({ ...rowToJson(row, deed), details: details[at] })),
  );
  return exitCodeOf(rows);
}

/** "started" is what was done to it, "was running already" what it did. */
function withVerb(detail: string): string {
  return detail.startsWith("was ") ? detail : `was ${detail}`;
}
