import type { SpooledEvent } from "../../../src/spool/spool_types.ts";
import { Tail } from "../../../src/spool/tail.ts";
import { assert, assertEquals } from "../../support/assert.ts";

function events(from: number, to: number, bytes = 10): SpooledEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    seq: from + index,
    id: `id-${from + index}`,
    receivedMs: 0,
    event: "VOLUME_START",
    payload: "x".repeat(bytes),
  }));
}

function seqs(found: readonly SpooledEvent[] | undefined): number[] | undefined {
  return found?.map(({ seq }) => seq);
}

Deno.test("the tail has what was committed last, behind any place in it", () => {
  const tail = new Tail();
  assertEquals(tail.behind(0, 10), undefined);
  tail.push(events(5, 7));
  tail.push([]);
  tail.push(events(8, 8));
  assertEquals(seqs(tail.behind(3, 10)), undefined);
  assertEquals(seqs(tail.behind(4, 10)), [5, 6, 7, 8]);
  assertEquals(seqs(tail.behind(5, 2)), [6, 7]);
  assertEquals(seqs(tail.behind(8, 10)), []);
  tail.clear();
  assertEquals(tail.behind(8, 10), undefined);
});

Deno.test("the tail is short, in events and in bytes, and has no holes", () => {
  for (const bytes of [10, 60_000]) {
    const tail = new Tail();
    for (let from = 1; from < 20_000; from += 100) {
      tail.push(events(from, from + 99, bytes));
      const end = from + 99;
      let start = end;
      while (tail.behind(start - 1, 1) !== undefined) start--;
      const size = end - start;
      assert(size <= 1024 && size * bytes <= 2 ** 20, `${size} events of ${bytes} bytes`);
      assertEquals(seqs(tail.behind(start, size))?.length, size);
    }
  }
});
