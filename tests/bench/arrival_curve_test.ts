import { assertEquals } from "../support/assert.ts";
import { type Look, rateOf } from "./arrival_curve.ts";

function looks(everyMs: number, counts: readonly number[]): Look[] {
  return counts.map((count, index) => ({ atMs: 1000 + index * everyMs, count }));
}

Deno.test("a rate is taken from the first look that saw progress to the last one", () => {
  const counts = [7, 7, ...Array.from({ length: 21 }, (_, index) => 10 + 5 * index), 110, 110];
  assertEquals(rateOf(looks(20, counts)), 250);
});

Deno.test("where few looks saw progress the time before the first one counts too", () => {
  assertEquals(rateOf(looks(20, [0, 0, 30, 30])), 1500);
  assertEquals(rateOf(looks(20, [0, 10, 40, 40])), 1000);
});

Deno.test("without any progress the rate is 0", () => {
  assertEquals(rateOf([]), 0);
  assertEquals(rateOf(looks(20, [9, 9, 9])), 0);
});
