/**
 * Damage: the spool begins anew with what it still knows, and what waited and is gone is dropped.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { SpoolError } from "../../src/spool/errors.ts";
import { queueReplays } from "../../src/spool/replays.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { type Random, withRandom } from "../support/random.ts";
import {
  assertAddsUp,
  batchOf,
  delivered,
  givenUp,
  makeEvent,
  makeEvents,
  owner,
  readAllWaiting,
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

Deno.test("a commit that finds damage is kept, and so is what waits, in a new file", async () => {
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
      ["a", 3, 7, 2, 0, undefined],
      ["b", 0, 12, 0, 0, undefined],
      ["c", 10, 1, 1, 0, undefined],
    ]);
    assertEquals([bench.waiting("a"), bench.waiting("c")], [[5, 6, 8, 9, 10, 11, 12], [11]]);
    assertEquals(readAllWaiting(spool, "b")[2], { seq: 3, ...makeEvent(3) });
    assertEquals([bench.deadLetters("a"), bench.deadLetters("c")], [[4], [12]]);
  }
  bench.append(13, 13);
  bench.finish(delivered("a", 5), delivered("b", 1));
  bench.forgetAll({ historyMaxBytes: 0 });
  assertEquals([bench.waiting("c"), bench.places()[0]], [[11, 13], 2]);
  assertEquals(bench.setAside.length, 1);
});

Deno.test("what cannot be read any more counts as dropped, and is told of as such", async () => {
  for (const [page, isFirstLeft] of [["/000/", false], ["/002/", true]] as const) {
    await using bench = await makeBench();
    bench.append(11, 500);
    bench.damage("events", page);
    const waiting = bench.waiting("b");
    assertEquals(bench.setAside.length, 1);
    assert(waiting.length > 300 && waiting.length < 500, `${waiting.length} events are left`);
    assertEquals([waiting.includes(1), waiting.includes(500)], [isFirstLeft, true]);
    for (const spool of bench.nowAndReopened()) {
      const lost = 500 - waiting.length;
      assertEquals(counts(bench)[1], ["b", 0, waiting.length, 0, lost, lost]);
      assertEquals(bench.waiting("b"), waiting);
      const { id: _, ...gap } = spool.gapOf("b") ?? {};
      const [fromMs, toMs] = [START_MS + 1000, START_MS + 1000];
      assertEquals(gap, { events: lost, upTo: lost, reason: "damage", fromMs, toMs });
    }
    assert(bench.spool.gapOf("a")?.id !== bench.spool.gapOf("b")?.id, "two gaps have one id");
  }
});

Deno.test("of very many events that wait the newest are taken over", async () => {
  await using bench = await makeBench();
  bench.append(11, 20_010);
  bench.finish(delivered("c", 20_009));
  bench.damage("dead_letters");
  bench.finish(givenUp("a", 2), givenUp("a", 4));
  assertEquals(counts(bench).slice(0, 2), [
    ["a", 3, 20_000, 1, 6, 6],
    ["b", 0, 20_000, 0, 10, 10],
  ]);
  assertEquals([bench.waiting("b")[0], bench.waiting("b").length], [11, 20_000]);
});

Deno.test("looking back that finds damage fails, and nothing is set aside", async () => {
  await using bench = await makeBench();
  bench.append(11, 500);
  bench.damage("dead_letters");
  bench.damage("events", "/000/");
  assertThrows(() => bench.deadLetters("a"), SpoolError, "disk image is malformed");
  assertThrows(() => bench.places(), SpoolError, "disk image is malformed");
  // How many wait is told all the same.
  assertEquals(bench.spool.cursors().map(({ pending }) => pending), [496, 500, 490]);
  assertEquals(bench.setAside, []);
});

Deno.test("dead letters that cannot be counted stop nothing, and no count is made up", async () => {
  await using bench = await makeBench();
  assertEquals(bench.spool.deadLettersOf("a"), 1);
  bench.damage("dead_letters");
  bench.reopen();
  assertEquals(bench.spool.deadLettersOf("a"), undefined);
  bench.append(11, 20);
  assertEquals(bench.setAside, []);
  bench.finish(givenUp("a", 4));
  assertEquals([bench.setAside.length, bench.spool.deadLettersOf("a")], [1, 1]);
});

Deno.test("forgetting that finds damage leaves counts that are right on the disk too", async () => {
  await using bench = await makeBench();
  bench.append(11, 2000);
  // The oldest event that waits for `b`, which is looked for within the transaction.
  bench.damage("events", "/000/");
  bench.forgetAll({ spoolMaxBytes: 1e5, historyMaxBytes: 0 });
  assertEquals(bench.setAside.length, 1);
  const now = counts(bench);
  const [, , pending] = now[1] as number[];
  assert(Number(pending) > 0 && Number(pending) < 1000, `${pending} wait`);
  bench.reopen();
  assertEquals(counts(bench), now);
});

Deno.test("a gap that was not told of yet grows", async () => {
  await using bench = await makeBench();
  bench.append(11, 500);
  bench.forget({ spoolMaxBytes: 0, limit: 2 });
  const before = bench.spool.gapOf("b");
  assertEquals([before?.events, before?.reason], [2, "room"]);
  bench.damage("events", "/001/");
  assert(bench.waiting("b").length < 498, "nothing was lost");
  const gap = bench.spool.gapOf("b");
  assertEquals([gap?.events, gap?.reason], [500 - bench.waiting("b").length, "damage"]);
  assertEquals(gap?.fromMs, before?.fromMs);
  assert(gap?.id !== before?.id, "the gap grew and kept its id");
});

Deno.test("replays that waited are gone, and what comes of them later is not counted", async () => {
  await using bench = await makeBench();
  queueReplays(bench.spool, { webhook: "a", seqs: [2, 1], isDryRun: false });
  const [first, second] = bench.spool.readReplays("a", { afterPlace: 0, limit: 9 });
  const { seq = 0, place = 0 } = first ?? {};
  assertEquals(bench.spool.isReplayWaiting("a", { place, seq }), true);
  let renewed = 0;
  bench.damage("dead_letters").onRenewed = () => renewed++;
  bench.finish(givenUp("b", 4));
  assertEquals([renewed, bench.spool.isReplayWaiting("a", { place, seq })], [1, false]);
  assertEquals(counts(bench)[0], ["a", 3, 6, 0, 1, 1]);
  assertEquals(bench.spool.cursor("a")?.replaying, 0);
  // A replay of the new file has the place that one of the old file had.
  bench.append(11, 11);
  bench.finish(delivered("a", 11));
  queueReplays(bench.spool, { webhook: "a", seqs: [11], isDryRun: false });
  for (const { seq = 0, place = 0 } of [first ?? {}, second ?? {}]) {
    bench.finish({ kind: "finished", webhook: "a", seq, replay: place });
  }
  assertEquals(counts(bench)[0], ["a", 4, 6, 0, 1, 1]);
  const left = bench.spool.readReplays("a", { afterPlace: 0, limit: 9 });
  assertEquals(left.map(({ seq }) => seq), [11]);
});

Deno.test("a file that lost what was written last is damaged too", async () => {
  await using bench = await makeBench();
  bench.close();
  const database = new DatabaseSync(bench.path);
  database.exec("UPDATE totals SET value = 8 WHERE name = 'received'");
  database.close();
  bench.append(11, 11);
  const reason = `Cannot write to the spool ${bench.path}: UNIQUE constraint failed: events.seq`;
  assertEquals(bench.setAside.map((setAside) => setAside.reason), [reason]);
  const ten = Array.from({ length: 10 }, (_, index) => index + 1);
  assertEquals([bench.spool.lastSeq, bench.waiting("b")], [11, [...ten, 11]]);
  assertEquals(counts(bench)[2], ["c", 10, 1, 0, 0, undefined]);
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
  const waiting = bench.waiting("b");
  const reason = `Cannot read the spool ${bench.path}: the log is out of order`;
  assertEquals(bench.setAside.map((setAside) => setAside.reason), [reason]);
  assertEquals(counts(bench)[1], ["b", 0, 498, 0, 2, 2]);
  assertEquals(waiting, [...new Set(waiting)].toSorted((a, b) => a - b));
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
    assertEquals(counts(bench).slice(0, 2), [
      ["a", 3, 6, 2, 0, undefined],
      ["b", 0, 11, 0, 0, undefined],
    ]);
    assertEquals(bench.waiting("a"), [5, 6, 8, 9, 10, 11]);
  }
  assertEquals(bench.setAside.length, 1);
});

Deno.test("damage that is found at the start costs no more than damage that is found later", async () => {
  for (const table of ["totals", "replays"]) {
    await using bench = await makeBench();
    queueReplays(bench.spool, { webhook: "a", seqs: [2], isDryRun: false });
    bench.damage(table);
    assertEquals([bench.setAside.length, bench.kept], [1, [10]]);
    for (const spool of bench.nowAndReopened()) {
      assertEquals(spool.lastSeq, 10);
      assertEquals(counts(bench), [
        ["a", 3, 6, 0, 1, 1],
        ["b", 0, 10, 0, 0, undefined],
        ["c", 10, 0, 0, 0, undefined],
      ]);
      assertEquals(bench.waiting("a"), [4, 5, 6, 8, 9, 10]);
      assertEquals(spool.gapOf("a")?.reason, "damage");
    }
    // A new webhook gets a number that no other one has had.
    bench.spool.setWebhooks([owner("a"), owner("b"), owner("c"), owner("d")]);
    bench.append(11, 11);
    bench.finish(givenUp("d", 11), givenUp("c", 11));
    assertEquals([bench.deadLetters("c"), bench.deadLetters("d")], [[11], [11]]);
  }
});

Deno.test("a spool whose cursors cannot be read says that it knows nothing any more", async () => {
  await using bench = await makeBench();
  bench.damage("cursors");
  assertEquals([bench.spool.lastSeq, bench.spool.cursors(), bench.kept], [0, [], [undefined]]);
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

/** Spoils some pages of the log. */
function spoilPages(path: string, random: Random): void {
  const database = new DatabaseSync(path);
  const pages = database.prepare("SELECT pageno FROM dbstat WHERE name = 'events'").all();
  database.close();
  using file = Deno.openSync(path, { write: true });
  for (const { pageno } of random.shuffled(pages).slice(0, 1 + random.below(4))) {
    file.seekSync((Number(pageno) - 1) * 4096, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(4096).fill(random.below(256)));
  }
}

