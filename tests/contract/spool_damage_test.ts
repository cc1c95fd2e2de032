/**
 * Damage that is found while the spool runs: it begins anew, and what waited counts as dropped.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { SpoolError } from "../../src/spool/errors.ts";
import { queueReplays } from "../../src/spool/replays.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import {
  assertAddsUp,
  batchOf,
  delivered,
  givenUp,
  makeEvents,
  owner,
  SpoolBench,
  START_MS,
} from "../support/spool_bench.ts";

/** Ten events; `a` is done with four, `b` with none, `c` with all. */
async function makeBench(): Promise<SpoolBench> {
  const bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b"), owner("c")]);
  bench.append(1, 10);
  bench.finish(delivered("a", 1), givenUp("a", 2), delivered("a", 3), delivered("a", 7));
  bench.finish(...makeEvents(1, 10).map((_, index) => delivered("c", index + 1)));
  bench.nowMs += 1000;
  return bench;
}

/** What each webhook's counts are, and how many events it will be told of. */
function counts(bench: SpoolBench): unknown[] {
  assertAddsUp(bench.spool);
  return bench.spool.cursors().map(({ webhook, delivered, pending, dead, dropped, gap }) => {
    return [webhook, delivered, pending, dead, dropped, gap?.events];
  });
}

Deno.test("a commit that finds damage is kept, in a new file with places that go on", async () => {
  await using bench = await makeBench();
  bench.damage("dead_letters");
  assertEquals(bench.setAside, []);
  bench.spool.commit(batchOf({
    events: makeEvents(11, 12),
    outcomes: [givenUp("a", 4), givenUp("c", 12)],
    refused: 2,
  }));
  const reason = `Cannot write to the spool ${bench.path}: database disk image is malformed`;
  assertEquals(bench.setAside, [
    { movedTo: `${bench.path}.damaged-20231114T221321Z`, reason },
  ]);
  for (const spool of bench.nowAndReopened()) {
    assertEquals(spool.totals, { received: 12, refused: 2, lost: 0 });
    assertEquals(counts(bench), [
      ["a", 3, 2, 1, 6, 6],
      ["b", 0, 2, 0, 10, 10],
      ["c", 10, 1, 1, 0, undefined],
    ]);
    assertEquals([bench.waiting("a"), bench.waiting("c")], [[11, 12], [11]]);
    assertEquals([bench.places(), bench.deadLetters("c")], [[11, 12], [12]]);
    const { id: _, ...gap } = spool.gapOf("b") ?? {};
    assertEquals(gap, { events: 10, fromMs: START_MS + 1000, toMs: START_MS + 1000 });
  }
  assert(bench.spool.gapOf("a")?.id !== bench.spool.gapOf("b")?.id, "two gaps have one id");
  bench.append(13, 13);
  assertEquals(bench.waiting("b"), [11, 12, 13]);
  assertEquals(bench.setAside.length, 1);
});

Deno.test("reading that finds damage goes on with nothing", async () => {
  for (const isNext of [true, false]) {
    await using bench = await makeBench();
    bench.append(11, 500);
    // The first page of the log, or another one.
    bench.damage("events", isNext ? "/000/" : "/002/");
    assertEquals(bench.waiting("b").filter((seq) => seq > 400), []);
    assertEquals(bench.setAside.length, 1);
    assertEquals(counts(bench)[1], ["b", 0, 0, 0, 500, 500]);
    assertEquals(bench.waiting("b"), []);
  }
});

Deno.test("forgetting that finds damage leaves counts that are right on the disk too", async () => {
  await using bench = await makeBench();
  bench.append(11, 2000);
  // The oldest event that waits for `b`, which is looked for within the transaction.
  bench.damage("events", "/000/");
  bench.forgetAll({ spoolMaxBytes: 1e6, historyMaxBytes: 0 });
  assertEquals(bench.setAside.length, 1);
  const now = counts(bench);
  assertEquals(now, [
    ["a", 3, 0, 1, 1996, 1996],
    ["b", 0, 0, 0, 2000, 2000],
    ["c", 10, 0, 0, 1990, 1990],
  ]);
  bench.reopen();
  assertEquals(counts(bench), now);
});

Deno.test("after beginning anew there is nothing to forget", async () => {
  await using bench = await makeBench();
  bench.append(11, 5000);
  bench.damage("dead_letters");
  bench.finish(givenUp("a", 4));
  assertEquals(bench.setAside.length, 1);
  const policy = { keepFromMs: START_MS + 1e9, historyMaxBytes: 0, limit: 10 };
  assertEquals(bench.forget(policy), { isMore: false, dropped: [] });
});

