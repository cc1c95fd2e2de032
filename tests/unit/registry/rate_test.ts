import { formatRate, parseRate } from "../../../src/registry/rate.ts";
import { assertEquals } from "../../support/assert.ts";

const GOOD: readonly (readonly [text: string, intervalMs: number])[] = [
  ["10/s", 100],
  ["1/s", 1000],
  ["30/m", 2000],
  ["1000/h", 3600],
  ["1/h", 3_600_000],
  ["100000/s", 0.01],
  ["7/m", 60_000 / 7],
  ["010/s", 100],
];

for (const [text, intervalMs] of GOOD) {
  Deno.test(`at ${text} there are ${intervalMs} ms between two requests`, () => {
    assertEquals(parseRate(text), intervalMs);
  });
}

for (
  const text of [
    "",
    "10",
    "/s",
    "10/",
    "0/s",
    "100001/s",
    "1000000/s",
    "-1/s",
    "+1/s",
    "1.5/s",
    "10 /s",
    "10/ s",
    " 10/s",
    "10/s\n",
    "10/S",
    "10/sec",
    "10/d",
    "10/10s",
    "10s",
    "1e3/s",
    "١/s",
    "10/__proto__",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is no rate`, () => {
    assertEquals(parseRate(text), undefined);
  });
}

Deno.test("a rate is shown for the smallest unit of time that makes it whole", () => {
  const cases: readonly (readonly [number, string])[] = [
    [100, "10/s"],
    [1000, "1/s"],
    [2000, "30/m"],
    [3600, "1000/h"],
    [60_000, "1/m"],
    [3_600_000, "1/h"],
    [1000 / 3, "3/s"],
    [60_000 / 7, "7/m"],
    [3_600_000 / 7, "7/h"],
    [0.01, "100000/s"],
  ];
  for (const [intervalMs, text] of cases) assertEquals(formatRate(intervalMs), text);
});

Deno.test("every rate is shown as a rate that means the same", () => {
  for (const unit of ["s", "m", "h"]) {
    for (let count = 1; count <= 100_000; count++) {
      const intervalMs = parseRate(`${count}/${unit}`) ?? NaN;
      const shown = formatRate(intervalMs);
      const error = Math.abs((parseRate(shown) ?? NaN) / intervalMs - 1);
      // Not assertEquals: 60000 / 120 and 1000 / 2 may differ in the last digit.
      if (!(error < 1e-12)) throw new Error(`${count}/${unit} is shown as ${shown}`);
    }
  }
});
