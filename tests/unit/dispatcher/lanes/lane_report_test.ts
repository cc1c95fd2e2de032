import { assertEquals } from "../../../support/assert.ts";
import { answerWith, noAnswer, SECOND_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

Deno.test("each attempt is recorded with its answer, its outcome and when the next one is due", async () => {
  await using bench = new LaneBench({ bearerToken: "s3cret" });
  const startMs = bench.clock.now();
  const answers = [
    answerWith(503, { answer: "busy, s3cret" }),
    noAnswer("timeout", "no answer within 1000 ms"),
    answerWith(200, { answer: "ok" }),
  ];
  bench.answers = (_posted, number) => answers[number - 1];
  await bench.add("a");
  await bench.pass(10 * SECOND_MS);
  const common = { webhook: "ops", ids: ["a"], events: ["VOLUME_START"], durationMs: 1 };
  assertEquals([...bench.attempts], [{
    ...common,
    atMs: startMs,
    status: 503,
    result: "503 Service Unavailable",
    answer: "busy, ***",
    outcome: "retry",
    nextMs: startMs + 500,
  }, {
    ...common,
    atMs: startMs + 500,
    error: "timeout",
    result: "timeout: no answer within 1000 ms",
    answer: "",
    outcome: "retry",
    nextMs: startMs + 1500,
  }, {
    ...common,
    atMs: startMs + 1500,
    status: 200,
    result: "200 OK",
    answer: "ok",
    outcome: "delivered",
  }]);
});

Deno.test("the last attempt of an event that is given up says so, and names no next one", async () => {
  await using bench = new LaneBench({ retryForMs: 0 });
  bench.answers = () => answerWith(503);
  await bench.add("a");
  assertEquals(bench.attempts.map(({ outcome, nextMs }) => [outcome, nextMs]), [[
    "dead",
    undefined,
  ]]);
});

Deno.test("a batch is recorded with all its events, and each kind of event once", async () => {
  await using bench = new LaneBench({ batch: 5 });
  await bench.add("a", "b", "c");
  assertEquals(bench.attempts.map(({ ids, events }) => [ids, events]), [
    [["a", "b", "c"], ["VOLUME_START"]],
  ]);
});

Deno.test("a lane says what it does: waiting, delivering, retrying", async () => {
  await using bench = new LaneBench();
  bench.answers = () => undefined;
  assertEquals(bench.lane.state, { activity: "waiting" });
  await bench.add("a");
  assertEquals(bench.lane.state, { activity: "delivering" });
  await bench.answer(answerWith(503));
  assertEquals(bench.lane.state.activity, "retrying");
  await bench.pass(500);
  await bench.answer(answerWith(200));
  assertEquals(bench.lane.state, { activity: "waiting" });
});

Deno.test("the state says since when, how often and why a webhook fails, and when it is tried next", async () => {
  // Without order others would go first when the lane opens.
  for (const [order, nextMs] of [["fifo", 1500], ["volume", 1502], ["none", 1502]] as const) {
    await using bench = new LaneBench({ order });
    const sinceMs = bench.clock.now();
    bench.answers = (_posted, number) => answerWith(number === 1 ? 503 : 502);
    await bench.add("a");
    await bench.pass(700);
    const { activity, failure } = bench.lane.state;
    assertEquals([activity, failure?.attempts, failure?.reason], [
      "retrying",
      2,
      "502 Bad Gateway",
    ]);
    assertEquals([failure?.sinceMs, failure?.nextAttemptMs], [sinceMs, sinceMs + nextMs], order);
  }
});

Deno.test("while the next attempt is under way, or nothing is left to try, it is due now", async () => {
  await using bench = new LaneBench({ retryForMs: 0 });
  bench.answers = (_posted, number) => number === 1 ? answerWith(503) : undefined;
  await bench.add("a");
  await bench.pass(20 * SECOND_MS);
  assertEquals(bench.lane.state.failure?.nextAttemptMs, bench.clock.now());
  await bench.add("b");
  assertEquals([bench.underWay, bench.lane.state.failure?.nextAttemptMs], [
    ["b"],
    bench.clock.now(),
  ]);
});

Deno.test("the next attempt of an event that is rejected is due after its own back-off", async () => {
  await using bench = new LaneBench();
  bench.answers = () => answerWith(400);
  await bench.add("bad", "good");
  await bench.pass(600);
  assertEquals(bench.lane.state.failure?.nextAttemptMs, bench.clock.now() + 900);
});

Deno.test("what nobody foresaw is an attempt that failed", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => {
    if (number === 1) throw new TypeError("no such thing");
    return answerWith(200);
  };
  await bench.add("a");
  await bench.pass(SECOND_MS);
  assertEquals(bench.attempts.map(({ result }) => result), ["network: no such thing", "200 OK"]);
});
