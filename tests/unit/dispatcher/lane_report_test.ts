import { assertEquals } from "../../support/assert.ts";
import { settle } from "../../support/manual_clock.ts";
import { answerWith, HOUR_MS, noAnswer, SECOND_MS } from "./lane_answers.ts";
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
