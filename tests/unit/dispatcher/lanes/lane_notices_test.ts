import { assertEquals } from "../../../support/assert.ts";
import { answerWith, HOUR_MS, SECOND_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

Deno.test("a failing webhook is told of once, and once more when it works again", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => answerWith(number < 6 ? 500 : 200);
  await bench.add("a", "b");
  await bench.pass(60 * SECOND_MS);
  const [failing, recovered] = bench.notices;
  assertEquals(bench.kinds, ["webhook_failing", "webhook_recovered"]);
  assertEquals(failing?.kind === "webhook_failing" && [failing.event.id, failing.reason], [
    "a",
    "500 Internal Server Error",
  ]);
  assertEquals(recovered, {
    kind: "webhook_recovered",
    webhook: "ops",
    failedForMs: 15_500,
    attempts: 5,
    givenUp: 0,
  });
});

Deno.test("each event that is given up is told of, with how many it were since it began to fail", async () => {
  await using bench = new LaneBench({ retryForMs: HOUR_MS });
  bench.answers = () => answerWith(500);
  await bench.add("a", "b", "c");
  await bench.pass(HOUR_MS);
  bench.answers = () => answerWith(200);
  await bench.add("d");
  await bench.pass(300 * SECOND_MS);
  const given = bench.notices.flatMap((notice) => "givenUp" in notice ? [notice.givenUp] : []);
  assertEquals(given, [1, 2, 3, 3]);
  assertEquals(bench.kinds.at(-1), "webhook_recovered");
});

Deno.test("what was given up is counted anew after each recovery", async () => {
  await using bench = new LaneBench();
  bench.answers = ({ ids }) => answerWith(ids.startsWith("bad") ? 400 : 200);
  for (const ids of [["bad-1", "bad-2", "good-1"], ["bad-3", "good-2"]]) {
    await bench.add(...ids);
    await bench.pass(60 * SECOND_MS);
  }
  const given = bench.notices.map((notice) => [notice.kind, "givenUp" in notice && notice.givenUp]);
  assertEquals(given, [
    ["webhook_failing", false],
    ["event_given_up", 1],
    ["event_given_up", 2],
    ["webhook_recovered", 2],
    ["webhook_failing", false],
    ["event_given_up", 1],
    ["webhook_recovered", 1],
  ]);
});
