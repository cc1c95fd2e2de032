import type { HookMark, NodeCounts } from "../../../src/testhook/hook_report.ts";
import { NodeLedger } from "../../../src/testhook/node_ledger.ts";
import { readShapes } from "../../../src/testhook/received_event.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";

const A = "01JDHN5E8H0000000000000001";
const B = "01JDHN5E8H0000000000000002";
const C = "01JDHN5E8H0000000000000003";

interface Sent {
  readonly ids: readonly string[];
  readonly path?: string;
  readonly node?: string;
  readonly status?: number | null;
  readonly sequence?: string;
}

/** Enters a request and answers it. */
function send(ledger: NodeLedger, sent: Sent): readonly (readonly HookMark[])[] {
  const { ids, path = "/", node = "n1", status = 200, sequence } = sent;
  const body = JSON.stringify(ids.map((id) => ({ event: "A", nodeid: node, host: node, id })));
  const headers = sequence === undefined ? {} : { "ce-sequence": sequence };
  const shapes = readShapes({ receivedMs: 0, path, headers, body });
  const { oddities, delivery } = ledger.enter(shapes, path);
  delivery.answered(status);
  return oddities.map(({ marks }) => marks);
}

function countsOf(ledger: NodeLedger, node = "n1"): Partial<NodeCounts> {
  const { nodeid: _id, host: _host, ...counts } = ledger.counts()
    .find(({ nodeid }) => nodeid === node) ?? {};
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

Deno.test("an event that was taken is a duplicate when it comes again", () => {
  const ledger = new NodeLedger();
  assertEquals(send(ledger, { ids: [A] }), [[]]);
  assertEquals(send(ledger, { ids: [A] }), [["duplicate"]]);
  assertEquals(countsOf(ledger), { events: 2, duplicates: 1 });
});

Deno.test("an event that was not taken is a retry when it comes again", () => {
  const ledger = new NodeLedger();
  for (const status of [503, null, 200]) send(ledger, { ids: [A], status });
  assertEquals(countsOf(ledger), { events: 3, retries: 2 });
  assertEquals(send(ledger, { ids: [A] }), [["duplicate"]]);
});

Deno.test("a request that is repeated while the first one waits for its answer is a retry", () => {
  const ledger = new NodeLedger();
  const shapes = readShapes({
    receivedMs: 0,
    path: "/",
    headers: {},
    body: JSON.stringify({ event: "A", nodeid: "n1", id: A }),
  });
  const first = ledger.enter(shapes, "/");
  assertEquals(ledger.enter(shapes, "/").oddities[0]?.marks, ["retry"]);
  first.delivery.answered(200);
  assertEquals(ledger.enter(shapes, "/").oddities[0]?.marks, ["duplicate"]);
});

Deno.test("each path is a webhook of its own, and each node has its own order", () => {
  const ledger = new NodeLedger();
  send(ledger, { ids: [B] });
  assertEquals(send(ledger, { ids: [B], path: "/other" }), [[]]);
  assertEquals(send(ledger, { ids: [A], path: "/third" }), [[]]);
  assertEquals(send(ledger, { ids: [A], node: "n2" }), [[]]);
  assertEquals(send(ledger, { ids: [A] }), [["out of order"]]);
  assertEquals([countsOf(ledger), countsOf(ledger, "n2")], [
    { events: 4, disorder: 1 },
    { events: 1 },
  ]);
});

Deno.test("what comes again, and ids that are not made in order, are in no disorder", () => {
  const ledger = new NodeLedger();
  assertEquals(send(ledger, { ids: [A, B, C] }), [[], [], []]);
  assertEquals(send(ledger, { ids: [A] }), [["duplicate"]]);
  assertEquals(send(ledger, { ids: ["b", "a"] }), [[], []]);
  assertEquals(countsOf(ledger), { events: 6, duplicates: 1 });
});

Deno.test("an event twice in one request, as alerts are opened and closed, is none", () => {
  const ledger = new NodeLedger();
  const alert = { labels: { alertname: "X", nodeid: "n1" }, annotations: { event_id: A } };
  const body = JSON.stringify([alert, alert]);
  const shapes = readShapes({ receivedMs: 0, path: "/", headers: {}, body });
  assertEquals(ledger.enter(shapes, "/").oddities.map(({ marks }) => marks), [[], []]);
});

Deno.test("what a node says is missing is counted, and explained", () => {
  const ledger = new NodeLedger();
  const gap = (missing: string) => ({
    event: "EVENTING_GAP",
    nodeid: "n1",
    id: `gap ${missing}`,
    message: { missing, reason: "no room in the spool" },
  });
  const body = JSON.stringify([gap("7"), gap("unknown")]);
  const { oddities } = ledger.enter(
    readShapes({ receivedMs: 0, path: "/", headers: {}, body }),
    "/",
  );
  assertEquals(oddities, [
    { marks: ["gap"], note: "7 events are missing: no room in the spool." },
    { marks: ["gap"], note: "Nobody knows how many events are missing: no room in the spool." },
  ]);
  assertEquals(countsOf(ledger), { events: 2, gaps: 7 });
});

Deno.test("numbers that CloudEvents leave out are counted, not called missing", () => {
  const ledger = new NodeLedger();
  const place = (number: number) => String(number).padStart(20, "0");
  send(ledger, { ids: [A], sequence: place(5) });
  assertEquals(send(ledger, { ids: [B], sequence: place(9) }), [[]]);
  send(ledger, { ids: [C], sequence: place(10) });
  assertEquals(countsOf(ledger), { events: 3, skipped: 3 });
});

Deno.test("what is remembered has bounds, whatever is sent", () => {
  const ledger = new NodeLedger();
  for (let node = 0; node < 2000; node++) send(ledger, { ids: [`id ${node}`], node: `n${node}` });
  const counts = ledger.counts();
  assertEquals(counts.length, 129);
  assertEquals(counts.reduce((sum, { events }) => sum + events, 0), 2000);
  assertStringIncludes(JSON.stringify(counts), "(other nodes)");
  for (let id = 0; id < 21_000; id++) send(ledger, { ids: [`${id}`], node: "n0" });
  // The first ones are forgotten, the last ones are not.
  assertEquals(send(ledger, { ids: ["0"], node: "n0" }), [[]]);
  assertEquals(send(ledger, { ids: ["20999"], node: "n0" }), [["duplicate"]]);
});

Deno.test("what a node says is missing counts once, however often it is sent", () => {
  const ledger = new NodeLedger();
  const gap = { event: "EVENTING_GAP", nodeid: "n1", host: "n1", id: A, message: { missing: "7" } };
  const shapes = readShapes({ receivedMs: 0, path: "/", headers: {}, body: JSON.stringify(gap) });
  for (const status of [503, 200, 200]) ledger.enter(shapes, "/").delivery.answered(status);
  assertEquals(countsOf(ledger), { events: 3, duplicates: 1, retries: 1, gaps: 7 });
});

Deno.test("on endless paths and of nodes with endless names nothing is kept", () => {
  const ledger = new NodeLedger();
  const path = `/${"x".repeat(512)}`;
  assertEquals([send(ledger, { ids: [B], path }), send(ledger, { ids: [B, A], path })], [
    [[]],
    [[], []],
  ]);
  assertEquals(countsOf(ledger), { events: 3 });
  const node = "n".repeat(129);
  assertEquals([send(ledger, { ids: [C], node }), send(ledger, { ids: [C], node })], [[[]], [[]]]);
  assertEquals(ledger.counts().map(({ nodeid, host, events }) => [nodeid, host, events]), [
    ["", "", 2],
    ["n1", "n1", 3],
  ]);
});
