import { DeliveryCounts } from "../../../src/daemon/delivery_counts.ts";
import { Histogram } from "../../../src/daemon/histogram.ts";
import { IntakeCounts } from "../../../src/daemon/intake_counts.ts";
import type { Attempt } from "../../../src/spool/spool_types.ts";
import { assertEquals } from "../../support/assert.ts";

const ATTEMPT: Attempt = {
  atMs: 10_000,
  webhook: "a",
  ids: ["1", "2"],
  events: ["VOLUME_START"],
  status: 200,
  result: "200 OK",
  durationMs: 20,
  answer: "",
  outcome: "delivered",
};

const { status: _, ...UNANSWERED } = ATTEMPT;

Deno.test("each attempt counts as what ended it, and what nobody knows as other", () => {
  const counts = new DeliveryCounts();
  for (const status of [200, 299, 301, 404, 500, 599, 600, 101]) {
    counts.addAttempt({ ...ATTEMPT, status }, []);
  }
  for (const error of ["dns", "timeout", "aborted", "settings", "toString", "never heard of"]) {
    counts.addAttempt({ ...UNANSWERED, error, outcome: "retry" }, []);
  }
  const { attempts, durations } = counts.of("a");
  assertEquals(Object.fromEntries([...attempts].filter(([, count]) => count > 0)), {
    "2xx": 2,
    "3xx": 1,
    "4xx": 1,
    "5xx": 2,
    other: 4,
    dns: 1,
    timeout: 1,
    aborted: 1,
    settings: 1,
  });
  // The one that posted nothing took no time.
  assertEquals(Array.from(durations.sample().counts).reduce((sum, count) => sum + count), 13);
});

Deno.test("the delay of each event ends when the receiver has answered, and failures have none", () => {
  const counts = new DeliveryCounts();
  counts.addAttempt({ ...ATTEMPT, outcome: "retry", status: 503 }, [9000]);
  assertEquals(counts.of("a").lastSuccessMs, undefined);
  counts.addAttempt(ATTEMPT, [9020, 10_010]);
  const { delays, lastAttemptMs, lastSuccessMs } = counts.of("a");
  const { sum, counts: buckets } = delays.sample();
  assertEquals(sum.toFixed(3), "1.010");
  assertEquals(Array.from(buckets).slice(0, 6), [0, 1, 0, 0, 0, 1]);
  assertEquals([lastAttemptMs, lastSuccessMs], [10_020, 10_020]);
});

Deno.test("only what is given up counts as that, and webhooks that are gone are forgotten", () => {
  const counts = new DeliveryCounts();
  const finished = { kind: "finished", webhook: "a", seq: 1 } as const;
  counts.addOutcome(finished);
  counts.addOutcome({ ...finished, deadLetter: { reason: "404", givenUpMs: 1 } });
  counts.addOutcome({ ...finished, webhook: "b", deadLetter: { reason: "404", givenUpMs: 1 } });
  counts.retain([{ name: "a" }]);
  assertEquals([counts.of("a").givenUp, counts.of("b").givenUp], [1, 0]);
});

Deno.test("a value is in the first bucket that it fits in, and a negative one adds nothing", () => {
  const histogram = new Histogram([1, 2]);
  for (const value of [-5, 0, 1, 1.5, 2, 3]) histogram.observe(value);
  const { counts, sum } = histogram.sample();
  assertEquals([Array.from(counts), sum], [[3, 2, 1], 7.5]);
});

Deno.test("types that the catalog does not know count together, however many there are", () => {
  const intake = new IntakeCounts();
  const types = intake.all().length;
  for (let index = 1000; index < 2000; index++) intake.add(`UNKNOWN_${index}`);
  intake.add("VOLUME_START");
  const counted = intake.all().filter(({ count }) => count > 0);
  assertEquals(intake.all().length, types);
  assertEquals(counted, [
    { event: "VOLUME_START", group: "VOLUME", severity: "info", count: 1 },
    { event: "UNKNOWN", group: "UNKNOWN", severity: "warning", count: 1000 },
  ]);
});
