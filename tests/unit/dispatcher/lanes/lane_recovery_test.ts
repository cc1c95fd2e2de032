import { assertEquals } from "../../../support/assert.ts";
import { answerWith } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

const PARALLEL = { order: "none", concurrency: 4 } as const;
const EVENTS = Array.from({ length: 40 }, (_, number) => `e${number}`);

/** A lane with four requests under way. */
async function fourUnderWay(): Promise<LaneBench> {
  const bench = new LaneBench(PARALLEL);
  bench.answers = () => undefined;
  await bench.add(...EVENTS);
  assertEquals(bench.underWay.length, 4);
  await bench.pass(10);
  return bench;
}

Deno.test("requests that fail together make one back-off, and one request probes after it", async () => {
  await using bench = await fourUnderWay();
  for (let count = 0; count < 4; count++) await bench.answer(answerWith(503));
  await bench.pass(499);
  assertEquals(bench.underWay, []);
  await bench.pass(1);
  assertEquals(bench.underWay.length, 1);
  await bench.pass(10);
  await bench.answer(answerWith(503));
  await bench.pass(999);
  assertEquals(bench.underWay, []);
  await bench.pass(1);
  assertEquals(bench.underWay.length, 1);
  assertEquals(bench.lane.state.failure?.attempts, 5);
});

Deno.test("after a recovery each success allows one request more, up to concurrency", async () => {
  await using bench = await fourUnderWay();
  for (let count = 0; count < 4; count++) await bench.answer(answerWith(503));
  await bench.pass(600);
  const underWay = [bench.underWay.length];
  for (let count = 0; count < 6; count++) {
    await bench.pass(1);
    await bench.answer(answerWith(200));
    underWay.push(bench.underWay.length);
  }
  assertEquals(underWay, [1, 2, 3, 4, 4, 4, 4]);
  assertEquals(bench.kinds, ["webhook_failing", "webhook_recovered"]);
});

Deno.test("a failure after a recovery closes the lane to one request again", async () => {
  await using bench = await fourUnderWay();
  for (let count = 0; count < 4; count++) await bench.answer(answerWith(503));
  await bench.pass(600);
  for (let count = 0; count < 5; count++) {
    await bench.pass(1);
    await bench.answer(answerWith(200));
  }
  await bench.pass(1);
  for (let count = 0; count < 4; count++) await bench.answer(answerWith(503));
  await bench.pass(5000);
  assertEquals(bench.underWay.length, 1);
});

Deno.test("late successes of requests that began before a failure neither end nor hurry anything", async () => {
  await using bench = await fourUnderWay();
  await bench.answer(answerWith(503), "e1");
  for (const ids of ["e0", "e2", "e3"]) {
    await bench.pass(10);
    await bench.answer(answerWith(200), ids);
  }
  assertEquals(bench.spool.finished, ["e0", "e2", "e3"]);
  assertEquals([bench.underWay, bench.lane.state.activity], [[], "retrying"]);
  await bench.pass(469);
  assertEquals(bench.underWay, []);
  await bench.pass(1);
  assertEquals([bench.underWay.length, bench.kinds], [1, ["webhook_failing"]]);
});

Deno.test("a lane that recovers does not overrun the receiver although much waits", async () => {
  await using bench = new LaneBench(PARALLEL);
  bench.answers = () => answerWith(503);
  await bench.add(...EVENTS);
  await bench.pass(60_000);
  bench.answers = () => undefined;
  await bench.pass(60_000);
  assertEquals(bench.underWay.length, 1);
  for (let most = 1; bench.spool.finished.length < 30; most++) {
    await bench.pass(1);
    await bench.answer(answerWith(200));
    assertEquals(bench.underWay.length, Math.min(4, most + 1));
  }
});