Deno.test("whichever pages are damaged, what is left is right and all of it is accounted for", () =>
  withRandom(async (random) => {
    let harmed = 0;
    for (let round = 0; round < 12; round++) {
      await using bench = await SpoolBench.make();
      const names = ["a", "b", "c"];
      bench.spool.setWebhooks(names.map(owner));
      bench.append(1, 2000);
      for (const name of names) {
        const share = random.next() / 2 ** 32;
        const seqs = makeEvents(1, 2000).map((_, index) => index + 1)
          .filter(() => random.chance(share));
        bench.finish(...seqs.map((seq) => delivered(name, seq)));
      }
      const before = new Map(names.map((name) => [name, bench.waiting(name)]));
      bench.close();
      spoilPages(bench.path, random);
      for (const name of names) bench.waiting(name);
      // Damage that nobody waits for does no harm.
      const found = bench.setAside.length;
      harmed += found;
      bench.append(bench.spool.lastSeq + 1, bench.spool.lastSeq + 3);
      for (const spool of bench.nowAndReopened()) {
        assertAddsUp(spool);
        for (const name of names) {
          const known = before.get(name) ?? [];
          const waiting = bench.waiting(name);
          const cursor = spool.cursor(name);
          assertEquals(waiting.length, cursor?.pending, `${name} in round ${round}`);
          assertEquals(waiting.filter((seq) => seq <= 2000 && !known.includes(seq)), []);
          assertEquals(spool.gapOf(name)?.events ?? 0, cursor?.dropped);
          for (const { seq, ...event } of readAllWaiting(spool, name)) {
            assertEquals(event, makeEvent(seq));
          }
        }
      }
      for (const name of names) {
        bench.finish(...bench.waiting(name).map((seq) => delivered(name, seq)));
      }
      bench.forgetAll({ historyMaxBytes: 0 });
      if (found > 0) assertEquals([bench.places(), bench.setAside.length], [[], found]);
      assertAddsUp(bench.spool);
    }
    assert(harmed > 6, `only ${harmed} rounds met damage`);
  }));
