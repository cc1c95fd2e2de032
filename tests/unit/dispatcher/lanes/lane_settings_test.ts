import { assertEquals } from "../../../support/assert.ts";
import { answerWith, HOUR_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

const NEW_URL = "http://new.example/";

Deno.test("changed settings are used at once, also for an event that waits for its retry", async () => {
  await using bench = new LaneBench();
  bench.answers = ({ request }) => answerWith(request.url === NEW_URL ? 200 : 503);
  await bench.add("a");
  await bench.update({ url: NEW_URL });
  assertEquals(bench.posted.map(({ request: { url } }) => url), ["http://ops.example/", NEW_URL]);
  assertEquals(bench.spool.finished, ["a"]);
});

Deno.test("changed settings begin anew: rejections before them do not count", async () => {
  await using bench = new LaneBench();
  bench.answers = () => answerWith(400);
  await bench.add("a");
  await bench.pass(8000);
  assertEquals(bench.posted.length, 5);
  await bench.update({ timeoutMs: 2000 });
  assertEquals(bench.posted.length, 6);
  await bench.pass(HOUR_MS / 2);
  assertEquals([bench.posted.length, bench.spool.dead.length], [11, 1]);
});

Deno.test("the same settings again do not cut a wait short", async () => {
  await using bench = new LaneBench();
  bench.answers = () => answerWith(503);
  await bench.add("a");
  await bench.update({});
  await bench.pass(499);
  assertEquals(bench.posted.length, 1);
});

Deno.test("what fails after the settings have changed is tried with the new ones right away", async () => {
  await using bench = new LaneBench();
  bench.answers = () => undefined;
  await bench.add("a");
  await bench.update({ url: NEW_URL });
  await bench.answer(answerWith(410));
  assertEquals([bench.underWay, bench.posted.at(-1)?.request.url], [["a"], NEW_URL]);
  assertEquals([bench.notices, bench.attempts[0]?.outcome], [[], "retry"]);
});

Deno.test("more concurrency and no order are used for what waits already", async () => {
  await using bench = new LaneBench();
  bench.answers = () => undefined;
  await bench.add("a", "b", "c");
  assertEquals(bench.underWay, ["a"]);
  await bench.update({ order: "none", concurrency: 2 });
  assertEquals(bench.underWay, ["a", "b"]);
  await bench.update({});
  for (const id of ["b", "a"]) await bench.answer(answerWith(200), id);
  assertEquals(bench.underWay, ["c"]);
});

Deno.test("no more requests are made than rate allows", async () => {
  await using bench = new LaneBench({ requestIntervalMs: 100, order: "none", concurrency: 8 });
  await bench.add("a", "b", "c");
  await bench.pass(1000);
  await bench.add("d", "e");
  await bench.pass(1000);
  assertEquals(bench.trail, [["a", 0], ["b", 100], ["c", 200], ["d", 1000], ["e", 1100]]);
});

Deno.test("after a quiet time no two requests go at once", async () => {
  await using bench = new LaneBench({ requestIntervalMs: 1000 });
  await bench.add("a");
  await bench.pass(1999);
  await bench.add("b", "c");
  await bench.pass(5000);
  assertEquals(bench.trail, [["a", 0], ["b", 1999], ["c", 2999]]);
});

Deno.test("rate holds for retries too", async () => {
  await using bench = new LaneBench({ requestIntervalMs: 100 });
  bench.random = 0;
  bench.answers = (_posted, number) => answerWith(number < 4 ? 503 : 200);
  await bench.add("a", "b");
  await bench.pass(1000);
  assertEquals(bench.trail, [["a", 0], ["a", 100], ["a", 200], ["a", 300], ["b", 400]]);
});

Deno.test("a recovery does not break the rate", async () => {
  await using bench = new LaneBench({ requestIntervalMs: 100, order: "none", concurrency: 8 });
  bench.answers = () => answerWith(503);
  await bench.add(...Array.from({ length: 20 }, (_, number) => `e${number}`));
  await bench.pass(30_000);
  bench.answers = () => answerWith(200);
  await bench.pass(120_000);
  const times = bench.trail.map(([, atMs]) => atMs);
  const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
  assertEquals([bench.spool.finished.length, Math.min(...gaps)], [20, 100]);
});

Deno.test("a rate that is raised or taken away is used at once", async () => {
  await using bench = new LaneBench();
  await bench.update({ requestIntervalMs: HOUR_MS });
  await bench.add("a", "b", "c");
  await bench.pass(1000);
  await bench.update({ requestIntervalMs: 2500 });
  assertEquals(bench.ids, ["a"]);
  await bench.pass(1500);
  assertEquals(bench.trail.slice(1), [["b", 2500]]);
  await bench.update({});
  assertEquals(bench.ids, ["a", "b", "c"]);
});

Deno.test("changed settings begin anew: an event's own back-off is short again", async () => {
  await using bench = new LaneBench({ order: "none", concurrency: 2 });
  bench.answers = ({ ids }) => answerWith(ids === "poison" ? 500 : 200);
  await bench.add("poison");
  for (let count = 0; count < 60; count++) {
    await bench.pass(1000);
    await bench.add(`e${count}`);
  }
  const before = bench.posted.length;
  await bench.update({ timeoutMs: 2000 });
  await bench.pass(501);
  assertEquals(bench.ids.slice(before), ["poison", "poison"]);
});
