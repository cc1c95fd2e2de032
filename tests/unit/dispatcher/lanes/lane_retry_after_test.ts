import { assertEquals } from "../../../support/assert.ts";
import { answerWith, HOUR_MS, MINUTE_MS, SECOND_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

const RETRY_AFTER = { retryAfterMs: 90 * SECOND_MS };

Deno.test("a receiver's Retry-After is waited for, whatever the status", async () => {
  for (const status of [429, 503, 400, 307]) {
    await using bench = new LaneBench();
    bench.answers = (_posted, number) =>
      number === 1 ? answerWith(status, RETRY_AFTER) : answerWith(200);
    await bench.add("a", "b");
    await bench.pass(HOUR_MS / 2);
    assertEquals(bench.trail, [["a", 0], ["a", 90_000], ["b", 90_000]], String(status));
  }
});

Deno.test("a Retry-After that is shorter than the back-off does not shorten it", async () => {
  await using bench = new LaneBench({ retryMinMs: 40_000 });
  bench.answers = () => answerWith(503, { retryAfterMs: 1000 });
  await bench.add("a");
  await bench.pass(25 * SECOND_MS);
  assertEquals(bench.trail, [["a", 0], ["a", 20_000]]);
});

Deno.test("no success of a request that was under way undercuts Retry-After", async () => {
  await using bench = new LaneBench({ order: "none", concurrency: 3 });
  bench.answers = () => undefined;
  await bench.add("a", "b", "c", "d", "e");
  await bench.pass(10);
  await bench.answer(answerWith(429, RETRY_AFTER), "b");
  await bench.pass(10);
  await bench.answer(answerWith(200), "a");
  // Neither does a failure that would allow more.
  await bench.answer(answerWith(503), "c");
  await bench.add("f");
  await bench.pass(90 * SECOND_MS - 11);
  assertEquals(bench.underWay, []);
  await bench.pass(1);
  assertEquals(bench.underWay.length, 1);
});

Deno.test("of two Retry-After the longer one holds", async () => {
  await using bench = new LaneBench({ order: "none", concurrency: 2 });
  bench.answers = () => undefined;
  await bench.add("a", "b", "c");
  await bench.answer(answerWith(429, RETRY_AFTER));
  await bench.answer(answerWith(429, { retryAfterMs: 5 * SECOND_MS }));
  bench.answers = () => answerWith(200);
  await bench.pass(200 * SECOND_MS);
  assertEquals(bench.trail.slice(2).map(([, atMs]) => atMs), [90_000, 90_001, 90_001]);
});

Deno.test("beyond retry-for an event becomes a dead letter and Retry-After still holds", async () => {
  await using bench = new LaneBench({ retryForMs: MINUTE_MS });
  bench.answers = (_posted, number) =>
    number === 1 ? answerWith(503, { retryAfterMs: 3 * HOUR_MS }) : answerWith(200);
  await bench.add("a");
  await bench.pass(MINUTE_MS - 1);
  assertEquals(bench.spool.finished, []);
  await bench.pass(1);
  assertEquals(bench.spool.finished, ["a"]);
  // Nothing waits any more; what comes now may not be posted either, and is kept for an hour.
  await bench.add("b");
  await bench.pass(HOUR_MS - 1);
  assertEquals(bench.spool.dead.map(([id]) => id), ["a"]);
  await bench.pass(1);
  assertEquals(bench.spool.dead.map(([id]) => id), ["a", "b"]);
  await bench.pass(HOUR_MS + 30 * MINUTE_MS);
  await bench.add("c");
  await bench.pass(HOUR_MS);
  assertEquals(bench.trail, [["a", 0], ["c", 3 * HOUR_MS]]);
});

Deno.test("an endless Retry-After is waited for in whole, and costs nothing meanwhile", async () => {
  await using bench = new LaneBench();
  bench.answers = () => answerWith(503, { retryAfterMs: 999_999_999_000 });
  await bench.add("a");
  await bench.pass(2 * HOUR_MS);
  assertEquals([bench.trail, bench.spool.finished], [[["a", 0]], ["a"]]);
  assertEquals(bench.clock.sleeps.length < 10, true, String(bench.clock.sleeps));
});
