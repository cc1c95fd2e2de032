/**
 * Where each webhook stands, through changes of the registry and outcomes of all kinds.
 *
 * @module
 */
import type { CursorState, Gap } from "../../src/spool/spool_types.ts";
import { queueReplays } from "../../src/spool/replays.ts";
import { toNumber } from "../../src/spool/rows.ts";
import { assert, assertEquals } from "../support/assert.ts";
import {
  assertAddsUp,
  delivered,
  givenUp,
  makeEvent,
  makeEvents,
  owner,
  readAllWaiting,
  SpoolBench,
  START_MS,
} from "../support/spool_bench.ts";

/** The whole state of a webhook that nothing happened to. */
function fresh(webhook: string, startSeq: number): CursorState {
  const counts = { delivered: 0, dead: 0, dropped: 0, filtered: 0, pending: 0 };
  const replays = { replayed: 0, replaying: 0 };
  return { webhook, startSeq, doneSeq: startSeq, ...counts, ...replays };
}

Deno.test("a new webhook begins with the next event", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 3);
  bench.spool.setWebhooks([owner("late")]);
  assertEquals(bench.spool.cursors(), [fresh("late", 3)]);
  bench.append(4, 5);
  assertEquals(bench.waiting("late"), [4, 5]);
  assertAddsUp(bench.spool);
});

Deno.test("a renamed webhook keeps its place, counts, dead letters and replays", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 5);
  bench.finish(givenUp("a", 1), givenUp("a", 2), delivered("a", 4));
  queueReplays(bench.spool, { webhook: "a", seqs: [2, 4], isDryRun: false });
  const before = bench.spool.cursor("a");
  bench.spool.setWebhooks([{ name: "z", url: "http://a/" }]);
  for (const spool of bench.nowAndReopened()) {
    assertEquals(spool.cursors(), [{ ...fresh("z", 0), ...before, webhook: "z" }]);
    assertEquals(bench.waiting("z"), [3, 5]);
    assertEquals([bench.deadLetters("a"), bench.deadLetters("z")], [[], [1]]);
    const replays = spool.readReplays("z", { afterPlace: 0, limit: 10 });
    assertEquals(replays.map(({ seq, id }) => [seq, id]), [[2, "id-2"], [4, "id-4"]]);
    assertAddsUp(spool);
  }
});

Deno.test("a removed webhook loses all it had, and begins anew when it comes back", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 4);
  bench.finish(givenUp("a", 1), givenUp("b", 1), givenUp("a", 2), delivered("a", 3));
  queueReplays(bench.spool, { webhook: "a", seqs: [2, 3], isDryRun: false });
  const [dropped, ...others] = bench.spool.setWebhooks([owner("b")]);
  assertEquals(others, []);
  assertEquals([dropped?.webhook, dropped?.pending, dropped?.dead], ["a", 2, 1]);
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.finish(delivered("a", 4));
  for (const spool of bench.nowAndReopened()) {
    assertEquals(spool.cursor("a"), fresh("a", 4));
    assertEquals(spool.readReplays("a", { afterPlace: 0, limit: 10 }), []);
    assertEquals([bench.deadLetters("a"), bench.deadLetters("b")], [[], [1]]);
    assertAddsUp(spool);
  }
});

Deno.test("a removed webhook leaves no events that only it kept", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 4);
  for (const seq of [1, 2, 3, 4]) {
    bench.finish(givenUp("a", seq), seq === 1 ? givenUp("b", seq) : delivered("b", seq));
  }
  queueReplays(bench.spool, { webhook: "a", seqs: [3], isDryRun: false });
  bench.forgetAll({ historyMaxBytes: 0 });
  assertEquals(bench.places(), [1, 2, 3, 4]);
  bench.spool.setWebhooks([owner("b")]);
  bench.forgetAll({ historyMaxBytes: 0, limit: 1 });
  assertEquals(bench.places(), [1]);
});

Deno.test("webhooks that are gone can be kept", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 3);
  assertEquals(bench.spool.setWebhooks([owner("b"), owner("c")], { keepGone: true }), []);
  assertEquals(bench.spool.owners().map(({ name }) => name), ["a", "b", "c"]);
  const dropped = bench.spool.setWebhooks([owner("b")]);
  assertEquals(dropped.map(({ webhook, pending }) => [webhook, pending]), [["a", 3], ["c", 0]]);
  assertAddsUp(bench.spool);
});

Deno.test("an outcome counts once, and never for a webhook that is gone", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 3);
  bench.finish(delivered("a", 2), givenUp("a", 2));
  bench.finish(delivered("a", 1), givenUp("gone", 3), delivered("a", 1));
  const { doneSeq, delivered: count, dead } = bench.spool.cursor("a") ?? fresh("", 0);
  assertEquals([doneSeq, count, dead], [2, 2, 0]);
  assertEquals([bench.deadLetters("a"), bench.deadLetters("gone")], [[], []]);
  assertAddsUp(bench.spool);
});

Deno.test("what ended in another order is remembered after opening again", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 9);
  bench.finish(delivered("a", 9), givenUp("a", 4), delivered("a", 3));
  bench.reopen();
  assertEquals([bench.spool.cursor("a")?.doneSeq, bench.waiting("a")], [0, [1, 2, 5, 6, 7, 8]]);
  assertEquals([2, 3, 10].map((seq) => bench.spool.isWaiting("a", seq)), [true, false, true]);
  bench.finish(delivered("a", 1), delivered("a", 2));
  assertEquals([bench.spool.cursor("a")?.doneSeq, bench.waiting("a")], [4, [5, 6, 7, 8]]);
  const read = readAllWaiting(bench.spool, "a");
  assertEquals(read[0], { seq: 5, ...makeEvent(5) });
});

