import type { Gap } from "../../../../src/spool/spool_types.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { settle } from "../../../support/manual_clock.ts";
import { answerWith, HOUR_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

const GAP: Gap = { id: "gap-1", events: 7, upTo: 7, reason: "room", fromMs: 1, toMs: 2 };

/** Tells the lane of a gap. */
async function tellGap(bench: LaneBench, gap: Gap): Promise<void> {
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
  assertEquals(bench.outcomes[0], { kind: "gap_told", webhook: "ops", upTo: 7 });
  bench.spool.gap = undefined;
  await bench.add("d");
  await tellGap(bench, { ...GAP, id: "gap-2", upTo: 14 });
  assertEquals(bench.ids.slice(4), ["d", "gap-2"]);
});

Deno.test("what a gap grew by while it was told is told of once, before the spool knows", async () => {
  await using bench = new LaneBench();
  bench.answers = () => undefined;
  await tellGap(bench, GAP);
  const grown = { ...GAP, id: "gap-2", events: 12, upTo: 12 };
  await tellGap(bench, grown);
  assertEquals(bench.underWay, ["gap-1"]);
  bench.answers = () => answerWith(200);
  await bench.answer(answerWith(200));
  // The spool takes the outcomes over, one after the other.
  await tellGap(bench, { ...grown, events: 5 });
  await bench.add("a");
  assertEquals(bench.ids, ["gap-1", "gap-2", "a"]);
  const told = bench.posted.slice(0, 2).map(({ request }) => JSON.parse(request.body).message);
  assertEquals(told, [{ missing: "7" }, { missing: "5" }]);
  assertEquals(bench.outcomes.slice(0, 2).map((outcome) => "upTo" in outcome && outcome.upTo), [
    7,
    12,
  ]);
});

Deno.test("a gap that grows before it is told of is told of as it is then", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => answerWith(number < 2 ? 503 : 200);
  await tellGap(bench, GAP);
  await bench.add("a");
  await tellGap(bench, { ...GAP, id: "gap-2", events: 9, upTo: 9 });
  await bench.pass(1000);
  assertEquals(bench.ids, ["gap-1", "a", "gap-2"]);
  assertEquals(JSON.parse(bench.posted[2]?.request.body ?? "").message, { missing: "9" });
});

Deno.test("a gap that the receiver does not take holds up nothing, and is given up at last", async () => {
  // Rejected six times; or tried for an hour, half a minute apart for most of it.
  for (const [status, attempts] of [[400, 6], [503, 125]] as const) {
    await using bench = new LaneBench({ retryForMs: HOUR_MS });
    bench.answers = ({ ids }) => answerWith(ids === "gap-1" ? status : 200);
    bench.spool.gap = GAP;
    await bench.add("a", "b");
    await bench.pass(1000);
    assertEquals(bench.spool.finished, ["a", "b"], `after ${status}`);
    await bench.add("c");
    await bench.pass(2 * HOUR_MS);
    const gaps = bench.ids.filter((ids) => ids === "gap-1").length;
    assertEquals(gaps, attempts, `${status}`);
    assertEquals(bench.outcomes.at(-1), { kind: "gap_told", webhook: "ops", upTo: 7 });
    assertEquals([bench.spool.finished, bench.spool.dead], [["a", "b", "c"], []]);
  }
});

Deno.test("a gap that grows all the time is not tried more often, nor for longer", async () => {
  await using bench = new LaneBench();
  bench.answers = ({ ids }) => answerWith(ids.startsWith("gap") ? 400 : 200);
  for (let count = 1; count <= 40; count++) {
    await tellGap(bench, { ...GAP, id: `gap-${count}`, events: count, upTo: count });
    await bench.add(`event-${count}`);
    await bench.pass(500);
  }
  const gaps = bench.ids.filter((ids) => ids.startsWith("gap"));
  // Given up after six attempts, then it begins anew with what came since.
  assert(gaps.length < 14, `${gaps}`);
  assertEquals(bench.spool.finished.length, 40);
  assertEquals(bench.kinds.filter((kind) => kind === "gap_given_up").length, 1);
});

Deno.test("replays of a file that was set aside are forgotten, and those of the new one posted", async () => {
  await using bench = new LaneBench();
  bench.answers = () => undefined;
  bench.spool.replay("r1", "r2", "r3");
  await bench.add("a");
  await bench.answer(answerWith(200));
  assertEquals(bench.underWay, ["r1"]);
  bench.spool.replays.length = 0;
  bench.lane.beginAnew();
  bench.answers = () => answerWith(200);
  await bench.answer(answerWith(200));
  // Their places are given away again.
  bench.spool.replay("new-1", "new-2");
  await bench.add("b");
  assertEquals(bench.ids.toSorted(), ["a", "b", "new-1", "new-2", "r1"]);
});

Deno.test("replays that are dropped are forgotten", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => number === 1 ? answerWith(503) : answerWith(200);
  bench.spool.replay("r1", "r2", "r3");
  bench.lane.wake();
  await settle();
  bench.spool.replays.splice(0, 2);
  bench.lane.forgetDropped();
  await bench.pass(HOUR_MS);
  assertEquals(bench.ids, ["r1", "r3"]);
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

Deno.test("while too many outcomes wait to be written nothing is given up either", async () => {
  await using bench = new LaneBench({ retryForMs: 10_000, retryMaxMs: 5000 });
  bench.answers = () => answerWith(503);
  for (let number = 0; number < 500; number++) bench.spool.add(`event-${number}`);
  await bench.add("last");
  await bench.pass(5000);
  bench.spool.hasRoom = false;
  await bench.pass(2 * HOUR_MS);
  assertEquals([bench.spool.dead.length, bench.lane.state.activity], [0, "retrying"]);
  bench.spool.hasRoom = true;
  bench.lane.wake();
  await bench.pass(2 * HOUR_MS);
  assertEquals(bench.spool.dead.length, 501);
});

Deno.test("a gap that was not tried yet is not given up with age", async () => {
  await using bench = new LaneBench({ retryForMs: 10_000 });
  bench.answers = () => answerWith(503);
  await bench.add("a");
  await tellGap(bench, GAP);
  await bench.update({ paused: true, retryForMs: 10_000 });
  await bench.pass(2 * HOUR_MS);
  bench.answers = () => answerWith(200);
  await bench.update({ retryForMs: 10_000 });
  await bench.pass(HOUR_MS);
  assertEquals(bench.ids.includes("gap-1"), true);
  assertEquals(bench.outcomes.map(({ kind }) => kind).toSorted(), ["finished", "gap_told"]);
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

Deno.test("however many requests may go at once, what is in memory has a limit in bytes too", async () => {
  const settings = { order: "none", concurrency: 64, batch: 1000 } as const;
  await using bench = new LaneBench(settings);
  bench.answers = () => undefined;
  const filler = "x".repeat(60_000);
  for (let number = 0; number < 1000; number++) {
    const id = `e${number}`;
    bench.spool.push({ id, payload: JSON.stringify({ id, message: { filler } }) });
  }
  bench.lane.wake();
  await settle();
  const underWay = bench.underWay.flatMap((ids) => ids.split("+")).length;
  assert(underWay >= 200 && underWay < 400, `${underWay} events are under way`);
  bench.answers = () => answerWith(200);
  while (bench.underWay.length > 0) await bench.answer(answerWith(200));
  await bench.pass(1000);
  assertEquals(bench.spool.finished.length, 1000);
});
