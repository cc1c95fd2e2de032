import { assert, assertEquals } from "../../../support/assert.ts";
import { answerWith, SECOND_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

Deno.test("with order none as many requests are under way as concurrency allows", async () => {
  await using bench = new LaneBench({ order: "none", concurrency: 3 });
  bench.answers = () => undefined;
  await bench.add("a", "b", "c", "d", "e");
  assertEquals(bench.underWay, ["a", "b", "c"]);
  await bench.answer(answerWith(200), "b");
  assertEquals(bench.underWay, ["a", "c", "d"]);
  await bench.answer(answerWith(200), "d");
  assertEquals([bench.underWay, bench.spool.finished], [["a", "c", "e"], ["b", "d"]]);
});

Deno.test("with order volume the events of one volume wait for each other, and only they", async () => {
  await using bench = new LaneBench({ order: "volume", concurrency: 8 });
  bench.answers = () => undefined;
  await bench.add("gv1:a", "gv1:b", "gv2:a", "gv1:c", "gv2:b", "gv3:a");
  assertEquals(bench.underWay, ["gv1:a", "gv2:a", "gv3:a"]);
  await bench.answer(answerWith(200), "gv2:a");
  assertEquals(bench.underWay, ["gv1:a", "gv3:a", "gv2:b"]);
  await bench.answer(answerWith(200), "gv1:a");
  assertEquals(bench.underWay, ["gv3:a", "gv2:b", "gv1:b"]);
});

Deno.test("with order volume events without a volume keep their order and hold up no volume", async () => {
  await using bench = new LaneBench({ order: "volume", concurrency: 8 });
  bench.answers = () => undefined;
  await bench.add("peer-a", "peer-b", "gv1:a", "gv2:a");
  assertEquals(bench.underWay, ["peer-a", "gv1:a", "gv2:a"]);
  await bench.answer(answerWith(200), "peer-a");
  assertEquals(bench.underWay, ["gv1:a", "gv2:a", "peer-b"]);
});

Deno.test("with order volume an event that is rejected holds up its own volume only", async () => {
  await using bench = new LaneBench({ order: "volume", concurrency: 4 });
  bench.answers = ({ ids }) => answerWith(ids === "gv1:bad" ? 400 : 200);
  await bench.add("gv1:bad", "gv1:next", "gv2:a", "gv2:b");
  assertEquals(bench.spool.finished, ["gv2:a", "gv2:b"]);
  await bench.pass(60 * SECOND_MS);
  assertEquals(bench.spool.finished, ["gv2:a", "gv2:b", "gv1:bad", "gv1:next"]);
  assertEquals(bench.ids.filter((ids) => ids === "gv1:bad").length, 6);
});

Deno.test("with order none an event that the receiver cannot take does not block the others", async () => {
  await using bench = new LaneBench({ order: "none", concurrency: 2 });
  bench.answers = ({ ids }) => answerWith(ids === "poison" ? 500 : 200);
  const others = Array.from({ length: 50 }, (_, number) => `e${number}`);
  await bench.add("poison", ...others.slice(0, 25));
  await bench.pass(5 * SECOND_MS);
  await bench.add(...others.slice(25));
  await bench.pass(5 * SECOND_MS);
  assertEquals(bench.spool.finished.toSorted(), others.toSorted());
  // Its own back-off grows although the others succeed: 500, 1000, 2000, 4000 ms and more.
  await bench.pass(20 * SECOND_MS);
  const tries = bench.trail.filter(([ids]) => ids === "poison").map(([, atMs]) => atMs);
  assert(tries.length >= 5, `tried at ${tries}`);
  const waits = tries.slice(1).map((atMs, index) => atMs - (tries[index] ?? 0));
  assert(waits.every((ms, index) => ms >= 500 * 2 ** index), `waits: ${waits}`);
});

Deno.test("a poison event leaves a lane without order after its retry-for, alone", async () => {
  await using bench = new LaneBench({ order: "none", concurrency: 2, retryForMs: 30_000 });
  bench.answers = ({ ids }) => answerWith(ids === "poison" ? 500 : 200);
  await bench.add("poison");
  for (let second = 0; second < 40; second++) {
    await bench.add(`e${second}`);
    await bench.pass(SECOND_MS);
  }
  assertEquals(bench.spool.dead.map(([id]) => id), ["poison"]);
  assertEquals(bench.spool.finished.length, 41);
});
