import { drainLeftMs } from "../../../src/daemon/delivery_path.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("what else takes its time when a daemon stops is taken from that of the requests", () => {
  assertEquals([0, 1000, 3000].map((passedMs) => drainLeftMs(100, 100 + passedMs)), [
    3500,
    2500,
    500,
  ]);
});

Deno.test("a moment is left for the answers that are on their way", () => {
  assertEquals([3400, 60_000].map((passedMs) => drainLeftMs(0, passedMs)), [250, 250]);
});
