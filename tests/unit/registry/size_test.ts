import { formatSize, parseSize } from "../../../src/registry/size.ts";
import { assertEquals } from "../../support/assert.ts";
import { withRandom } from "../../support/random.ts";

const GOOD: readonly (readonly [text: string, bytes: number])[] = [
  ["100B", 100],
  ["0B", 0],
  ["0GiB", 0],
  ["64KiB", 65_536],
  ["512MiB", 536_870_912],
  ["2GiB", 2_147_483_648],
  ["1TiB", 1_099_511_627_776],
  ["1.5GiB", 1_610_612_736],
  ["0.5KiB", 512],
  ["1.4B", 1],
  ["007MiB", 7_340_032],
];

for (const [text, bytes] of GOOD) {
  Deno.test(`the size ${text} is ${bytes} bytes`, () => {
    assertEquals(parseSize(text), bytes);
  });
}

for (
  const text of [
    "",
    "512",
    "MiB",
    "512 MiB",
    " 512MiB",
    "512MiB ",
    "512MiB\n",
    "-1MiB",
    "+1MiB",
    "512M",
    "512MB",
    "512mib",
    "512Mib",
    "1b",
    "1PiB",
    "1GiB512MiB",
    "1,5GiB",
    ".5GiB",
    "5.GiB",
    "1e3MiB",
    "0x1MiB",
    "١MiB",
    "InfinityMiB",
    "1__proto__",
    "9999999999999B",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is no size`, () => {
    assertEquals(parseSize(text), undefined);
  });
}

Deno.test("a size is shown in the largest unit that keeps it whole", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0B"],
    [1, "1B"],
    [1000, "1000B"],
    [1024, "1KiB"],
    [1025, "1025B"],
    [1_572_864, "1536KiB"],
    [536_870_912, "512MiB"],
    [2_147_483_648, "2GiB"],
    [1_099_511_627_776, "1TiB"],
    [1_100_585_369_600, "1025GiB"],
  ];
  for (const [bytes, text] of cases) assertEquals(formatSize(bytes), text);
});

Deno.test("a size that is shown reads as the same size", async () => {
  await withRandom((random) => {
    for (let count = 0; count < 2000; count++) {
      const bytes = random.below(4096) * 2 ** (10 * random.below(5));
      assertEquals(parseSize(formatSize(bytes)), bytes);
    }
  });
});
