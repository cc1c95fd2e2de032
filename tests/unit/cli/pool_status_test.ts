import type { StatusReport, WebhookStatus } from "../../../src/api/status_report.ts";
import { describeDifferences, type StatusRow, sumWebhooks } from "../../../src/cli/pool_status.ts";
import type { RegistryState } from "../../../src/registry/registry_state.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";

function webhook(name: string, more: Partial<WebhookStatus> = {}): WebhookStatus {
  return {
    name,
    url: `http://${name}/`,
    state: "waiting",
    matched: 0,
    delivered: 0,
    pending: 0,
    dead: 0,
    dropped: 0,
    filtered: 0,
    replayed: 0,
    replaying: 0,
    oldest_pending_seconds: null,
    ...more,
  } as WebhookStatus;
}

function rowOf(
  node: string,
  registry: Partial<RegistryState> = {},
  webhooks?: readonly WebhookStatus[],
): StatusRow {
  // Only the webhooks of a report matter here.
  const report = webhooks === undefined ? null : { webhooks } as unknown as StatusReport;
  const state = { generation: 1, checksum: "a", byHand: false, ...registry };
  return { node, isUp: true, status: { version: "0", report, registry: state } };
}

Deno.test("the counts of all nodes are summed up, and the oldest event of any counts", () => {
  const rows = [
    rowOf("gl1", {}, [webhook("a", { delivered: 2, pending: 1, oldest_pending_seconds: 5 })]),
    rowOf("gl2", {}, [webhook("b"), webhook("a", { delivered: 3, oldest_pending_seconds: 9 })]),
    rowOf("gl3", {}, undefined),
    { node: "gl4", isUp: false, error: "N/A" },
  ];
  const [a, b, ...more] = sumWebhooks(rows);
  assertEquals([a?.name, a?.delivered, a?.pending, a?.oldest_pending_seconds], ["a", 5, 1, 9]);
  assertEquals([b?.name, b?.delivered, b?.oldest_pending_seconds], ["b", 0, null]);
  assertEquals(more, []);
});

Deno.test("the state that tells most is shown, whatever node it is on", () => {
  const stateOf = (...states: WebhookStatus["state"][]) =>
    sumWebhooks(states.map((state, at) => rowOf(`gl${at}`, {}, [webhook("a", { state })])))[0]
      ?.state;
  assertEquals(stateOf("waiting", "delivering"), "delivering");
  assertEquals(stateOf("retrying", "paused", "waiting"), "retrying");
  assertEquals(stateOf("paused", "waiting"), "paused");
});

Deno.test("a daemon of an older version that lacks a count spoils no sum", () => {
  const { replaying: _, ...old } = webhook("a", { delivered: 1 });
  const rows = [rowOf("gl1", {}, [old as WebhookStatus]), rowOf("gl2", {}, [webhook("a")])];
  assertEquals(sumWebhooks(rows)[0]?.replaying, 0);
});

Deno.test("nodes that are in step are not remarked on", () => {
  assertEquals(describeDifferences([rowOf("gl1"), rowOf("gl2")]), []);
  assertEquals(describeDifferences([rowOf("gl1", { byHand: true }), rowOf("gl2")]), []);
  assertEquals(describeDifferences([{ node: "gl3", isUp: false, error: "N/A" }]), []);
  assertEquals(describeDifferences([]), []);
});

Deno.test("a node that is behind, or was edited by hand, is named with what helps", () => {
  const lines = describeDifferences([
    rowOf("gl1", { generation: 3, checksum: "c" }),
    rowOf("gl2", { generation: 2, checksum: "b" }),
    rowOf("gl3", { generation: 3, checksum: "x", byHand: true }),
    rowOf("gl4", { generation: 0, checksum: "" }),
  ]);
  assertEquals(lines.length, 3);
  assertStringIncludes(lines[0] ?? "", "gl2: has generation 2 of the registry, the newest is 3");
  assertStringIncludes(lines[1] ?? "", "gl3: its registry was edited by hand");
  assertStringIncludes(lines[2] ?? "", "gl4: has generation 0");
});

Deno.test("of two registries of one generation the one that goes is remarked on", () => {
  const lines = describeDifferences([
    rowOf("gl1", { generation: 3, checksum: "c" }),
    rowOf("gl2", { generation: 3, checksum: "b" }),
  ]);
  assertEquals(lines.length, 1);
  assertStringIncludes(lines[0] ?? "", "gl2: has another registry of generation 3");
});
