import { assertEquals } from "../../../support/assert.ts";
import { settle } from "../../../support/manual_clock.ts";
import { answerWith, HOUR_MS } from "./lane_answers.ts";
import { LaneBench } from "./lane_bench.ts";

const GONE = { sinceMs: 1_700_000_000_000, reason: "410 Gone" };

Deno.test("410 pauses the webhook: its events wait, and the pause is kept", async () => {
  await using bench = new LaneBench();
  bench.answers = () => answerWith(410);
  await bench.add("a", "b");
  await bench.pass(100 * HOUR_MS);
  const pause = { sinceMs: bench.clock.now() - 100 * HOUR_MS, reason: "410 Gone" };
  assertEquals(bench.ids, ["a"]);
  assertEquals(bench.outcomes, [{ kind: "paused", webhook: "ops", pause }]);
  assertEquals(bench.lane.state, { activity: "paused", pause });
  assertEquals(bench.notices, [{ kind: "webhook_paused", webhook: "ops", reason: "410 Gone" }]);
  assertEquals(bench.attempts.map(({ outcome }) => outcome), ["paused"]);
});

Deno.test("a webhook that is resumed goes on at once, where it was", async () => {
  await using bench = new LaneBench();
  bench.answers = (_posted, number) => answerWith(number === 1 ? 410 : 200);
  await bench.add("a", "b");
  assertEquals(bench.lane.resume(), true);
  await settle();
  assertEquals([bench.ids, bench.spool.finished], [["a", "a", "b"], ["a", "b"]]);
  assertEquals(bench.outcomes[1], { kind: "resumed", webhook: "ops" });
  assertEquals(bench.kinds, ["webhook_paused", "webhook_resumed"]);
  assertEquals(bench.lane.resume(), false);
});

Deno.test("several 410 at the same time are one pause, and what else was under way counts", async () => {
  await using bench = new LaneBench({ order: "none", concurrency: 3 });
  bench.answers = () => undefined;
  await bench.add("a", "b", "c", "d");
  for (const status of [410, 200, 410]) await bench.answer(answerWith(status));
  await bench.pass(HOUR_MS);
  assertEquals([bench.underWay, bench.spool.finished], [[], ["b"]]);
  assertEquals(bench.outcomes.map(({ kind }) => kind), ["paused", "finished"]);
  assertEquals(bench.kinds, ["webhook_paused"]);
});

Deno.test("a webhook that was paused before the daemon began stays so until it is resumed", async () => {
  await using bench = new LaneBench({}, { pause: GONE });
  await bench.add("a");
  assertEquals([bench.ids, bench.lane.state], [[], { activity: "paused", pause: GONE }]);
  assertEquals(bench.kinds, ["webhook_paused"]);
  bench.lane.resume();
  await settle();
  assertEquals(bench.spool.finished, ["a"]);
});

Deno.test("another URL ends the pause that the receiver asked for, and says so", async () => {
  await using bench = new LaneBench({}, { pause: GONE });
  await bench.add("a");
  await bench.update({ timeoutMs: 2000 });
  assertEquals(bench.ids, []);
  await bench.update({ timeoutMs: 2000, url: "http://new.example/" });
  assertEquals([bench.spool.finished, bench.lane.state], [["a"], { activity: "waiting" }]);
  assertEquals(bench.kinds, ["webhook_paused", "webhook_resumed"]);
});

Deno.test("a webhook can be paused and resumed by hand; what is under way ends as usual", async () => {
  await using bench = new LaneBench();
  bench.answers = () => undefined;
  await bench.add("a", "b");
  await bench.update({ paused: true });
  await bench.answer(answerWith(200));
  assertEquals([bench.underWay, bench.spool.finished], [[], ["a"]]);
  const pause = { sinceMs: bench.clock.now(), reason: "by hand" };
  assertEquals(bench.lane.state, { activity: "paused", pause });
  assertEquals(bench.lane.resume(), false);
  await bench.update({ paused: false });
  assertEquals(bench.underWay, ["b"]);
  // The registry says it: the spool need not remember.
  assertEquals(bench.outcomes.map(({ kind }) => kind), ["finished"]);
  assertEquals(bench.kinds, ["webhook_paused", "webhook_resumed"]);
});

Deno.test("another URL does not end a pause by hand", async () => {
  await using bench = new LaneBench({ paused: true });
  await bench.add("a");
  await bench.update({ paused: true, url: "http://new.example/" });
  assertEquals([bench.ids, bench.lane.state.pause?.reason], [[], "by hand"]);
  assertEquals(bench.kinds, ["webhook_paused"]);
});

Deno.test("with both pauses another URL ends one, and the one by hand is left", async () => {
  await using bench = new LaneBench({ paused: true }, { pause: GONE });
  await bench.add("a");
  assertEquals(bench.lane.state.pause?.reason, "410 Gone");
  await bench.update({ paused: true, url: "http://new.example/" });
  assertEquals([bench.ids, bench.lane.state.pause?.reason], [[], "by hand"]);
  await bench.update({ paused: false, url: "http://new.example/" });
  assertEquals(bench.spool.finished, ["a"]);
});

Deno.test("taking back the pause by hand does not end the one that the receiver asked for", async () => {
  await using bench = new LaneBench({ paused: true }, { pause: GONE });
  await bench.add("a");
  await bench.update({ paused: false });
  assertEquals([bench.ids, bench.lane.state.pause], [[], GONE]);
});
