/**
 * What `serve-test-hook` says at its beginning and at its end.
 *
 * @module
 */
import type { HookSummary, NodeCounts } from "../testhook/hook_report.ts";
import { type TestHook, urlOf } from "../testhook/test_hook.ts";
import { isUnspecified } from "../std/host_port.ts";
import { toVisible } from "../std/plain_text.ts";

/**
 * Where to send to, and where to look.
 *
 * @param isUiOpen Whether other machines may look.
 */
export function describeHook(
  hook: Pick<TestHook, "hostname" | "port">,
  isUiOpen: boolean,
): string[] {
  const { hostname, port } = hook;
  const url = urlOf(hook);
  const isAll = isUnspecified(hostname);
  const there = `this machine's name, port ${port}`;
  return [
    `Listening. Register it: gluster-eventing webhook-add ${url}` +
    (isAll ? `; from other nodes: ${there}` : ""),
    `See it live in a browser: ${url}${isAll && isUiOpen ? `; from elsewhere: ${there}` : ""}`,
  ];
}

/** How much came, and what was odd about it. */
export function describeEnd({ events, unverified, nodes }: HookSummary): string[] {
  return [
    events === 1 ? "1 event received" : `${events} events received`,
    ...unverified === 0
      ? []
      : [`${unverified === 1 ? "1 request" : `${unverified} requests`} could not be verified`],
    ...nodes.flatMap(describeNode),
  ];
}

function describeNode(counts: NodeCounts): string[] {
  const { nodeid, host, duplicates, retries, disorder, gaps, skipped } = counts;
  const said = [
    count(duplicates, "duplicate"),
    retries === 0 ? "" : `${retries} sent again after a failure`,
    disorder === 0 ? "" : `${disorder} out of order`,
    gaps === 0 ? "" : `${gaps} missing, as it says itself`,
    skipped === 0 ? "" : `${skipped} numbers left out, filtered or missing`,
  ].filter((each) => each !== "");
  if (said.length === 0) return [];
  return [`  ${toVisible(host || nodeid || "nodes that are not named")}: ${said.join(", ")}`];
}

function count(number: number, what: string): string {
  if (number === 0) return "";
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
