import { assertEquals } from "../../../support/assert.ts";
import { answerWith, HOUR_MS, SECOND_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

/** A lane that goes on behind another one, at once. */
function nextLane(before: LaneBench): LaneBench {
  const next = new LaneBench({}, before.memory);
  next.answers = () => answerWith(503);
  return next;
}

async function failedLane(failingMs: number, retryAfterMs?: number): Promise<LaneBench> {
  const bench = new LaneBench();
  bench.answers = () => answerWith(503, retryAfterMs === undefined ? {} : { retryAfterMs });
  await bench.add("a");
  await bench.pass(failingMs);
  await bench.lane.stop(0);
  return bench;
}

Deno.test("a lane knows how long its webhook failed before the daemon was restarted", async () => {
  const before = await failedLane(10 * SECOND_MS);
  await using bench = nextLane(before);
  const { failure } = bench.lane.state;
  assertEquals([failure?.attempts, failure?.reason], [5, "503 Service Unavailable"]);
  assertEquals(failure?.sinceMs, before.lane.state.failure?.sinceMs);
  await bench.add("a");
  assertEquals([bench.ids, bench.lane.state.failure?.attempts], [["a"], 6]);
});

Deno.test("what was tried before a restart counts for retry-for, the time in between does not", async () => {
  await using bench = nextLane(await failedLane(HOUR_MS - 30 * SECOND_MS));
  await bench.add("a");
  await bench.pass(29 * SECOND_MS);
  assertEquals(bench.spool.dead, []);
  await bench.pass(HOUR_MS);
  assertEquals(bench.spool.dead.map(([id]) => id), ["a"]);
});

Deno.test("a restart does not undercut Retry-After, and resuming by hand does", async () => {
  const before = await failedLane(SECOND_MS, 60 * SECOND_MS);
  await using bench = nextLane(before);
  await bench.add("a");
  await bench.pass(58 * SECOND_MS);
  assertEquals(bench.ids, []);
  await bench.pass(2 * SECOND_MS);
  assertEquals(bench.ids[0], "a");
  await using other = nextLane(before);
  await other.add("a");
  assertEquals([other.ids, other.lane.resume()], [[], true]);
  await other.pass(0);
  assertEquals(other.ids, ["a"]);
});

Deno.test("changed settings do not undercut Retry-After, another URL does", async () => {
  await using bench = new LaneBench();
  bench.answers = () => answerWith(429, { retryAfterMs: 60 * SECOND_MS });
  await bench.add("a");
  await bench.update({ timeoutMs: 1234 });
  await bench.pass(59 * SECOND_MS);
  assertEquals(bench.ids, ["a"]);
  await bench.update({ url: "http://other.example/" });
  assertEquals(bench.ids, ["a", "a"]);
});

Deno.test("what works again is forgotten", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => answerWith(number === 1 ? 503 : 200);
  await bench.add("a");
  assertEquals(bench.memory.failing?.attempts, 1);
  await bench.pass(SECOND_MS);
  assertEquals(bench.memory, {});
});

Deno.test("a clock that is set back while the daemon is down does not make Retry-After longer", async () => {
  const before = await failedLane(SECOND_MS, 60 * SECOND_MS);
  const { failing } = before.memory;
  assertEquals([failing?.waitMs, failing?.waitUntilMs], [
    60 * SECOND_MS,
    before.clock.now() - SECOND_MS + 60 * SECOND_MS,
  ]);
  const earlier = failing && { ...failing, waitUntilMs: failing.waitUntilMs + 24 * HOUR_MS };
  await using bench = new LaneBench({}, earlier === undefined ? {} : { failing: earlier });
  await bench.add("a");
  await bench.pass(60 * SECOND_MS - 1);
  assertEquals(bench.ids, []);
  await bench.pass(1);
  assertEquals(bench.ids, ["a"]);
});

Deno.test("a Retry-After that comes while the settings change holds, for the same receiver", async () => {
  for (
    const [url, waitMs] of [[undefined, 60 * SECOND_MS], ["http://other.example/", 0]] as const
  ) {
    await using bench = new LaneBench();
    bench.answers = () => undefined;
    await bench.add("a");
    await bench.update({ timeoutMs: 1234, ...(url === undefined ? {} : { url }) });
    bench.answers = () => answerWith(200);
    const answeredMs = bench.clock.now();
    await bench.answer(answerWith(429, { retryAfterMs: 60 * SECOND_MS }));
    assertEquals(bench.attempts[0]?.nextMs, answeredMs + waitMs);
    await bench.pass(HOUR_MS / 2);
    assertEquals(bench.trail, [["a", 0], ["a", waitMs]]);
  }
});
