import { assertEquals } from "../../../support/assert.ts";
import { settle } from "../../../support/manual_clock.ts";
import { answerWith, HOUR_MS, SECOND_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

const TEN_SECONDS = { retryForMs: 10 * SECOND_MS };
const TWO_HOURS = { retryForMs: 2 * HOUR_MS };

/** A lane whose receiver is down. */
function deadLane(settings: ConstructorParameters<typeof LaneBench>[0]): LaneBench {
  const bench = new LaneBench(settings);
  bench.answers = () => answerWith(503);
  return bench;
}

Deno.test("an event is given up when it was retried for as long as retry-for says", async () => {
  await using bench = deadLane(TEN_SECONDS);
  await bench.add("a");
  await bench.pass(10 * SECOND_MS - 1);
  assertEquals(bench.spool.dead, []);
  await bench.pass(1);
  const why = "503 Service Unavailable, not delivered within retry-for (10s), 5 attempts";
  assertEquals(bench.spool.dead, [["a", why]]);
  assertEquals(bench.trail.map(([, atMs]) => atMs), [0, 500, 1500, 3500, 7500]);
});

Deno.test("what waits behind others is given up when it is as old, and says so", async () => {
  await using bench = deadLane(TWO_HOURS);
  await bench.add("a", "b");
  await bench.pass(HOUR_MS);
  await bench.add("c");
  await bench.pass(HOUR_MS);
  const behind = "503 Service Unavailable, waited behind others for longer than retry-for (2h)";
  assertEquals(bench.spool.dead.slice(1), [["b", behind]]);
  await bench.pass(HOUR_MS - 1);
  assertEquals(bench.spool.finished, ["a", "b"]);
  await bench.pass(1);
  assertEquals(bench.spool.dead.map(([id]) => id), ["a", "b", "c"]);
});

Deno.test("an event that is tried at last does not outlive those behind it", async () => {
  await using bench = deadLane({ ...TEN_SECONDS, retryMaxMs: SECOND_MS });
  for (const id of ["a", "b", "c"]) {
    await bench.add(id);
    await bench.pass(2 * SECOND_MS);
  }
  await bench.pass(8 * SECOND_MS - 1);
  assertEquals([bench.spool.finished, bench.ids.at(-1)], [["a", "b"], "c"]);
  await bench.pass(1);
  assertEquals(bench.spool.finished, ["a", "b", "c"]);
});

Deno.test("a backlog that is too old is given up to its end, and what comes later is tried", async () => {
  await using bench = deadLane(TWO_HOURS);
  await bench.add(...Array.from({ length: 500 }, (_, number) => `e${number}`));
  await bench.pass(2 * HOUR_MS);
  assertEquals(bench.spool.dead.length, 500);
  await bench.pass(60 * SECOND_MS);
  bench.answers = () => answerWith(200);
  await bench.add("later");
  assertEquals([bench.ids.at(-1), bench.spool.finished.at(-1)], ["later", "later"]);
});

Deno.test("with retry-for 0 each event gets one attempt, and none without it is given up", async () => {
  await using bench = deadLane({ retryForMs: 0 });
  await bench.add("a", "b", "c");
  await bench.pass(100);
  await bench.add("d");
  await bench.pass(HOUR_MS);
  assertEquals(bench.trail, [["a", 0], ["b", 500], ["c", 1000], ["d", 1500]]);
  const why = "503 Service Unavailable, not delivered within retry-for (0s), 1 attempt";
  assertEquals(bench.spool.dead, ["a", "b", "c", "d"].map((id) => [id, why]));
  bench.answers = () => answerWith(200);
  await bench.add("e", "f");
  assertEquals(bench.ids.slice(4), ["e", "f"]);
});

Deno.test("a lane that failed tries what comes, however old that is", async () => {
  await using bench = deadLane({ retryForMs: 10 });
  await bench.add("a");
  await bench.pass(10 * SECOND_MS);
  assertEquals(bench.spool.finished, ["a"]);
  bench.answers = () => answerWith(200);
  // The spool could not be read for long.
  bench.spool.add("b");
  bench.clock.advance(2 * HOUR_MS);
  bench.lane.wake();
  await settle();
  assertEquals([bench.ids.at(-1), bench.spool.dead.length], ["b", 1]);
});

Deno.test("dead letters that are replayed are retried like new events, also while the webhook fails", async () => {
  await using bench = deadLane({});
  bench.spool.replay("r1", "r2", "r3");
  bench.clock.advance(100 * HOUR_MS);
  await bench.add("a");
  await bench.pass(HOUR_MS);
  const dead = () => bench.outcomes.map((outcome) => "replay" in outcome ? outcome.replay : "log");
  assertEquals(dead().toSorted(), [1, 2, 3, "log"]);
  bench.spool.replay("r4", "r5", "r6");
  bench.clock.advance(100 * HOUR_MS);
  bench.lane.wake();
  await bench.pass(HOUR_MS - 1);
  assertEquals(dead().length, 4);
  bench.answers = () => answerWith(200);
  bench.lane.resume();
  await settle();
  const delivered = bench.outcomes.slice(4)
    .flatMap((outcome) => "deadLetter" in outcome ? [] : outcome);
  assertEquals(delivered.length, 3);
});

Deno.test("an event that waited while the daemon was down is retried like a new one", async () => {
  await using bench = deadLane({});
  bench.spool.add("old");
  bench.clock.advance(5 * HOUR_MS);
  bench.lane.wake();
  await bench.pass(HOUR_MS - 1);
  assertEquals(bench.spool.dead, []);
  await bench.pass(1);
  assertEquals(bench.spool.dead.length, 1);
});

Deno.test("the time in which a webhook is paused does not count for retry-for", async () => {
  await using bench = deadLane({});
  await bench.add("a", "b");
  await bench.pass(HOUR_MS - SECOND_MS);
  await bench.update({ paused: true });
  await bench.pass(48 * HOUR_MS);
  const before = bench.posted.length;
  await bench.update({ paused: false });
  assertEquals([bench.posted.length, bench.spool.dead], [before + 1, []]);
  await bench.pass(HOUR_MS - 1);
  assertEquals(bench.spool.dead, []);
  await bench.pass(1);
  assertEquals(bench.spool.finished, ["a", "b"]);
});
