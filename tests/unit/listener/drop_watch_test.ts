import { DropWatch } from "../../../src/listener/drop_watch.ts";
import { assertEquals } from "../../support/assert.ts";

/** A watch on a count that the test sets. */
class Bench {
  drops: number | undefined = 0;
  nowMs = 0;
  readonly told: (readonly [count: number, drops: number])[] = [];
  readonly watch = new DropWatch({
    kernel: { readDrops: () => this.drops },
    steadyNow: () => this.nowMs,
    notify: ({ count, drops }) => this.told.push([count, drops]),
  });
}

Deno.test("drops are told of when there are more, at most once a minute", () => {
  const bench = new Bench();
  bench.watch.tell();
  bench.drops = 5;
  bench.watch.tell();
  bench.drops = 7;
  bench.watch.tell();
  bench.nowMs = 60_000;
  bench.watch.tell();
  bench.nowMs = 120_000;
  bench.watch.tell();
  assertEquals(bench.told, [[5, 5], [2, 7]]);
});

Deno.test("the last count stays when the sockets are closed, and is told of at once", () => {
  const bench = new Bench();
  bench.drops = 1;
  bench.watch.tell();
  bench.drops = 3;
  bench.watch.end();
  bench.drops = 9;
  assertEquals([bench.watch.count, bench.told], [3, [[1, 1], [2, 3]]]);
});

Deno.test("a kernel that does not tell has an unknown count and nothing to tell", () => {
  const bench = new Bench();
  bench.drops = undefined;
  bench.watch.tell();
  assertEquals([bench.watch.count, bench.told], [undefined, []]);
});
