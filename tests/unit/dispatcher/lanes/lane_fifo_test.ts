import { assertEquals } from "../../../support/assert.ts";
import { answerWith, noAnswer, SECOND_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

Deno.test("a lane delivers in order, one after the other, and says so for each", async () => {
  await using bench = new LaneBench();
  bench.answers = () => undefined;
  await bench.add("a", "b", "c");
  for (const id of ["a", "b", "c"]) {
    assertEquals(bench.underWay, [id]);
    await bench.answer(answerWith(200));
  }
  assertEquals(bench.outcomes, [1, 2, 3].map((seq) => ({ kind: "finished", webhook: "ops", seq })));
  assertEquals(bench.notices, []);
});

Deno.test("a failing event is retried with growing back-off under the same id, and blocks what follows", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => answerWith(number < 4 ? 503 : 200);
  await bench.add("a", "b");
  await bench.pass(3500);
  assertEquals(bench.trail, [["a", 0], ["a", 500], ["a", 1500], ["a", 3500], ["b", 3500]]);
  const ids = bench.posted.map(({ request }) => request.headers["webhook-id"]);
  assertEquals(ids, ["a", "a", "a", "a", "b"]);
});

Deno.test("a success ends the back-off: the next failure begins at retry-min", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => answerWith([1, 2, 3, 5].includes(number) ? 503 : 200);
  await bench.add("a", "b");
  await bench.pass(4000);
  assertEquals(bench.trail.slice(-2), [["b", 3500], ["b", 4000]]);
});

Deno.test("whatever goes wrong on the way is retried", async () => {
  for (const errorClass of ["dns", "refused", "reset", "timeout", "tls", "network"] as const) {
    await using bench = new LaneBench();
    bench.answers = (_posted, number) => number < 12 ? noAnswer(errorClass) : answerWith(204);
    await bench.add("a", "b");
    await bench.pass(600 * SECOND_MS);
    assertEquals([bench.posted.length, bench.spool.dead], [13, []], errorClass);
  }
});

Deno.test("an event that is rejected six times becomes a dead letter and the lane goes on", async () => {
  for (const status of [101, 302, 400, 404, 418, 499]) {
    await using bench = new LaneBench();
    bench.answers = ({ ids }) => answerWith(ids === "bad" ? status : 200);
    await bench.add("bad", "good", "better");
    await bench.pass(15_499);
    assertEquals(bench.ids, ["bad", "bad", "bad", "bad", "bad"], String(status));
    await bench.pass(1);
    assertEquals(bench.trail.slice(4), [
      ["bad", 7500],
      ["bad", 15_500],
      ["good", 15_500],
      ["better", 15_500],
    ]);
    const [[, reason] = ["", ""]] = bench.spool.dead;
    assertEquals(reason.endsWith(", rejected 6 times"), true, reason);
    assertEquals(bench.spool.finished, ["bad", "good", "better"]);
  }
});

Deno.test("a dead letter says when and why it was given up", async () => {
  await using bench = new LaneBench();
  bench.answers = () => answerWith(400);
  await bench.add("bad");
  await bench.pass(20 * SECOND_MS);
  const givenUpMs = bench.clock.now() - 4500;
  const deadLetter = { reason: "400 Bad Request, rejected 6 times", givenUpMs };
  assertEquals(bench.outcomes, [{ kind: "finished", webhook: "ops", seq: 1, deadLetter }]);
});

Deno.test("failures of the receiver do not count as rejections", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => answerWith(number > 16 ? 200 : number % 2 === 0 ? 400 : 503);
  await bench.add("a");
  await bench.pass(300 * SECOND_MS);
  assertEquals(bench.posted.length, 12);
  assertEquals(bench.spool.dead, [["a", "400 Bad Request, rejected 6 times"]]);
});

Deno.test("however much waits, a lane has little of it in memory", async () => {
  await using bench = new LaneBench();
  bench.answers = () => answerWith(503);
  const reads = watchReads(bench);
  await bench.add(...Array.from({ length: 1000 }, (_, number) => `e${number}`));
  await bench.pass(60 * SECOND_MS);
  assertEquals(reads.events, 64);
  bench.answers = () => answerWith(200);
  await bench.pass(60 * SECOND_MS);
  assertEquals([reads.events, reads.mostHeld, bench.spool.finished.length], [1000, 64, 1000]);
});

Deno.test("a lane that has read everything reads again only when it is woken", async () => {
  await using bench = new LaneBench();
  bench.answers = () => answerWith(503);
  const reads = watchReads(bench);
  await bench.add("a");
  const { count } = reads;
  await bench.pass(600 * SECOND_MS);
  assertEquals(reads.count, count);
  bench.lane.wake();
  assertEquals(reads.count, count + 1);
});

/** Counts what a lane reads of the log, and how much of it has not ended yet. */
function watchReads(bench: LaneBench) {
  const reads = { count: 0, events: 0, mostHeld: 0 };
  const { readWaiting } = bench.spool;
  Object.assign(bench.spool, {
    readWaiting: (...request: Parameters<typeof readWaiting>) => {
      const result = readWaiting(...request);
      reads.count++;
      reads.events += result.events.length;
      reads.mostHeld = Math.max(reads.mostHeld, reads.events - bench.spool.finished.length);
      return result;
    },
  });
  return reads;
}
