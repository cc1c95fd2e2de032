import { assertEquals, assertMatch } from "../../../support/assert.ts";
import { answerWith, SECOND_MS } from "./lane_answers.ts";
import { LaneBench, type Posted } from "./lane_bench.ts";

function webhookIds(posted: readonly Posted[]): (string | undefined)[] {
  return posted.map(({ request }) => request.headers["webhook-id"]);
}

Deno.test("what waits together goes together, in order, up to the most of a batch", async () => {
  await using bench = new LaneBench({ batch: 3 });
  await bench.add("a", "b", "c", "d", "e", "f", "g");
  assertEquals(bench.ids, ["a+b+c", "d+e+f", "g"]);
  assertEquals(bench.spool.finished, ["a", "b", "c", "d", "e", "f", "g"]);
});

Deno.test("a failed batch is tried again with the same events under the same id", async () => {
  await using bench = new LaneBench({ batch: 5 });
  bench.answers = (_posted, number) => answerWith(number < 3 ? 503 : 200);
  await bench.add("a", "b");
  await bench.add("c");
  await bench.pass(5 * SECOND_MS);
  assertEquals(bench.ids, ["a+b", "a+b", "a+b", "c"]);
  const [first, ...others] = webhookIds(bench.posted);
  assertMatch(first ?? "", /^batch_/);
  assertEquals(others, [first, first, "c"]);
});

Deno.test("an event that failed alone is tried again alone, under its own id", async () => {
  await using bench = new LaneBench({ batch: 5 });
  bench.answers = (_posted, number) => answerWith(number < 2 ? 503 : 200);
  await bench.add("a");
  await bench.add("b", "c");
  await bench.pass(5 * SECOND_MS);
  assertEquals(bench.ids, ["a", "a", "b+c"]);
  assertEquals(webhookIds(bench.posted).slice(0, 2), ["a", "a"]);
});

Deno.test("of a batch that is rejected each event goes alone, so that only the bad one dies", async () => {
  await using bench = new LaneBench({ batch: 3 });
  bench.answers = ({ ids }) => answerWith(ids.includes("bad") ? 422 : 200);
  await bench.add("a", "bad", "c", "d", "e");
  await bench.pass(60 * SECOND_MS);
  const bad = Array.from({ length: 6 }, () => "bad");
  assertEquals(bench.ids, ["a+bad+c", "a", ...bad, "c", "d+e"]);
  assertEquals(bench.spool.dead, [["bad", "422 Unprocessable Entity, rejected 6 times"]]);
  assertEquals(bench.spool.finished, ["a", "bad", "c", "d", "e"]);
});

Deno.test("an event that was rejected alone takes no others along", async () => {
  await using bench = new LaneBench({ batch: 3 });
  bench.answers = ({ ids }) => answerWith(ids.includes("bad") ? 422 : 200);
  await bench.add("bad");
  await bench.add("a", "b");
  await bench.pass(60 * SECOND_MS);
  assertEquals(bench.ids, ["bad", "bad", "bad", "bad", "bad", "bad", "a+b"]);
});

Deno.test("a batch carries at most a mebibyte, and one event however large it is", async () => {
  await using bench = new LaneBench({ batch: 10 });
  for (
    const [id, kibibytes] of [["a", 600], ["b", 600], ["c", 400], ["d", 3000], ["e", 1]] as const
  ) {
    const payload = JSON.stringify({ id, message: { text: "x".repeat(kibibytes * 1024) } });
    bench.spool.push({ id, payload });
  }
  bench.lane.wake();
  await bench.pass(0);
  assertEquals(bench.ids, ["a", "b+c", "d", "e"]);
});

Deno.test("what is under way takes no room from the next batch", async () => {
  await using bench = new LaneBench({ batch: 2, order: "none", concurrency: 3 });
  bench.answers = () => undefined;
  for (const id of ["a", "b"]) {
    bench.spool.push({ id, payload: JSON.stringify({ id, text: "x".repeat(600_000) }) });
  }
  await bench.add("c", "d");
  assertEquals(bench.underWay, ["a", "b+c", "d"]);
});

Deno.test("with order volume a batch holds several volumes, each in its order", async () => {
  await using bench = new LaneBench({ batch: 3, order: "volume", concurrency: 2 });
  bench.answers = () => undefined;
  await bench.add("gv1:a", "gv2:a", "gv1:b", "gv1:c", "gv3:a");
  assertEquals(bench.underWay, ["gv1:a+gv2:a+gv1:b", "gv3:a"]);
  await bench.answer(answerWith(200), "gv1:a+gv2:a+gv1:b");
  assertEquals(bench.underWay, ["gv3:a", "gv1:c"]);
});

Deno.test("a batch that failed is taken apart when the webhook takes one event at a time only", async () => {
  await using bench = new LaneBench({ batch: 3 });
  bench.answers = ({ ids }) => answerWith(ids.includes("+") ? 503 : 200);
  await bench.add("a", "b", "c");
  await bench.update({ batch: 1 });
  assertEquals(bench.ids, ["a+b+c", "a", "b", "c"]);
  assertEquals(bench.spool.finished, ["a", "b", "c"]);
});

Deno.test("a batch that failed is taken apart when the order asks for it", async () => {
  await using bench = new LaneBench({ batch: 2, order: "none" });
  bench.answers = ({ ids }) =>
    answerWith(ids.includes("bad") ? 400 : ids === "gv2:a+gv1:b" ? 503 : 200);
  await bench.add("gv1:bad");
  await bench.add("gv2:a", "gv1:b");
  assertEquals(bench.ids, ["gv1:bad", "gv2:a+gv1:b"]);
  await bench.update({ order: "volume" });
  await bench.pass(60 * SECOND_MS);
  assertEquals(bench.spool.finished, ["gv2:a", "gv1:bad", "gv1:b"]);
});

Deno.test("after changed settings what was rejected goes together again", async () => {
  await using bench = new LaneBench({ batch: 3 });
  bench.answers = (_posted, number) => answerWith(number === 1 ? 400 : 200);
  await bench.add("a", "b", "c");
  await bench.update({ timeoutMs: 2000 });
  assertEquals(bench.ids, ["a+b+c", "a+b+c"]);
});
