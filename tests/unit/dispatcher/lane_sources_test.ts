import { assertEquals } from "../../support/assert.ts";
import { settle } from "../../support/manual_clock.ts";
import { answerWith, HOUR_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

const GAP = { id: "gap-1", events: 7, fromMs: 1, toMs: 2 };

/** Tells the lane of a gap. */
async function tellGap(bench: LaneBench, gap: typeof GAP): Promise<void> {
  bench.spool.gap = gap;
  bench.lane.wake();
  await settle();
}

Deno.test("a gap is told of first, and once although the spool learns of it later", async () => {
  await using bench = new LaneBench();
  bench.spool.gap = GAP;
  await bench.add("a", "b");
  await bench.add("c");
  assertEquals(bench.ids, ["gap-1", "a", "b", "c"]);
  assertEquals(bench.outcomes[0], {
    ...{ kind: "gap_told", webhook: "ops", gapId: "gap-1" },
    events: GAP.events,
  });
  bench.spool.gap = undefined;
  await bench.add("d");
  await tellGap(bench, { ...GAP, id: "gap-2" });
  assertEquals(bench.ids.slice(4), ["d", "gap-2"]);
});

Deno.test("a gap that grows before it is told of is told of as it is then", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => answerWith(number < 2 ? 503 : 200);
  await tellGap(bench, GAP);
  await bench.add("a");
  await tellGap(bench, { ...GAP, id: "gap-2", events: 9 });
  await bench.pass(1000);
  assertEquals(bench.ids, ["gap-1", "gap-2", "a"]);
  assertEquals(JSON.parse(bench.posted[1]?.request.body ?? "").message, { missing: "9" });
});

Deno.test("a gap that the receiver rejects holds up a lane in order, and is given up like an event", async () => {
  await using bench = new LaneBench();
  bench.answers = ({ ids }) => answerWith(ids === "gap-1" ? 400 : 200);
  await tellGap(bench, GAP);
  await bench.add("a");
  await bench.pass(15_499);
  assertEquals(new Set(bench.ids), new Set(["gap-1"]));
  await bench.pass(1);
  assertEquals([bench.ids.length, bench.ids.at(-1)], [7, "a"]);
  assertEquals(bench.outcomes.map(({ kind }) => kind), ["gap_told", "finished"]);
});

Deno.test("replays take turns with the log, so that neither waits for all of the other", async () => {
  await using bench = new LaneBench();
  bench.spool.replay("r1", "r2", "r3");
  await bench.add("a", "b", "c", "d", "e");
  assertEquals(bench.ids, ["a", "r1", "b", "r2", "c", "r3", "d", "e"]);
  const replay = bench.outcomes.find((outcome) => "replay" in outcome);
  assertEquals(replay, { kind: "finished", webhook: "ops", seq: 1, replay: 1 });
});

Deno.test("replays take turns also where rate or a back-off makes each request wait", async () => {
  await using bench = new LaneBench({ requestIntervalMs: 100 });
  bench.spool.replay("r1", "r2", "r3");
  bench.answers = (_posted, number) => answerWith(number === 3 ? 503 : 200);
  await bench.add("a", "b", "c");
  await bench.pass(5000);
  assertEquals(bench.ids.slice(0, 2), ["a", "r1"]);
  assertEquals(bench.ids.toSorted(), ["a", "b", "b", "c", "r1", "r2", "r3"]);
  assertEquals(bench.spool.finished, ["a", "b", "c"]);
  const places = bench.ids.map((id) => id.startsWith("r") ? "replay" : "log");
  assertEquals(places, ["log", "replay", "log", "replay", "log", "replay", "log"]);
});

Deno.test("an event that the receiver rejects holds up only the stream it is in", async () => {
  await using bench = new LaneBench();
  bench.spool.replay("r1", "r2");
  bench.answers = ({ ids }) => answerWith(ids === "bad" ? 400 : 200);
  await bench.add("bad", "a");
  assertEquals(bench.ids, ["bad", "r1", "r2"]);
  await bench.pass(60_000);
  assertEquals(bench.ids.at(-1), "a");
});

Deno.test("events that are dropped are forgotten", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => answerWith(number === 1 ? 503 : 200);
  await bench.add("a", "b", "c");
  bench.spool.drop("a", "b");
  bench.lane.forgetDropped();
  await bench.pass(HOUR_MS);
  assertEquals(bench.ids, ["a", "c"]);
});

Deno.test("an event that is dropped while it is under way is not tried again", async () => {
  await using bench = new LaneBench();
  bench.answers = () => undefined;
  await bench.add("a", "b");
  bench.spool.drop("a");
  bench.lane.forgetDropped();
  assertEquals(bench.underWay, ["a"]);
  await bench.answer(answerWith(503));
  bench.answers = () => answerWith(200);
  await bench.pass(HOUR_MS);
  assertEquals([bench.ids, bench.spool.dead], [["a", "b"], []]);
});

Deno.test("an unreadable spool is told of once and read again every second", async () => {
  await using bench = new LaneBench();
  bench.spool.readError = new Error("disk I/O error");
  await bench.add("a");
  await bench.pass(10_000);
  assertEquals([bench.kinds, bench.ids], [["spool_unreadable"], []]);
  bench.spool.readError = undefined;
  await bench.pass(1000);
  assertEquals(bench.spool.finished, ["a"]);
});

Deno.test("while too many outcomes wait to be written nothing is posted", async () => {
  await using bench = new LaneBench();
  bench.spool.hasRoom = false;
  await bench.add("a", "b");
  await bench.pass(HOUR_MS);
  assertEquals(bench.ids, []);
  bench.spool.hasRoom = true;
  bench.lane.wake();
  await settle();
  assertEquals(bench.ids, ["a", "b"]);
});

Deno.test("a gap is not given up with age", async () => {
  await using bench = new LaneBench({ retryForMs: 10_000 });
  bench.answers = () => answerWith(503);
  await tellGap(bench, GAP);
  await bench.add("a");
  await bench.pass(2 * HOUR_MS);
  bench.answers = () => answerWith(200);
  await bench.pass(HOUR_MS);
  assertEquals(bench.outcomes.map(({ kind }) => kind), ["finished", "gap_told"]);
  assertEquals(bench.spool.dead.map(([id]) => id), ["a"]);
});

Deno.test("what is dropped while it is under way still holds up its volume", async () => {
  await using bench = new LaneBench({ order: "volume", concurrency: 4 });
  bench.answers = () => undefined;
  await bench.add("gv1:a", "gv1:b", "gv2:a");
  bench.spool.drop("gv1:a");
  bench.lane.forgetDropped();
  await settle();
  assertEquals(bench.underWay, ["gv1:a", "gv2:a"]);
  await bench.answer(answerWith(200), "gv1:a");
  assertEquals(bench.underWay, ["gv2:a", "gv1:b"]);
});
