/**
 * What goes when the room is short, and in which order.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { searchAttempts } from "../../src/spool/history.ts";
import { queueReplays } from "../../src/spool/replays.ts";
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from "../../src/spool/schema.ts";
import { assert, assertEquals } from "../support/assert.ts";
import {
  assertAddsUp,
  batchOf,
  delivered,
  givenUp,
  makeAttempt,
  makeEvent,
  makeEvents,
  owner,
  SpoolBench,
} from "../support/spool_bench.ts";

const NO_ROOM = { keepFromMs: 0, spoolMaxBytes: 0, limit: 100 };
const MIB = 2 ** 20;

/** 50 MiB in a history that nothing keeps. */
function appendLargeHistory(bench: SpoolBench): void {
  for (let from = 1; from <= 800; from += 100) {
    const events = makeEvents(from, from + 99);
    const payload = "x".repeat(65_000);
    bench.spool.commit(batchOf({ events: events.map((event) => ({ ...event, payload })) }));
  }
}

/** How much there is of each kind, in the order in which they are to go. */
function kinds(bench: SpoolBench): number[] {
  const search = { isFailed: false, isWanted: () => true };
  const attempts = [...searchAttempts(bench.spool, search)].flat().length;
  const letters = bench.deadLetters("a").length;
  const replays = bench.spool.readReplays("a", { afterPlace: 0, limit: 100 }).length;
  const waiting = bench.waiting("a").length;
  const history = bench.places().length - letters - replays - waiting;
  return [history, attempts, letters, replays, waiting];
}

Deno.test("history goes first, then attempts, dead letters, replays, and at last what waits", async () => {
  for (const limit of [1, 2, 3, 100]) {
    await using bench = await SpoolBench.make();
    bench.spool.setWebhooks([owner("a")]);
    bench.append(1, 12);
    bench.finish(...[1, 3, 5].map((seq) => givenUp("a", seq)));
    bench.finish(...[2, 4, 6, 7, 8].map((seq) => delivered("a", seq)));
    queueReplays(bench.spool, { webhook: "a", seqs: [3, 4], isDryRun: false });
    bench.spool.commit(batchOf({ attempts: [1, 2, 3].map(makeAttempt) }));
    let before = kinds(bench);
    assertEquals(before, [4, 3, 2, 2, 4]);
    for (let step = 0; step < 40; step++) {
      bench.forget({ ...NO_ROOM, limit });
      const after = kinds(bench);
      const left = after.findIndex((count) => count > 0);
      const later = left < 0 ? [] : after.slice(left + 1);
      assertEquals(later, before.slice(after.length - later.length), `${before} became ${after}`);
      assertAddsUp(bench.spool);
      before = after;
    }
    assertEquals([before, bench.places()], [[0, 0, 0, 0, 0], []]);
    const { delivered: count, dead, dropped } = bench.spool.cursor("a") ?? {};
    assertEquals([count, dead, dropped, bench.spool.gapOf("a")?.events], [5, 2, 5, 5]);
  }
});

Deno.test("the oldest events that wait go, are counted for whom they waited, and become one gap", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("fast"), owner("slow"), owner("dead")]);
  bench.append(1, 10);
  bench.finish(...[1, 2, 3, 4, 5, 6].map((seq) => delivered("fast", seq)));
  bench.finish(delivered("slow", 2), delivered("slow", 4), delivered("slow", 9));
  const policy = { ...NO_ROOM, limit: 3 };
  const first = bench.forget(policy);
  assertEquals(first.dropped, new Map([["slow", 2], ["dead", 3]]));
  const { receivedMs: fromMs } = makeEvent(1);
  const { receivedMs: toMs } = makeEvent(3);
  assertEquals(bench.spool.gapOf("fast"), undefined);
  const { id, ...gap } = bench.spool.gapOf("dead") ?? {};
  assertEquals(gap, { events: 3, upTo: 3, reason: "room", fromMs, toMs });
  assertEquals([bench.waiting("slow"), bench.waiting("dead")[0]], [[5, 6, 7, 8, 10], 4]);
  bench.forget(policy);
  const grown = bench.spool.gapOf("dead");
  assertEquals([grown?.events, grown?.fromMs, grown?.toMs], [6, fromMs, makeEvent(6).receivedMs]);
  assert(grown?.id !== id, "the gap grew and kept its id");
  assertEquals(bench.spool.gapOf("slow")?.events, 4);
  assertEquals(bench.spool.gapOf("fast"), undefined);
  assertAddsUp(bench.reopen());
  assertEquals(bench.spool.gapOf("dead"), grown);
});

