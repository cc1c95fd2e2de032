import { assertEquals } from "../../../support/assert.ts";
import { settle } from "../../../support/manual_clock.ts";
import { answerWith, SECOND_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

Deno.test("a stopped lane leaves what waits for its retry, and wakes no more", async () => {
  const bench = new LaneBench();
  bench.answers = () => answerWith(503);
  await bench.add("a");
  await bench.lane.stop(1000);
  await bench.add("b");
  await bench.pass(60 * SECOND_MS);
  assertEquals([bench.ids, bench.outcomes, bench.isClientGone], [["a"], [], true]);
  assertEquals(bench.clock.nextWakeInMs, undefined);
});

Deno.test("a request that is under way when a lane stops may end in the time of grace", async () => {
  const bench = new LaneBench();
  bench.answers = () => undefined;
  await bench.add("a", "b");
  const stopping = bench.lane.stop(60_000);
  await settle();
  assertEquals(bench.isClientGone, false);
  await bench.answer(answerWith(200));
  await stopping;
  assertEquals([bench.ids, bench.spool.finished, bench.isClientGone], [["a"], ["a"], true]);
});

Deno.test("a request that takes longer is cut off, and is no attempt that failed", async () => {
  const bench = new LaneBench();
  bench.answers = () => undefined;
  await bench.add("a");
  await bench.lane.stop(0);
  assertEquals([bench.outcomes, bench.notices], [[], []]);
  const [cutOff, ...others] = bench.attempts;
  assertEquals([cutOff?.ids, cutOff?.error, cutOff?.outcome], [["a"], "aborted", "retry"]);
  assertEquals(others, []);
});

Deno.test("a lane has one alarm at most, and none when it is stopped or done", async () => {
  const bench = new LaneBench({ order: "none", concurrency: 4, requestIntervalMs: 10 });
  let most = 0;
  bench.answers = ({ ids }) => answerWith(ids.endsWith("7") ? 503 : 200);
  for (let number = 0; number < 50; number++) {
    await bench.add(`e${number}`);
    most = Math.max(most, bench.clock.sleeping);
    await bench.pass(7);
  }
  assertEquals([most, bench.clock.sleeping], [1, 1]);
  await bench.lane.stop(0);
  await settle();
  assertEquals(bench.clock.sleeping, 0);
  await using done = new LaneBench();
  await done.add("a", "b");
  assertEquals(done.clock.sleeping, 0);
});
