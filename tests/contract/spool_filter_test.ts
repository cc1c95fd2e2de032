/**
 * What the filters of webhooks leave out: counted, and in nobody's way.
 *
 * @module
 */
import { queueReplays } from "../../src/spool/replays.ts";
import { assertEquals } from "../support/assert.ts";
import {
  assertAddsUp,
  batchOf,
  delivered,
  filtered,
  givenUp,
  makeEvent,
  makeEvents,
  owner,
  SpoolBench,
} from "../support/spool_bench.ts";

/** The filter of a webhook that wants no connections of peers, every third event of the bench. */
const NO_PEERS = ({ event }: { event: string }) => event !== "PEER_CONNECT";

/** What came, and what became of it: delivered, pending, dead, dropped, filtered. */
function counts(bench: SpoolBench, webhook: string): number[] {
  assertAddsUp(bench.spool);
  const cursor = bench.spool.cursor(webhook);
  if (cursor === undefined) throw new Error(`${webhook} has no cursor`);
  return [cursor.delivered, cursor.pending, cursor.dead, cursor.dropped, cursor.filtered];
}

Deno.test("ranges that a filter leaves out are done, and count as filtered", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 3);
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(4, 20);
  bench.finish(delivered("a", 6), givenUp("a", 12), filtered("a", [1, 5], [10, 14], [18, 18]));
  for (const _ of bench.nowAndReopened()) {
    assertEquals(counts(bench, "a"), [1, 8, 1, 0, 7]);
    assertEquals(bench.waiting("a"), [7, 8, 9, 15, 16, 17, 19, 20]);
    assertEquals(counts(bench, "b"), [0, 17, 0, 0, 0]);
  }
});

Deno.test("what is filtered once more, or is done already, stays what it is", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 6);
  bench.finish(delivered("a", 2), filtered("a", [1, 3]), filtered("a", [1, 4]));
  bench.finish(delivered("a", 3), givenUp("a", 4), filtered("gone", [1, 6]));
  assertEquals(counts(bench, "a"), [1, 2, 0, 0, 3]);
  assertEquals(bench.deadLetters("a"), []);
});

Deno.test("a long stretch that is filtered is one range, however it was told of", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 3001);
  for (let from = 2; from <= 3001; from += 100) bench.finish(filtered("a", [from, from + 99]));
  const text = bench.spool.read((database) =>
    database.first("SELECT done_seq, done_beyond, filtered FROM cursors")
  );
  assertEquals({ ...text }, { done_seq: 0, done_beyond: "2-3001", filtered: 3000 });
});

Deno.test("what was filtered is posted when somebody asks for it, and stays filtered", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 4);
  bench.finish(filtered("a", [1, 4]));
  queueReplays(bench.spool, { webhook: "a", seqs: [2, 3], isDryRun: false, isWanted: NO_PEERS });
  const replays = bench.spool.readReplays("a", { afterPlace: 0, limit: 9 });
  assertEquals(replays.map(({ seq }) => seq), [2, 3]);
  bench.finish(...replays.map(({ seq, place }) => ({ ...delivered("a", seq), replay: place })));
  assertEquals(counts(bench, "a"), [0, 0, 0, 0, 4]);
  assertEquals(bench.spool.cursor("a")?.replayed, 2);
});

Deno.test("a replay does not wait for a turn that the filter will not let come", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 6);
  const request = { webhook: "a", seqs: [2, 3, 6], isWanted: NO_PEERS };
  const expected = { queued: [3, 6], deadLetters: 0, waiting: 1, forgotten: 0 };
  assertEquals(queueReplays(bench.spool, { ...request, isDryRun: true }), expected);
  assertEquals(counts(bench, "a"), [0, 6, 0, 0, 0]);
  assertEquals(queueReplays(bench.spool, { ...request, isDryRun: false }), expected);
  assertEquals(counts(bench, "a"), [0, 4, 0, 0, 2]);
  assertEquals([bench.waiting("a"), bench.spool.cursor("a")?.replaying], [[1, 2, 4, 5], 2]);
  const again = { ...expected, queued: [], waiting: 3 };
  assertEquals(queueReplays(bench.spool, { ...request, isDryRun: false }), again);
});

Deno.test("for want of room, only what the filter lets through is dropped and told of", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks(["a", "b", "c"].map(owner));
  bench.append(1, 30);
  bench.finish(delivered("b", 4), filtered("b", [3, 3]));
  const { dropped } = bench.forget({
    spoolMaxBytes: 0,
    limit: 20,
    filterOf: (name) => name === "a" ? undefined : name === "b" ? NO_PEERS : () => false,
  });
  assertEquals(dropped, new Map([["a", 20], ["b", 13]]));
  for (const spool of bench.nowAndReopened()) {
    assertEquals(counts(bench, "a"), [0, 10, 0, 20, 0]);
    assertEquals(counts(bench, "b"), [1, 10, 0, 13, 6]);
    assertEquals(counts(bench, "c"), [0, 10, 0, 0, 20]);
    assertEquals(["a", "b", "c"].map((name) => spool.gapOf(name)?.events), [20, 13, undefined]);
  }
  assertEquals(bench.spool.gapOf("b")?.toMs, makeEvent(20).receivedMs);
});

Deno.test("what went with a damaged file is dropped, and what was filtered before is not", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 10);
  bench.finish(delivered("a", 1), filtered("a", [2, 5]), givenUp("a", 6));
  queueReplays(bench.spool, { webhook: "a", seqs: [6], isDryRun: false });
  bench.damage("dead_letters");
  bench.spool.change("find", (database) => void database.all("SELECT * FROM dead_letters"));
  assertEquals(bench.setAside.length, 1);
  for (const _ of bench.nowAndReopened()) assertEquals(counts(bench, "a"), [1, 4, 0, 1, 4]);
  // Told of after that, by a lane that had read it before.
  bench.finish(filtered("a", [2, 8]));
  assertEquals(counts(bench, "a"), [1, 2, 0, 1, 6]);
});

Deno.test("a renamed webhook keeps what was filtered, a new one begins with nothing", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.spool.commit(batchOf({ events: makeEvents(1, 5) }));
  bench.finish(filtered("a", [1, 5]));
  const renamed = { name: "z", url: "http://a/" };
  bench.spool.setWebhooks([renamed]);
  bench.spool.setWebhooks([renamed, { name: "a", url: "http://new/" }]);
  assertEquals([counts(bench, "z"), counts(bench, "a")], [[0, 0, 0, 0, 5], [0, 0, 0, 0, 0]]);
  // Told of late, under the name of another one.
  bench.finish(filtered("a", [1, 5]));
  assertEquals(counts(bench, "a"), [0, 0, 0, 0, 0]);
});