Deno.test("what is dropped while it is posted stays dropped", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 5);
  bench.forget({ ...NO_ROOM, limit: 3 });
  bench.finish(delivered("a", 1), givenUp("a", 2));
  const { delivered: count, dead, dropped, pending } = bench.spool.cursor("a") ?? {};
  assertEquals([count, dead, dropped, pending], [0, 0, 3, 2]);
  assertEquals(bench.deadLetters("a"), []);
  assertAddsUp(bench.spool);
});

Deno.test("no more goes than must", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  const events = makeEvents(1, 300).map((event) => ({ ...event, payload: "x".repeat(10_000) }));
  bench.spool.commit(batchOf({ events }));
  bench.finish(...makeEvents(1, 30).map((_, index) => delivered("a", index + 1)));
  bench.forgetAll({ keepFromMs: 0, spoolMaxBytes: MIB, limit: 10 });
  const [oldest = 0] = bench.waiting("a");
  assert(bench.spool.usedBytes <= MIB, `${bench.spool.usedBytes} bytes are used`);
  assert(oldest > 200 && oldest <= 220, `all before ${oldest} went`);
  const gone = bench.spool.cursor("a")?.dropped;
  assertEquals([gone, bench.spool.gapOf("a")?.events], [oldest - 31, oldest - 31]);
  assertEquals(bench.places()[0], oldest);
  assertAddsUp(bench.spool);
});

Deno.test("room in the file that is not needed is given back", async () => {
  await using bench = await SpoolBench.make();
  appendLargeHistory(bench);
  bench.reopen();
  assert((await Deno.stat(bench.path)).size > 50 * MIB, "the history is too small for the test");
  bench.forgetAll({ keepFromMs: 0, historyMaxBytes: 0, limit: 100 });
  bench.reopen();
  const { size } = await Deno.stat(bench.path);
  assert(size < 33 * MIB, `the file has still ${size} bytes`);
  bench.append(801, 802);
  assertEquals(bench.places(), [801, 802]);
});

Deno.test("a file that cannot become smaller does not keep the spool busy", async () => {
  await using bench = await SpoolBench.make();
  const plain = new DatabaseSync(bench.path);
  plain.exec(`${SCHEMA}; PRAGMA application_id = ${APPLICATION_ID}`);
  plain.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  plain.close();
  appendLargeHistory(bench);
  bench.forgetAll({ keepFromMs: 0, historyMaxBytes: 0, limit: 100 });
  assertEquals(bench.places(), []);
});

Deno.test("replays that had to go are told of, whether they count or not", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 4);
  bench.finish(givenUp("a", 1), ...[2, 3, 4].map((seq) => delivered("a", seq)));
  bench.finish(...[1, 2, 3, 4].map((seq) => delivered("b", seq)));
  queueReplays(bench.spool, { webhook: "a", seqs: [1, 2], isDryRun: false });
  queueReplays(bench.spool, { webhook: "b", seqs: [3], isDryRun: false });
  const gone = new Map<string, number>();
  for (let step = 0; step < 10; step++) {
    for (const [webhook, events] of bench.forget(NO_ROOM).dropped) {
      gone.set(webhook, events + (gone.get(webhook) ?? 0));
    }
  }
  assertEquals(gone, new Map([["a", 2], ["b", 1]]));
  const { dropped, replaying } = bench.spool.cursor("a") ?? {};
  assertEquals([dropped, replaying, bench.spool.gapOf("b")], [1, 0, undefined]);
  assertAddsUp(bench.spool);
});