Deno.test("a pause lasts until it is taken back or the URL changes", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  const pause = { sinceMs: START_MS, reason: "410 Gone" };
  const paused = { kind: "paused", webhook: "a", pause } as const;
  const later = { ...paused, pause: { sinceMs: START_MS + 1, reason: "again" } };
  bench.finish(paused, later);
  assertEquals(bench.reopen().cursor("a")?.pause, pause);
  bench.finish({ kind: "resumed", webhook: "a" });
  assertEquals(bench.reopen().cursor("a")?.pause, undefined);
  bench.finish(paused);
  bench.spool.setWebhooks([{ name: "z", url: "http://a/" }]);
  assertEquals(bench.spool.cursor("z")?.pause, pause);
  bench.spool.setWebhooks([{ name: "z", url: "http://elsewhere/" }]);
  assertEquals(bench.reopen().cursor("z")?.pause, undefined);
});

Deno.test("that a webhook fails is remembered until it recovers or the URL changes", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  const times = { sinceMs: START_MS, forMs: 60_000, waitUntilMs: START_MS + 1, waitMs: 1 };
  const failing = { ...times, attempts: 7, reason: "503 Service Unavailable" };
  const failed = { kind: "failing", webhook: "a", failing } as const;
  bench.finish({ ...failed, failing: { ...failing, attempts: 6 } }, failed);
  assertEquals(bench.reopen().cursor("a")?.failing, failing);
  assertEquals(bench.spool.cursor("b")?.failing, undefined);
  bench.finish({ kind: "recovered", webhook: "a" });
  assertEquals(bench.reopen().cursor("a")?.failing, undefined);
  bench.finish(failed);
  bench.spool.setWebhooks([{ name: "z", url: "http://a/" }]);
  assertEquals(bench.spool.cursor("z")?.failing, failing);
  bench.spool.setWebhooks([{ name: "z", url: "http://elsewhere/" }]);
  assertEquals(bench.reopen().cursor("z")?.failing, undefined);
});

Deno.test("a gap is told of once, and what it grew by meanwhile is left to be told", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 3);
  bench.forget({ spoolMaxBytes: 0, limit: 2 });
  const gap: Gap = {
    ...{ id: "new-1", events: 2, upTo: 2, reason: "room" as const },
    ...{ fromMs: makeEvent(1).receivedMs, toMs: makeEvent(2).receivedMs },
  };
  assertEquals([bench.reopen().gapOf("a"), bench.spool.cursor("a")?.gap], [gap, gap]);
  // It was told of when it was smaller.
  bench.finish({ kind: "gap_told", webhook: "a", upTo: 1 });
  assertEquals(bench.reopen().gapOf("a"), { ...gap, events: 1 });
  bench.finish({ kind: "gap_told", webhook: "a", upTo: 2 });
  assertEquals([bench.spool.gapOf("a"), bench.reopen().gapOf("a")], [undefined, undefined]);
  assertEquals(bench.spool.cursor("a")?.dropped, 2);
  assertAddsUp(bench.spool);
});

Deno.test("renaming and removing a webhook costs the same however much it has", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 3000);
  bench.finish(...makeEvents(1, 3000).map((_, index) => givenUp("a", index + 1)));
  queueReplays(bench.spool, { webhook: "a", seqs: [7, 8, 9], isDryRun: false });
  const rows = () =>
    bench.spool.read((database) => toNumber(database.first("SELECT total_changes() AS n"), "n"));
  const before = rows();
  bench.spool.setWebhooks([{ name: "z", url: "http://a/" }, owner("b")]);
  assertEquals(bench.deadLetters("z").length, 2997);
  bench.spool.setWebhooks([owner("b")]);
  assert(rows() - before < 10, `${rows() - before} rows were changed`);
  assertEquals(bench.deadLetters("z"), []);
  // What it had goes in steps, also after a restart, and without a trace.
  bench.finish(...makeEvents(1, 3000).map((_, index) => delivered("b", index + 1)));
  bench.reopen();
  const steps = rows();
  assertEquals(bench.forget({ limit: 100 }).isMore, true);
  assert(rows() - steps < 210, `${rows() - steps} rows were changed in one step`);
  bench.forgetAll({ limit: 100, historyMaxBytes: 0 });
  assertEquals(bench.places(), []);
  const left = ["dead_letters", "replays", "removed_cursors"].flatMap((table) =>
    bench.spool.read((database) => database.all(`SELECT * FROM ${table}`))
  );
  assertEquals(left, []);
});

Deno.test("what a gap grew by while it was told is told of by itself", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 20);
  bench.forget({ spoolMaxBytes: 0, limit: 3 });
  assertEquals(bench.spool.gapOf("a")?.upTo, 3);
  bench.forget({ spoolMaxBytes: 0, limit: 5 });
  const grown = bench.spool.gapOf("a");
  assertEquals([grown?.events, grown?.upTo], [8, 8]);
  bench.finish({ kind: "gap_told", webhook: "a", upTo: 3 });
  assertEquals(bench.reopen().gapOf("a"), { ...grown, events: 5 });
  bench.finish({ kind: "gap_told", webhook: "a", upTo: 8 });
  bench.forget({ spoolMaxBytes: 0, limit: 2 });
  const next = bench.reopen().gapOf("a");
  assertEquals([next?.events, next?.upTo, next?.fromMs], [2, 10, makeEvent(9).receivedMs]);
});
