/**
 * Events that are posted once more, and how they are counted.
 *
 * @module
 */
import { queueReplays, type ReplayCount } from "../../src/spool/replays.ts";
import type { Outcome, ReplayedEvent } from "../../src/spool/spool_types.ts";
import { assertEquals } from "../support/assert.ts";
import {
  assertAddsUp,
  delivered,
  givenUp,
  makeEvent,
  owner,
  SpoolBench,
} from "../support/spool_bench.ts";

/** Ten events: 1 to 3 dead letters, 4 to 7 delivered, 8 to 10 wait. */
async function makeBench(): Promise<SpoolBench> {
  const bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 10);
  bench.finish(givenUp("a", 1), givenUp("a", 2), givenUp("a", 3));
  bench.finish(...[4, 5, 6, 7].map((seq) => delivered("a", seq)));
  return bench;
}

function queue(bench: SpoolBench, ...seqs: number[]): ReplayCount {
  return queueReplays(bench.spool, { webhook: "a", seqs, isDryRun: false });
}

function replays(bench: SpoolBench): readonly ReplayedEvent[] {
  return bench.spool.readReplays("a", { afterPlace: 0, limit: 100 });
}

/** What became of the first replay that waits. */
function firstReplay(bench: SpoolBench, isDelivered: boolean): Outcome {
  const { seq = 0, place = 0 } = replays(bench)[0] ?? {};
  return { ...(isDelivered ? delivered("a", seq) : givenUp("a", seq)), replay: place } as Outcome;
}

function counts(bench: SpoolBench): Record<string, number | undefined> {
  assertAddsUp(bench.spool);
  const { delivered, pending, dead, replayed, replaying } = bench.spool.cursor("a") ?? {};
  return { delivered, pending, dead, replayed, replaying };
}

const BEFORE = { delivered: 4, pending: 3, dead: 3, replayed: 0, replaying: 0 };

Deno.test("a dead letter that is replayed is pending again, and then delivered", async () => {
  await using bench = await makeBench();
  assertEquals(queue(bench, 2, 1), { queued: [2, 1], deadLetters: 2, waiting: 0, forgotten: 0 });
  assertEquals(counts(bench), { ...BEFORE, pending: 5, dead: 1 });
  assertEquals(bench.deadLetters("a"), [3]);
  assertEquals(replays(bench).map(({ place: _, ...event }) => event), [
    { seq: 2, ...makeEvent(2) },
    { seq: 1, ...makeEvent(1) },
  ]);
  bench.finish(firstReplay(bench, true));
  bench.reopen();
  assertEquals(counts(bench), { ...BEFORE, delivered: 5, pending: 4, dead: 1 });
  assertEquals(replays(bench).map(({ seq }) => seq), [1]);
  bench.finish(firstReplay(bench, true));
  assertEquals(counts(bench), { ...BEFORE, delivered: 6, dead: 1 });
  assertEquals([replays(bench), bench.deadLetters("a")], [[], [3]]);
});

Deno.test("a replay that fails is a dead letter again, and can be replayed again", async () => {
  await using bench = await makeBench();
  queue(bench, 2);
  bench.finish(firstReplay(bench, false));
  assertEquals([counts(bench), bench.deadLetters("a"), replays(bench)], [BEFORE, [1, 2, 3], []]);
  assertEquals(queue(bench, 2).deadLetters, 1);
  bench.finish(firstReplay(bench, true));
  assertEquals(counts(bench), { ...BEFORE, delivered: 5, dead: 2 });
});

Deno.test("what had its turn is counted apart, whether it is delivered again or fails", async () => {
  await using bench = await makeBench();
  assertEquals(queue(bench, 5, 6), { queued: [5, 6], deadLetters: 0, waiting: 0, forgotten: 0 });
  assertEquals(counts(bench), { ...BEFORE, replaying: 2 });
  bench.finish(firstReplay(bench, true));
  assertEquals(counts(bench), { ...BEFORE, replayed: 1, replaying: 1 });
  bench.finish(firstReplay(bench, false));
  assertEquals([counts(bench), bench.deadLetters("a")], [{ ...BEFORE, replayed: 1 }, [1, 2, 3, 6]]);
  bench.reopen();
  assertEquals(queue(bench, 6).deadLetters, 1);
  assertEquals(counts(bench), { ...BEFORE, replayed: 1, replaying: 1 });
  bench.finish(firstReplay(bench, true));
  assertEquals([counts(bench), bench.deadLetters("a")], [{ ...BEFORE, replayed: 2 }, [1, 2, 3]]);
});