Deno.test("a gap that was not told of yet grows", async () => {
  await using bench = await makeBench();
  bench.forget({ spoolMaxBytes: 0, limit: 2 });
  const before = bench.spool.gapOf("b");
  assertEquals(before?.events, 2);
  bench.damage("dead_letters");
  bench.finish(givenUp("b", 4));
  const gap = bench.spool.gapOf("b");
  assertEquals([gap?.events, gap?.fromMs], [10, before?.fromMs]);
  assert(gap?.id !== before?.id, "the gap grew and kept its id");
});

Deno.test("replays that waited are gone, and what comes of them later is not counted", async () => {
  await using bench = await makeBench();
  queueReplays(bench.spool, { webhook: "a", seqs: [2, 1], isDryRun: false });
  const [first, second] = bench.spool.readReplays("a", { afterPlace: 0, limit: 9 });
  bench.damage("dead_letters");
  bench.finish(givenUp("b", 4));
  assertEquals(counts(bench)[0], ["a", 3, 0, 0, 7, 7]);
  assertEquals(bench.spool.cursor("a")?.replaying, 0);
  // A replay of the new file has the place that one of the old file had.
  bench.append(11, 11);
  bench.finish(delivered("a", 11));
  queueReplays(bench.spool, { webhook: "a", seqs: [11], isDryRun: false });
  for (const { seq = 0, place = 0 } of [first ?? {}, second ?? {}]) {
    bench.finish({ kind: "finished", webhook: "a", seq, replay: place });
  }
  assertEquals(counts(bench)[0], ["a", 4, 0, 0, 7, 7]);
  const left = bench.spool.readReplays("a", { afterPlace: 0, limit: 9 });
  assertEquals(left.map(({ seq }) => seq), [11]);
});

Deno.test("a file that lost what was written last is damaged too", async () => {
  await using bench = await makeBench();
  bench.close();
  const database = new DatabaseSync(bench.path);
  database.exec("UPDATE totals SET value = 8 WHERE name = 'received'");
  database.close();
  bench.append(9, 9);
  const reason = `Cannot write to the spool ${bench.path}: UNIQUE constraint failed: events.seq`;
  assertEquals(bench.setAside.map((setAside) => setAside.reason), [reason]);
  assertEquals([bench.spool.lastSeq, bench.waiting("b")], [9, [9]]);
});

Deno.test("a log that leads back to where it was is damaged too", async () => {
  await using bench = await makeBench();
  bench.append(11, 500);
  bench.damage("events", "/003/", (page) => {
    // The places of the page's rows, which stand behind their lengths: the last becomes the first.
    const view = new DataView(page.buffer);
    const [first, last] = [0, view.getUint16(3) - 1].map((row) => view.getUint16(8 + 2 * row) + 1);
    view.setUint16(last ?? 0, view.getUint16(first ?? 0));
  });
  assertEquals(bench.waiting("b"), []);
  const reason = `Cannot read the spool ${bench.path}: the log is out of order`;
  assertEquals(bench.setAside.map((setAside) => setAside.reason), [reason]);
  assertEquals(counts(bench)[1], ["b", 0, 0, 0, 500, 500]);
});

Deno.test("a new file that cannot be made is made later, once, with the right counts", async () => {
  await using bench = await makeBench();
  bench.damage("dead_letters");
  // SQLite begins a file with such a journal, and cannot open a folder.
  const obstacle = `${bench.path}-journal`;
  const batch = batchOf({ events: makeEvents(11, 11), outcomes: [givenUp("a", 4)] });
  bench.onSetAside = () => Deno.mkdirSync(obstacle);
  for (let times = 0; times < 3; times++) {
    assertThrows(() => bench.spool.commit(batch), SpoolError, "Cannot open the spool");
  }
  await Deno.remove(obstacle);
  bench.spool.commit(batch);
  for (const spool of bench.nowAndReopened()) {
    assertEquals(spool.lastSeq, 11);
    assertEquals(counts(bench).slice(0, 2), [["a", 3, 1, 1, 6, 6], ["b", 0, 1, 0, 10, 10]]);
    assertEquals(bench.waiting("a"), [11]);
  }
  assertEquals(bench.setAside.length, 1);
});

Deno.test("the journal goes aside with its file", async () => {
  await using bench = await makeBench();
  bench.damage("dead_letters");
  bench.append(11, 20);
  bench.finish(givenUp("a", 4));
  const names = [...(await bench.files()).keys()].filter((name) => name.includes("damaged"));
  const name = "spool.db.damaged-20231114T221321Z";
  assertEquals(names, [name, `${name}-wal`]);
});
