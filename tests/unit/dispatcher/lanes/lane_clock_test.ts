import { assertEquals } from "../../../support/assert.ts";
import { answerWith, HOUR_MS, SECOND_MS, YEAR_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

/** When the requests are made and the events given up while the wall clock jumps. */
async function course(...jumps: readonly number[]) {
  await using bench = new LaneBench();
  const startMs = bench.clock.steadyNow();
  bench.answers = (_posted, number) =>
    number === 3 ? answerWith(503, { retryAfterMs: 120 * SECOND_MS }) : answerWith(503);
  const givenUp: [id: string, atMs: number][] = [];
  const { addOutcome } = bench.spool;
  Object.assign(bench.spool, {
    addOutcome: (outcome: Parameters<typeof addOutcome>[0]) => {
      addOutcome(outcome);
      if (outcome.kind !== "finished") return;
      givenUp.push([bench.spool.finished.at(-1) ?? "", bench.clock.steadyNow() - startMs]);
    },
  });
  await bench.add("a", "b");
  await bench.pass(600 * SECOND_MS);
  await bench.add("c");
  for (const jumpMs of jumps) {
    await bench.pass(SECOND_MS);
    bench.clock.jump(jumpMs);
    bench.lane.wake();
  }
  await bench.pass(3 * HOUR_MS);
  return { trail: bench.trail, givenUp };
}

Deno.test("a wall clock that jumps by a year moves no attempt and gives nothing up early or late", async () => {
  const { trail, givenUp } = await course(0);
  assertEquals(givenUp, [
    ["a", HOUR_MS],
    ["b", HOUR_MS],
    ["c", HOUR_MS + 600 * SECOND_MS],
  ]);
  const courses = [[YEAR_MS], [-YEAR_MS], [YEAR_MS, -YEAR_MS], [-YEAR_MS, 2 * YEAR_MS, -YEAR_MS]];
  for (const jumps of courses) {
    assertEquals(await course(...jumps), { trail, givenUp }, `jumps: ${jumps}`);
  }
});

Deno.test("what comes after the wall clock jumped is retried for as long as any other", async () => {
  for (const jumpMs of [YEAR_MS, -YEAR_MS]) {
    await using bench = new LaneBench();
    bench.answers = () => answerWith(503);
    await bench.add("a");
    bench.clock.jump(jumpMs);
    await bench.pass(600 * SECOND_MS);
    await bench.add("b");
    await bench.pass(HOUR_MS - 1);
    assertEquals(bench.spool.finished, ["a"], `jump: ${jumpMs}`);
    await bench.pass(1);
    assertEquals(bench.spool.finished, ["a", "b"], `jump: ${jumpMs}`);
  }
});