Deno.test("events from before a webhook began can be replayed to it", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 3);
  bench.spool.setWebhooks([owner("a")]);
  assertEquals(queue(bench, 1, 2).queued, [1, 2]);
  bench.finish(firstReplay(bench, true));
  assertEquals(counts(bench), {
    ...BEFORE,
    delivered: 0,
    pending: 0,
    dead: 0,
    replayed: 1,
    replaying: 1,
  });
});

Deno.test("what waits in its turn or as a replay is not queued once more", async () => {
  await using bench = await makeBench();
  assertEquals(queue(bench, 1, 8, 9), { queued: [1], deadLetters: 1, waiting: 2, forgotten: 0 });
  assertEquals(queue(bench, 1, 5, 10), { queued: [5], deadLetters: 0, waiting: 2, forgotten: 0 });
  assertEquals(queue(bench, 6, 6), { queued: [6], deadLetters: 0, waiting: 0, forgotten: 0 });
  assertEquals(replays(bench).map(({ seq }) => seq), [1, 5, 6]);
});

Deno.test("a dry run says the same and changes nothing", async () => {
  await using bench = await makeBench();
  const request = { webhook: "a", seqs: [3, 5, 5, 9] };
  const dry = queueReplays(bench.spool, { ...request, isDryRun: true });
  assertEquals([counts(bench), bench.deadLetters("a"), replays(bench)], [BEFORE, [1, 2, 3], []]);
  assertEquals(queueReplays(bench.spool, { ...request, isDryRun: false }), dry);
  assertEquals(dry, { queued: [3, 5], deadLetters: 1, waiting: 1, forgotten: 0 });
});

Deno.test("each webhook has replays of its own, read in parts", async () => {
  await using bench = await makeBench();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  queue(bench, 1, 2, 4);
  queueReplays(bench.spool, { webhook: "b", seqs: [2], isDryRun: false });
  const [first, second] = bench.spool.readReplays("a", { afterPlace: 0, limit: 2 });
  const { place = 0 } = second ?? {};
  const rest = bench.spool.readReplays("a", { afterPlace: place, limit: 2 });
  assertEquals([first?.seq, second?.seq, rest.map(({ seq }) => seq)], [1, 2, [4]]);
  const others = bench.spool.readReplays("b", { afterPlace: 0, limit: 9 });
  assertEquals(others.map(({ seq }) => seq), [2]);
});

Deno.test("an outcome counts only for the replay that it is of, and once", async () => {
  await using bench = await makeBench();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  queue(bench, 1);
  const outcome = firstReplay(bench, true);
  bench.finish({ ...outcome, webhook: "b" }, { ...outcome, seq: 2 } as Outcome);
  assertEquals(counts(bench), { ...BEFORE, pending: 4, dead: 2 });
  bench.finish(outcome, outcome);
  assertEquals(counts(bench), { ...BEFORE, delivered: 5, dead: 2 });
});

Deno.test("an event that only a replay kept goes when that is delivered", async () => {
  await using bench = await makeBench();
  queue(bench, 1, 5);
  bench.forgetAll({ historyMaxBytes: 0 });
  const kept = () => bench.places().filter((seq) => seq < 8);
  assertEquals(kept(), [1, 2, 3, 5]);
  bench.finish(firstReplay(bench, false));
  bench.finish(firstReplay(bench, true));
  assertEquals(kept(), [1, 2, 3]);
  queue(bench, 1);
  bench.finish(firstReplay(bench, true));
  assertEquals(kept(), [2, 3]);
});

Deno.test("an event that was forgotten meanwhile is not queued", async () => {
  await using bench = await makeBench();
  // A history that goes while the events for a replay are looked for.
  bench.forgetAll({ historyMaxBytes: 0 });
  assertEquals(bench.places(), [1, 2, 3, 8, 9, 10]);
  const count = { queued: [3], deadLetters: 1, waiting: 1, forgotten: 2 };
  const request = { webhook: "a", seqs: [3, 4, 5, 8] };
  assertEquals(queueReplays(bench.spool, { ...request, isDryRun: true }), count);
  assertEquals(queue(bench, 3, 4, 5, 8), count);
  assertEquals(replays(bench).map(({ seq }) => seq), [3]);
  assertEquals(counts(bench), { ...BEFORE, pending: 4, dead: 2 });
});
