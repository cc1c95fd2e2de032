/**
 * Tries a webhook from every node of the pool.
 *
 * @module
 */
import { askSealed } from "../cluster/letter.ts";
import type { ProbeVerdict } from "../dispatcher/probe_webhook.ts";
import type { Invocation } from "./command.ts";
import { THIS_NODE } from "./node_table.ts";
import { openPool, type Reach } from "./pool_access.ts";
import { toTrialRow, type TrialRow } from "./trial_rows.ts";
import { testHere, type TestTarget } from "./webhook_trial.ts";

/** glusterd does nothing else meanwhile. */
const LONGEST_TRIAL_MS = 15_000;
const ON_THE_WAY_MS = 30_000;

/** Tries a webhook from every node that the command reaches; this one comes last. */
export async function tryEverywhere(
  deps: Reach & Pick<Invocation, "environment" | "version">,
  target: TestTarget,
): Promise<TrialRow[]> {
  const access = await openPool(deps);
  if (access === undefined) return [toTrialRow(THIS_NODE.node, await testHere(target, deps))];
  const { timeoutMs } = target.webhook;
  const webhook = { ...target.webhook, timeoutMs: Math.min(timeoutMs, LONGEST_TRIAL_MS) };
  const content = { ...target, webhook };
  const [replies, here] = await Promise.all([
    askSealed<ProbeVerdict>(access.link, access.workdir, {
      action: "test",
      token: crypto.randomUUID(),
      content,
      timeoutMs: webhook.timeoutMs + ON_THE_WAY_MS,
    }),
    testHere(content, deps),
  ]);
  return [
    ...replies.map(({ node: { host, isUp }, answer }) => {
      if (answer.ok) return toTrialRow(host, answer.value);
      return isUp ? toTrialRow(host, notAsked(answer)) : toTrialRow(host, undefined);
    }),
    toTrialRow(THIS_NODE.node, here),
  ];
}

function notAsked({ error, hint }: { error: string; hint: string }): ProbeVerdict {
  return { ok: false, stage: null, status: null, duration_ms: 0, reason: error, hint };
}
