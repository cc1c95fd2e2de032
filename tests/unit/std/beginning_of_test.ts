import { beginningOf } from "../../../src/std/beginning_of.ts";
import { assert, assertEquals } from "../../support/assert.ts";

Deno.test("a text is cut at its units, and one that is short enough stays", () => {
  assertEquals(beginningOf("größe-日本", 4), "größ");
  assertEquals(beginningOf("gv1", 3), "gv1");
  assertEquals(beginningOf("gv1", 0), "");
});

Deno.test("what is left of a long text does not keep the rest of it in memory", () => {
  const [count, longBytes] = [64, 2 ** 22];
  const kept = Array.from({ length: count }, (_, at) => {
    const long = `${at}`.padEnd(longBytes, "x");
    return beginningOf(long, 200);
  });
  const { heapUsed } = Deno.memoryUsage();
  assertEquals(kept.every((text) => text.length === 200), true);
  assert(heapUsed < count * longBytes / 2, `${heapUsed} bytes are in use`);
});
