import { StreamMerge } from "../../../../src/daemon/links/stream_merge.ts";
import { assertEquals, assertRejects } from "../../../support/assert.ts";
import { settle } from "../../../support/manual_clock.ts";

/** A source that says how much was asked of it. */
class Counting {
  asked = 0;
  isCleared = false;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  async *pieces(count = Infinity): AsyncGenerator<string, void, void> {
    try {
      for (let at = 1; at <= count; at++) {
        this.asked++;
        yield await Promise.resolve(`${this.#name}${at}`);
      }
    } finally {
      this.isCleared = true;
    }
  }
}

Deno.test("each source has its turn, and one piece of it waits at most", async () => {
  const [a, b] = [new Counting("a"), new Counting("b")];
  using merge = new StreamMerge<string>();
  merge.add("a", a.pieces());
  merge.add("b", b.pieces());
  const values: (string | undefined)[] = [];
  for (let count = 0; count < 6; count++) values.push((await merge.next())?.value);
  assertEquals(values.toSorted(), ["a1", "a2", "a3", "b1", "b2", "b3"]);
  await settle();
  assertEquals([a.asked <= 4, b.asked <= 4], [true, true]);
});

Deno.test("a source that ends says so, and one that fails fails all", async () => {
  using merge = new StreamMerge<string>();
  merge.add("a", new Counting("a").pieces(1));
  assertEquals(await merge.next(), { key: "a", value: "a1" });
  assertEquals(await merge.next(), { key: "a", value: undefined });
  merge.remove("a");
  merge.add("b", {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new RangeError("broken")) }),
  });
  await assertRejects(() => merge.next(), RangeError, "broken");
});

Deno.test("who waits is woken, also when he is woken before he waits", async () => {
  using merge = new StreamMerge<string>();
  const waiting = merge.next();
  merge.wake();
  assertEquals(await waiting, undefined);
  merge.wake();
  assertEquals(await merge.next(), undefined);
});

Deno.test("what is removed gives nothing more, and is cleared up", async () => {
  const a = new Counting("a");
  using merge = new StreamMerge<string>();
  merge.add("a", a.pieces());
  await merge.next();
  const waiting = merge.next();
  await waiting;
  merge.remove("a");
  merge.add("b", new Counting("b").pieces());
  assertEquals((await merge.next())?.value, "b1");
  await settle();
  assertEquals(a.isCleared, true);
});
