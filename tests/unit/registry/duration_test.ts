import { formatDuration, parseDurationMs } from "../../../src/registry/duration.ts";
import { assertEquals } from "../../support/assert.ts";
import { withRandom } from "../../support/random.ts";

const GOOD: readonly (readonly [text: string, durationMs: number])[] = [
  ["250ms", 250],
  ["10s", 10_000],
  ["5m", 300_000],
  ["72h", 259_200_000],
  ["7d", 604_800_000],
  ["0s", 0],
  ["0ms", 0],
  ["007s", 7000],
  ["1.5h", 5_400_000],
  ["0.25s", 250],
  ["1.5ms", 2],
  ["90s", 90_000],
];

for (const [text, durationMs] of GOOD) {
  Deno.test(`the duration ${text} is ${durationMs} ms`, () => {
    assertEquals(parseDurationMs(text), durationMs);
  });
}

for (
  const text of [
    "",
    "10",
    "s",
    "10 s",
    " 10s",
    "10s ",
    "10s\n",
    "-10s",
    "+10s",
    "10S",
    "10sec",
    "1h30m",
    "1,5h",
    ".5h",
    "5.h",
    "1e3s",
    "0x1s",
    "١s",
    "Infinitys",
    "1y",
    "1__proto__",
    "9999999999999d",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is no duration`, () => {
    assertEquals(parseDurationMs(text), undefined);
  });
}

Deno.test("a duration is shown in the largest unit that keeps it whole", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0s"],
    [1, "1ms"],
    [999, "999ms"],
    [1500, "1500ms"],
    [90_000, "90s"],
    [300_000, "5m"],
    [3_600_000, "1h"],
    [86_400_000, "1d"],
    [259_200_000, "3d"],
    [90_000_000, "25h"],
  ];
  for (const [durationMs, text] of cases) assertEquals(formatDuration(durationMs), text);
});

Deno.test("a duration that is shown reads as the same duration", async () => {
  await withRandom((random) => {
    for (let count = 0; count < 2000; count++) {
      const unit = random.pick([1, 1000, 60_000, 3_600_000, 86_400_000]);
      const durationMs = random.below(100_000) * unit;
      assertEquals(parseDurationMs(formatDuration(durationMs)), durationMs);
    }
  });
});
