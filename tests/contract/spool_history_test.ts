/**
 * Looking back: events, attempts and dead letters, filtered and in steps.
 *
 * @module
 */
import {
  findEvents,
  type Search,
  searchAttempts,
  searchDeadLetters,
  searchEvents,
} from "../../src/spool/history.ts";
import { assert, assertEquals } from "../support/assert.ts";
import {
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

const ALL = { isWanted: () => true };

function foundEvents(bench: SpoolBench, search: Partial<Search>): number[] {
  return [...searchEvents(bench.spool, { ...ALL, ...search })].flat().map(({ seq }) => seq);
}

function foundAttempts(
  bench: SpoolBench,
  search: Partial<Parameters<typeof searchAttempts>[1]>,
): number[] {
  return [...searchAttempts(bench.spool, { ...ALL, isFailed: false, ...search })].flat()
    .map(({ durationMs }) => durationMs);
}

Deno.test("events are found newest first, in steps that are short", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 4500);
  const steps = [...searchEvents(bench.spool, ALL)];
  assert(steps.every((step) => step.length <= 64), `${steps.map((step) => step.length)}`);
  assertEquals(steps.flat().map(({ seq }) => seq), makeEvents(1, 4500).map((_, i) => 4500 - i));
  assertEquals(steps[0]?.[0], { seq: 4500, ...makeEvent(4500) });
  const rare = (event: string) => event === "NEVER";
  const empty = [...searchEvents(bench.spool, { isWanted: rare })];
  assertEquals(empty, steps.map(() => []));
});

Deno.test("events are found by name, time and id", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 10);
  const times = { sinceMs: makeEvent(3).receivedMs, untilMs: makeEvent(7).receivedMs };
  const isWanted = (event: string) => event === "PEER_CONNECT";
  assertEquals(foundEvents(bench, { isWanted }), [9, 6, 3]);
  assertEquals(foundEvents(bench, times), [6, 5, 4, 3]);
  assertEquals(foundEvents(bench, { isWanted, ...times }), [6, 3]);
  const ids = ["id-2", "id-9", "id-4", "id-2", "unknown"];
  assertEquals(foundEvents(bench, { ids }), [9, 4, 2]);
  assertEquals(foundEvents(bench, { ids, isWanted }), [9]);
  assertEquals(foundEvents(bench, { ids, ...times }), [4]);
  assertEquals(findEvents(bench.spool, ids).map(({ seq }) => seq), [2, 4, 9]);
  assertEquals(foundEvents(bench, { sinceMs: 0, untilMs: 1 }), []);
});

Deno.test("a search goes on while events come in", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 2500);
  const seen: number[] = [];
  for (const step of searchEvents(bench.spool, ALL)) {
    seen.push(...step.map(({ seq }) => seq));
    bench.append(bench.spool.lastSeq + 1, bench.spool.lastSeq + 5);
  }
  assertEquals(seen, Array.from({ length: 2500 }, (_, index) => 2500 - index));
});

Deno.test("attempts come back whole, newest first", async () => {
  await using bench = await SpoolBench.make();
  const attempts = Array.from({ length: 4200 }, (_, index) => makeAttempt(index + 1));
  bench.spool.commit(batchOf({ attempts }));
  for (const spool of bench.nowAndReopened()) {
    const steps = [...searchAttempts(spool, { ...ALL, isFailed: false })];
    assert(steps.every((step) => step.length <= 64), `${steps.map((step) => step.length)}`);
    assertEquals(steps.flat(), attempts.toReversed());
  }
});

Deno.test("attempts are found by webhook, failure, id, name and time", async () => {
  await using bench = await SpoolBench.make();
  const attempts = Array.from({ length: 10 }, (_, index) => makeAttempt(index + 1));
  bench.spool.commit(batchOf({ attempts }));
  assertEquals(foundAttempts(bench, { webhook: "a" }), [10, 8, 6, 4, 2]);
  assertEquals(foundAttempts(bench, { isFailed: true }), [10, 5]);
  assertEquals(foundAttempts(bench, { ids: ["id-4", "id-11"] }), [10, 4, 3]);
  assertEquals(foundAttempts(bench, { isWanted: (event) => event === "PEER_CONNECT" }).length, 10);
  assertEquals(foundAttempts(bench, { isWanted: (event) => event === "NEVER" }), []);
  const times = { sinceMs: START_MS + 3000, untilMs: START_MS + 5000 };
  assertEquals(foundAttempts(bench, times), [4, 3]);
  assertEquals(foundAttempts(bench, { ...times, webhook: "a", ids: ["id-4"] }), [4]);
});

Deno.test("dead letters are found, the last given up first, however many at one time", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 1600);
  const seqs = makeEvents(1, 1600).map((_, index) => index + 1);
  // Only three times, so that the ends of the steps lie among equal ones.
  bench.finish(...seqs.flatMap((seq) => {
    return ["a", "b"].map((webhook) => givenUp(webhook, seq, START_MS + (seq % 3)));
  }));
  const wanted = ["b", "a"].flatMap((webhook) =>
    seqs.map((seq) => [seq % 3, seq, webhook] as const)
  )
    .sort(([timeA, seqA], [timeB, seqB]) => timeB - timeA || seqB - seqA);
  const found = [...searchDeadLetters(bench.spool, ALL)].flat();
  const keys = found.map(({ webhook, event, givenUpMs }) => {
    return [givenUpMs - START_MS, event.seq, webhook] as const;
  });
  assertEquals(keys, wanted);
  const event = { seq: 1598, ...makeEvent(1598) };
  const reason = "400 Bad Request";
  assertEquals(found[0], { webhook: "b", event, reason, givenUpMs: START_MS + 2 });
});

Deno.test("dead letters are found by webhook, id, name and time of receipt", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 6);
  bench.finish(...[1, 2, 3, 6].map((seq) => givenUp("a", seq)), givenUp("b", 6), delivered("b", 1));
  const found = (search: Partial<Parameters<typeof searchDeadLetters>[1]>) =>
    [...searchDeadLetters(bench.spool, { ...ALL, ...search })].flat()
      .map(({ webhook, event }) => `${webhook}${event.seq}`);
  assertEquals(found({}), ["b6", "a6", "a3", "a2", "a1"]);
  assertEquals(found({ webhook: "a" }), ["a6", "a3", "a2", "a1"]);
  assertEquals(found({ webhook: "c" }), []);
  assertEquals(found({ ids: ["id-2", "id-6"] }), ["b6", "a6", "a2"]);
  assertEquals(found({ isWanted: (event) => event === "VOLUME_START" }), ["a2", "a1"]);
  const times = { sinceMs: makeEvent(2).receivedMs, untilMs: makeEvent(6).receivedMs };
  assertEquals(found(times), ["a3", "a2"]);
});
