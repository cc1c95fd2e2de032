import {
  backOffMs,
  retryLimitMs,
  slotOf,
  UNTRIED_FOR_MS,
} from "../../../../src/dispatcher/lanes/retry_policy.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { withRandom } from "../../../support/random.ts";
import { HOUR_MS } from "./lane_answers.ts";

const DAY_MS = 24 * HOUR_MS;
const SETTINGS = { retryMinMs: 1000, retryMaxMs: 300_000, retryForMs: 3 * DAY_MS };

function backOffs(counts: readonly number[], random: number, settings = SETTINGS): number[] {
  return counts.map((failures) => backOffMs({ failures, settings, random }));
}

Deno.test("the longest back-off doubles from retry-min up to retry-max", () => {
  const counts = [1, 2, 3, 8, 9, 10, 50, 5000];
  const longest = [1000, 2000, 4000, 128_000, 256_000, 300_000, 300_000, 300_000];
  assertEquals(backOffs(counts, 1), longest);
});

Deno.test("the jitter is full: any time from none to the whole back-off", async () => {
  assertEquals([0, 0.25, 0.5, 0.75].map((random) => backOffs([3], random)), [
    [0],
    [1000],
    [2000],
    [3000],
  ]);
  await withRandom((random) => {
    const seen = Array.from(
      { length: 1000 },
      () => backOffs([4], random.next() / 2 ** 32)[0] ?? -1,
    );
    assert(seen.every((ms) => ms >= 0 && ms <= 8000), `seen: ${seen}`);
    assert(Math.min(...seen) < 800 && Math.max(...seen) > 7200, `seen: ${seen}`);
  });
});

Deno.test("no count of failures and no setting makes the back-off anything but a time", () => {
  const widest = { retryMinMs: DAY_MS, retryMaxMs: 7 * DAY_MS, retryForMs: 365 * DAY_MS };
  const counts = [1, 40, 41, 1024, 1e6, Number.MAX_SAFE_INTEGER];
  for (const ms of backOffs(counts, 0.999999, widest)) {
    assert(Number.isSafeInteger(ms) && ms > 0 && ms <= widest.retryMaxMs, String(ms));
  }
});

Deno.test("a retry-min above retry-max counts as retry-max", () => {
  assertEquals(backOffs([1, 2], 1, { ...SETTINGS, retryMinMs: 5000, retryMaxMs: 10 }), [10, 10]);
});

Deno.test("the back-off is no longer than retry-for, so that the next event has its attempt", () => {
  const counts = [1, 5, 50];
  assertEquals(backOffs(counts, 1, { ...SETTINGS, retryForMs: 2000 }), [1000, 2000, 2000]);
  assertEquals(backOffs(counts, 1, { ...SETTINGS, retryForMs: 0 }), [1000, 1000, 1000]);
});

Deno.test("an event is kept for retry-for, and one that was never tried for an hour at least", () => {
  for (const retryForMs of [0, 2000, UNTRIED_FOR_MS, 3 * DAY_MS]) {
    assertEquals(retryLimitMs({ retryForMs }, true), retryForMs);
    assertEquals(retryLimitMs({ retryForMs }, false), Math.max(retryForMs, HOUR_MS));
  }
});

Deno.test("a request that is a little late does not move the next, one after a quiet time does", () => {
  const slots = (nowMs: number, intervalMs: number) => slotOf(nowMs, { lastMs: 1000, intervalMs });
  assertEquals([2000, 2049, 2050, 2999, 9000].map((nowMs) => slots(nowMs, 1000)), [
    ...[2000, 2000, 2050, 2999, 9000],
  ]);
  assertEquals([1010, 1019, 1020, 5000].map((nowMs) => slots(nowMs, 10)), [1010, 1010, 1020, 5000]);
  assertEquals(slotOf(7, { lastMs: -Infinity, intervalMs: 1000 }), 7);
});
