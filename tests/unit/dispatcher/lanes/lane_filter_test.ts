import type { EventsWanted } from "../../../../src/registry/schema.ts";
import type { Gap, Outcome } from "../../../../src/spool/spool_types.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { settle } from "../../../support/manual_clock.ts";
import { answerWith, HOUR_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

/** Only events of these volumes, which in the bench stand before the colon of an id. */
function volumes(...patterns: string[]): EventsWanted {
  return { events: [], volumes: patterns, fields: [] };
}

/** What was told of events that were left out. */
function filteredOutcomes(bench: LaneBench): Outcome[] {
  return bench.spool.outcomes.filter(({ kind }) => kind === "filtered");
}

Deno.test("only what the filter lets through is posted, in order, and the rest is told at once", async () => {
  await using bench = new LaneBench({ wanted: volumes("a") });
  await bench.add("b:1", "b:2", "a:3", "c:4", "a:5", "a:6", "b:7", "b:8", ":9");
  assertEquals(bench.ids, ["a:3", "a:5", "a:6"]);
  assertEquals(bench.spool.finished, ["a:3", "a:5", "a:6"]);
  const ranges = [[1, 2], [4, 4], [7, 9]];
  assertEquals<unknown>(filteredOutcomes(bench), [{ kind: "filtered", webhook: "ops", ranges }]);
});

Deno.test("without a filter nothing is told of what is left out, and nothing is read twice", async () => {
  await using bench = new LaneBench();
  await bench.add("b:1", "a:2");
  assertEquals([bench.ids, filteredOutcomes(bench)], [["b:1", "a:2"], []]);
  await using filtered = new LaneBench({ wanted: volumes("*") });
  await filtered.add("b:1", "a:2");
  assertEquals([filtered.ids, filtered.spool.readings], [bench.ids, bench.spool.readings]);
});

Deno.test("a long stretch is left out bit by bit, so that others have their turn", async () => {
  await using bench = new LaneBench({ wanted: volumes("a") });
  const count = 20_000;
  bench.spool.add(...Array.from({ length: count }, (_, index) => `b:${index}`), "a:last");
  bench.lane.wake();
  const atOnce = bench.spool.filtered.length;
  assert(0 < atOnce && atOnce <= 1024, `${atOnce} at once`);
  await settle();
  assertEquals(bench.spool.filtered.length, atOnce, "without a turn for others");
  for (let turn = 0; turn < count && bench.ids.length === 0; turn++) await bench.pass(0);
  assertEquals([bench.spool.filtered.length, bench.ids], [count, ["a:last"]]);
  const outcomes = filteredOutcomes(bench);
  assert(outcomes.length <= count / 500 + 1, `${outcomes.length} outcomes`);
  for (const outcome of outcomes) {
    assert(outcome.kind === "filtered" && outcome.ranges.length === 1, "it is one range each");
  }
});

Deno.test("while a receiver is down, what is left out behind the failing event is told", async () => {
  await using bench = new LaneBench({ wanted: volumes("a") });
  bench.answers = () => answerWith(503);
  await bench.add("a:1", "b:2", "a:3");
  await bench.add("b:4", "b:5");
  assertEquals([bench.ids, bench.spool.filtered], [["a:1"], ["b:2", "b:4", "b:5"]]);
  bench.answers = () => answerWith(200);
  await bench.pass(1000);
  assertEquals([bench.ids, bench.spool.finished], [["a:1", "a:1", "a:3"], ["a:1", "a:3"]]);
});

Deno.test("only so much of what matches is read ahead while a receiver is down", async () => {
  await using bench = new LaneBench({ wanted: volumes("a") });
  bench.answers = () => answerWith(503);
  bench.spool.add(
    ...Array.from({ length: 4000 }, (_, index) => `${index % 2 ? "a" : "b"}:${index}`),
  );
  bench.lane.wake();
  for (let turn = 0; turn < 100; turn++) await bench.pass(0);
  const looked = bench.spool.filtered.length;
  assert(256 <= looked && looked <= 520, `${looked} were left out`);
});

Deno.test("while nothing can be written, nothing is left out", async () => {
  await using bench = new LaneBench({ wanted: volumes("a") });
  bench.spool.hasRoom = false;
  bench.spool.readings = 0;
  await bench.add("b:1", "a:2");
  await bench.pass(HOUR_MS);
  assertEquals([bench.spool.readings, filteredOutcomes(bench), bench.ids], [0, [], []]);
  bench.spool.hasRoom = true;
  bench.lane.wake();
  await settle();
  assertEquals([bench.spool.filtered, bench.ids], [["b:1"], ["a:2"]]);
});

Deno.test("what was left out before the spool could not be read is told all the same", async () => {
  await using bench = new LaneBench({ wanted: volumes("a") });
  bench.spool.add(...Array.from({ length: 100 }, (_, index) => `b:${index}`));
  const { readWaiting } = bench.spool;
  Object.assign(bench.spool, {
    readWaiting: (...request: Parameters<typeof readWaiting>) => {
      const result = readWaiting(...request);
      bench.spool.readError = new Error("bad page");
      return { events: result.events.slice(0, 5), readTo: 5 };
    },
  });
  bench.lane.wake();
  await settle();
  assertEquals([bench.spool.filtered.length, bench.kinds], [5, ["spool_unreadable"]]);
});

Deno.test("a gap is told of whatever the filter says, also one that is an event of the log", async () => {
  await using bench = new LaneBench({ wanted: { ...volumes("a"), severity: "critical" } });
  const gap: Gap = { id: "gap-1", events: 7, upTo: 7, reason: "room", fromMs: 1, toMs: 2 };
  bench.spool.gap = gap;
  await bench.add("b:1");
  const [event] = bench.spool.events;
  assert(event !== undefined);
  bench.spool.events.push({ ...event, seq: 2, id: "lost", event: "EVENTING_GAP" });
  bench.lane.wake();
  await settle();
  assertEquals([bench.posted.length, bench.spool.filtered], [2, ["b:1"]]);
});

Deno.test("a replay is posted whatever the filter says", async () => {
  await using bench = new LaneBench({ wanted: volumes("a") });
  bench.spool.replay("b:1");
  await bench.add("b:2");
  assertEquals([bench.ids, bench.spool.filtered], [["b:1"], ["b:2"]]);
  await using failing = new LaneBench({ wanted: volumes("a") });
  failing.answers = () => answerWith(503);
  failing.spool.replay("a:1");
  failing.lane.wake();
  await settle();
  await failing.update({ wanted: volumes("b") });
  assertEquals([failing.ids, failing.spool.filtered], [["a:1", "a:1"], []]);
});

Deno.test("a changed filter leaves out what waits, not what is on its way", async () => {
  await using bench = new LaneBench({ wanted: volumes("a", "b") });
  bench.answers = () => undefined;
  await bench.add("a:1", "a:2", "b:3", "c:4");
  await bench.update({ wanted: volumes("b", "c") });
  assertEquals([bench.underWay, bench.spool.filtered], [["a:1"], ["c:4", "a:2"]]);
  await bench.answer(answerWith(200));
  await bench.add("c:5");
  await bench.answer(answerWith(200));
  // What was left out stays so.
  assertEquals([bench.ids, bench.underWay], [["a:1", "b:3", "c:5"], ["c:5"]]);
  assertEquals(bench.spool.finished, ["a:1", "b:3"]);
});

Deno.test("what fails on its way and is not wanted any more is not tried again", async () => {
  await using bench = new LaneBench({ wanted: volumes("a", "b") });
  bench.answers = () => undefined;
  await bench.add("a:1", "b:2");
  await bench.update({ wanted: volumes("b") });
  await bench.answer(answerWith(503));
  assertEquals([bench.underWay, bench.spool.filtered], [["b:2"], ["a:1"]]);
});

Deno.test("a batch that failed goes on without what is not wanted any more", async () => {
  await using bench = new LaneBench({ wanted: volumes("a", "b"), batch: 3 });
  bench.answers = () => answerWith(503);
  bench.spool.add("a:1", "b:2", "a:3", "b:4");
  bench.lane.wake();
  await settle();
  assertEquals(bench.ids, ["a:1+b:2+a:3"]);
  bench.answers = () => answerWith(200);
  await bench.update({ wanted: volumes("a") });
  assertEquals([bench.ids.slice(1), bench.spool.filtered], [["a:1+a:3"], ["b:2", "b:4"]]);
});

Deno.test("a paused webhook keeps only what it wants", async () => {
  await using bench = new LaneBench({ wanted: volumes("a"), paused: true });
  await bench.add("b:1", "a:2", "b:3");
  assertEquals([bench.ids, bench.spool.filtered], [[], ["b:1", "b:3"]]);
  await bench.update({ paused: false });
  assertEquals(bench.ids, ["a:2"]);
});

Deno.test("a filter that is taken away leaves nothing out any more", async () => {
  await using bench = new LaneBench({ wanted: volumes("a") });
  await bench.add("b:1");
  await bench.update({ wanted: volumes() });
  await bench.add("b:2");
  assertEquals([bench.ids, bench.spool.filtered], [["b:2"], ["b:1"]]);
});
