/**
 * What the spool forgets, in small steps, and what it never forgets.
 *
 * @module
 */
import { searchAttempts } from "../../src/spool/history.ts";
import { queueReplays } from "../../src/spool/replays.ts";
import { ROW_BYTES } from "../../src/spool/schema.ts";
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
  START_MS,
} from "../support/spool_bench.ts";

const FOREVER = { keepFromMs: 0 };
const LONG_AFTER = START_MS + 1e9;

/** Delivers all of the places. */
function deliver(bench: SpoolBench, webhook: string, from: number, to: number): void {
  bench.finish(...makeEvents(from, to).map((_, index) => delivered(webhook, from + index)));
}

Deno.test("history goes by age, in steps that are small", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 10);
  const policy = { keepFromMs: makeEvent(8).receivedMs, limit: 3 };
  const steps = [1, 2, 3, 4].map(() => {
    const { isMore } = bench.forget(policy);
    return [isMore, bench.places().length];
  });
  assertEquals(steps, [[true, 7], [true, 4], [false, 3], [false, 3]]);
  assertEquals(bench.places(), [8, 9, 10]);
});

Deno.test("an old event behind a young one waits for it", async () => {
  await using bench = await SpoolBench.make();
  const events = [5, 9, 4].map(makeEvent);
  bench.spool.commit(batchOf({ events }));
  bench.forgetAll({ keepFromMs: makeEvent(8).receivedMs, limit: 1 });
  assertEquals(bench.places(), [2, 3]);
});

Deno.test("history goes by size, the oldest first", async () => {
  await using bench = await SpoolBench.make();
  const events = makeEvents(1, 20).map((event) => ({ ...event, payload: "x".repeat(100) }));
  bench.spool.commit(batchOf({ events }));
  const policy = { ...FOREVER, historyMaxBytes: 7 * (100 + ROW_BYTES), limit: 2 };
  const first = bench.forget(policy);
  assertEquals([first.isMore, bench.places().length], [true, 18]);
  bench.forgetAll(policy);
  assertEquals(bench.places(), [15, 16, 17, 18, 19, 20]);
});

Deno.test("what waits is no history, however old and large it is", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("fast"), owner("slow")]);
  bench.append(1, 10);
  deliver(bench, "fast", 1, 10);
  deliver(bench, "slow", 1, 4);
  bench.finish(delivered("slow", 6));
  bench.forgetAll({ keepFromMs: makeEvent(8).receivedMs });
  assertEquals(bench.places(), [5, 6, 7, 8, 9, 10]);
  bench.forgetAll({ keepFromMs: LONG_AFTER, historyMaxBytes: 0, limit: 3 });
  assertEquals(bench.places(), [5, 6, 7, 8, 9, 10]);
  assertEquals(bench.waiting("slow"), [5, 7, 8, 9, 10]);
});

Deno.test("dead letters keep their events until they are old themselves", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 6);
  for (const seq of [1, 2, 3, 4, 5, 6]) bench.finish(givenUp("a", seq, START_MS + seq));
  deliver(bench, "b", 1, 6);
  bench.finish(givenUp("b", 3, START_MS + 3));
  bench.forgetAll({ keepFromMs: START_MS, historyMaxBytes: 0 });
  assertEquals(bench.places(), [1, 2, 3, 4, 5, 6]);
  assert(bench.forget({ keepFromMs: START_MS + 5, limit: 2 }).isMore, "two were all");
  assertEquals(bench.places(), [3, 4, 5, 6]);
  bench.forgetAll({ keepFromMs: START_MS + 5, limit: 2 });
  assertEquals([bench.places(), bench.deadLetters("a")], [[5, 6], [5, 6]]);
  assertEquals(bench.spool.cursor("a")?.dead, 6);
  assertAddsUp(bench.spool);
});

Deno.test("a dead letter that goes leaves its event to the history and to other webhooks", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 4);
  bench.finish(givenUp("a", 1, 1), givenUp("b", 1, 9), givenUp("a", 2, 1), givenUp("a", 3, 1));
  queueReplays(bench.spool, { webhook: "b", seqs: [2], isDryRun: false });
  bench.forgetAll({ keepFromMs: 5 });
  assertEquals([bench.places(), bench.deadLetters("a")], [[1, 2, 3, 4], []]);
  assertEquals(bench.deadLetters("b"), [1]);
});

Deno.test("attempts go by age, in steps that are small", async () => {
  await using bench = await SpoolBench.make();
  const attempts = [1, 2, 3, 4, 5, 6, 7].map(makeAttempt);
  bench.spool.commit(batchOf({ attempts }));
  const left = () =>
    [...searchAttempts(bench.spool, { isFailed: false, isWanted: () => true })].flat()
      .map(({ durationMs }) => durationMs).toReversed();
  const policy = { keepFromMs: makeAttempt(6).atMs, limit: 2 };
  assert(bench.forget(policy).isMore, "one step was enough");
  assertEquals(left(), [3, 4, 5, 6, 7]);
  bench.forgetAll(policy);
  assertEquals(left(), [6, 7]);
});

Deno.test("of more than 500,000 attempts only those that failed are kept", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.change("fill", (database) => {
    database.run(
      "INSERT INTO attempts SELECT value, value, NULL, 'a', 'id', 'X', 1, 200, NULL, '200 OK', 1, '', " +
        "iif(value % 2 = 0, 'retry', 'delivered'), NULL FROM " +
        "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 500010) " +
        "SELECT value FROM n)",
    );
  });
  const count = () =>
    bench.spool.read((database) => database.all("SELECT count(*) AS n FROM attempts")[0]?.["n"]);
  const policy = { ...FOREVER, limit: 6 };
  assertEquals([bench.forget(policy).isMore, count()], [true, 500_007]);
  assertEquals([bench.forget(policy).isMore, count()], [false, 500_005]);
  assertEquals([bench.forget(policy).isMore, count()], [false, 500_005]);
});

Deno.test("places and sizes go on after everything was forgotten", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 50);
  bench.finish(givenUp("a", 1, LONG_AFTER));
  deliver(bench, "a", 2, 50);
  bench.forgetAll({ ...FOREVER, historyMaxBytes: 0 });
  assertEquals(bench.places(), [1]);
  bench.reopen();
  bench.append(51, 60);
  deliver(bench, "a", 51, 60);
  assertEquals(bench.places(), [1, ...makeEvents(51, 60).map((_, index) => 51 + index)]);
  const size = makeEvent(51).payload.length + ROW_BYTES;
  bench.forgetAll({ ...FOREVER, historyMaxBytes: 4 * size, limit: 1 });
  assertEquals(bench.places(), [1, 57, 58, 59, 60]);
});
