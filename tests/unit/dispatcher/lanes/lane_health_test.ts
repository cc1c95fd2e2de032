import { LaneHealth } from "../../../../src/dispatcher/lanes/lane_health.ts";
import { ManualClock } from "../../../support/manual_clock.ts";
import { assertEquals } from "../../../support/assert.ts";

/** Attempts end one after the other; those that fail may say when they began. */
function failAt(health: LaneHealth, endedMs: number, startedMs = endedMs - 1): boolean {
  return health.fail({ startedMs, endedMs, atMs: 1_000_000 + endedMs, reason: `at ${endedMs}` });
}

Deno.test("a failing webhook is known by its first failure, its last reason and the count", () => {
  const health = new LaneHealth();
  assertEquals(health.outage, undefined);
  assertEquals([10, 20, 30].map((endedMs) => failAt(health, endedMs)), [true, false, false]);
  assertEquals([health.outage?.sinceMs, health.outage?.sinceSteadyMs], [1_000_010, 10]);
  assertEquals([health.outage?.attempts, health.outage?.reason], [3, "at 30"]);
});

Deno.test("attempts that were under way together count once for the back-off", () => {
  const health = new LaneHealth();
  for (const endedMs of [10, 11, 12, 13]) failAt(health, endedMs, 5);
  assertEquals(health.backOffs, 1);
  failAt(health, 20, 19);
  assertEquals([health.backOffs, health.outage?.attempts], [2, 5]);
});

Deno.test("a late failure after a success counts as one again", () => {
  const health = new LaneHealth();
  failAt(health, 10, 0);
  health.succeed(15);
  assertEquals([failAt(health, 30, 0), health.backOffs], [true, 1]);
});

Deno.test("a failing webhook is probed by one request, and each success allows one more", () => {
  const health = new LaneHealth();
  assertEquals([1, 8].map((concurrency) => health.mostInFlight(concurrency)), [1, 8]);
  failAt(health, 10);
  const allowed = [health.mostInFlight(4)];
  for (let startedMs = 20; startedMs < 25; startedMs++) {
    health.succeed(startedMs);
    allowed.push(health.mostInFlight(4));
  }
  assertEquals(allowed, [1, 2, 3, 4, 4, 4]);
  failAt(health, 30);
  assertEquals(health.mostInFlight(4), 1);
});

Deno.test("a success that began before the last failure ends nothing", () => {
  const health = new LaneHealth();
  failAt(health, 10);
  health.backOffUntil(60);
  assertEquals(health.succeed(5), undefined);
  assertEquals([health.outage?.attempts, health.notBeforeMs, health.mostInFlight(4)], [1, 60, 1]);
  assertEquals(health.succeed(60)?.attempts, 1);
  assertEquals([health.outage, health.notBeforeMs, health.backOffs], [undefined, 0, 0]);
});

Deno.test("of several times to wait for the last one holds", () => {
  const health = new LaneHealth();
  for (const steadyMs of [50, 80, 20]) health.backOffUntil(steadyMs);
  assertEquals(health.notBeforeMs, 80);
});

Deno.test("a new beginning ends the wait and the back-off, but the webhook still fails", () => {
  const health = new LaneHealth();
  for (const endedMs of [10, 20]) failAt(health, endedMs);
  health.backOffUntil(900);
  health.beginAnew(30);
  assertEquals([health.notBeforeMs, health.backOffs, health.mostInFlight(4)], [0, 0, 1]);
  assertEquals([health.outage?.attempts, health.outage?.sinceSteadyMs], [2, 10]);
  failAt(health, 40);
  assertEquals(health.backOffs, 1);
});

Deno.test("a webhook that failed before the daemon was restarted is probed by one request", () => {
  const health = new LaneHealth();
  const clock = new ManualClock();
  const startMs = clock.steadyNow();
  const failing = { sinceMs: 1, forMs: 2000, attempts: 3, reason: "x", waitUntilMs: 0, waitMs: 0 };
  health.restore(failing, clock);
  const sinceSteadyMs = startMs - 2000;
  const outage = { sinceMs: 1, sinceSteadyMs, countedFromMs: sinceSteadyMs, attempts: 3 };
  assertEquals([health.outage, health.mostInFlight(4)], [{ ...outage, reason: "x" }, 1]);
  assertEquals([health.notBeforeMs, health.toMemory(clock)], [0, {
    ...failing,
    waitUntilMs: clock.now(),
  }]);
  assertEquals([failAt(health, startMs), health.outage?.attempts], [false, 4]);
});

Deno.test("what the receiver asked for is waited for, whatever hurries", () => {
  const health = new LaneHealth();
  failAt(health, 10);
  health.backOffUntil(20);
  health.leaveAloneUntil(90);
  health.leaveAloneUntil(50);
  assertEquals(health.notBeforeMs, 90);
  health.beginAnew(30);
  assertEquals(health.notBeforeMs, 90);
  health.forgetAsked();
  assertEquals(health.notBeforeMs, 0);
});
