/**
 * The stream of a node's events, read from a real spool.
 *
 * @module
 */
import type { StreamItem, StreamQuery } from "../../src/api/event_stream.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { FEED_NODE, FeedBench, inShort, ulidOf } from "../support/feed_bench.ts";
import { type Random, withRandom } from "../support/random.ts";
import { givenUp, owner, START_MS } from "../support/spool_bench.ts";

const OTHER_NODE = "00000000-0000-4000-8000-000000000001";

function timeOf(number: number): string {
  return new Date(START_MS + 1000 * number).toISOString();
}

function reasonOf(item: StreamItem | undefined): string {
  return item?.kind === "notice" && item.notice.notice === "gap" ? item.notice.reason : "";
}

Deno.test("without since it is live at once, and the next event is the first", async () => {
  await using bench = await FeedBench.make(5);
  const ending = new AbortController();
  const lists = bench.feed.follow({}, ending.signal)[Symbol.asyncIterator]();
  bench.commit(1);
  const { value: items = [] } = await lists.next();
  assertEquals(inShort(items), ["live", 6]);
  assertEquals(items[0], {
    kind: "notice",
    notice: { notice: "live", node: FEED_NODE.id, host: "gl1" },
    position: `${FEED_NODE.id}=${ulidOf(5)}`,
  });
  const waiting = lists.next();
  bench.commit(2);
  assertEquals(inShort((await waiting).value ?? []), [7, 8]);
  const last = lists.next();
  ending.abort();
  assertEquals((await last).done, true);
});

Deno.test("since is an event, a time or a position, and the past comes before what is live", async () => {
  await using bench = await FeedBench.make(6);
  const cases: [string, (number | string)[]][] = [
    [ulidOf(4), [5, 6, "live"]],
    [ulidOf(4).toLowerCase(), [5, 6, "live"]],
    [ulidOf(6), ["live"]],
    [timeOf(5), [5, 6, "live"]],
    [timeOf(7), ["live"]],
    [timeOf(0), [1, 2, 3, 4, 5, 6, "live"]],
    [`${FEED_NODE.id}=${ulidOf(5)}`, [6, "live"]],
    [`${OTHER_NODE}=${ulidOf(99)},${FEED_NODE.id.toUpperCase()}=${ulidOf(5)}`, [6, "live"]],
    // This node had another UUID then.
    [`${OTHER_NODE}=${ulidOf(5)}`, [6, "live"]],
    // This node was not in the pool then.
    [`${OTHER_NODE}=${ulidOf(99)}`, ["live"]],
  ];
  for (const [since, wanted] of cases) {
    assertEquals(inShort(await bench.take(wanted.length, { since })), wanted, since);
  }
});

Deno.test("filters leave out what is not asked for, of the past and later", async () => {
  await using bench = await FeedBench.make(6);
  const query = { events: ["group:PEER"], since: timeOf(0) };
  assertEquals(inShort(await bench.take(3, query)), [3, 6, "live"]);
  // PEER_CONNECT and VOLUME_START are no more than information.
  assertEquals(inShort(await bench.take(1, { severity: "warning", since: timeOf(0) })), ["live"]);
});

Deno.test("an event that is not known is followed from its own time on", async () => {
  await using bench = await FeedBench.make(6);
  const ofAnother = ulidOf(4).slice(0, -1) + "Z";
  assertEquals(inShort(await bench.take(4, { since: ofAnother })), [4, 5, 6, "live"]);
  const older = await bench.take(8, { since: ulidOf(-5) });
  assertEquals(inShort(older), ["gap", 1, 2, 3, 4, 5, 6, "live"]);
  assertEquals(reasonOf(older[0]), `this node's history begins at ${timeOf(1)}`);
});

Deno.test("what is forgotten is told before the first event, and only if it was asked for", async () => {
  await using bench = await FeedBench.make(10);
  bench.spools.forgetAll({ keepFromMs: START_MS + 5000 });
  for (const since of [ulidOf(2), timeOf(2), timeOf(4)]) {
    assertEquals(
      inShort(await bench.take(8, { since })),
      ["gap", 5, 6, 7, 8, 9, 10, "live"],
      since,
    );
  }
  for (const since of [timeOf(5), ulidOf(5)]) {
    assert(!inShort(await bench.take(6, { since })).includes("gap"), since);
  }
  // The last thing that was forgotten is older than this, though nothing is left from before it.
  const quiet = new Date(START_MS + 4500).toISOString();
  assertEquals(inShort(await bench.take(7, { since: quiet })), [5, 6, 7, 8, 9, 10, "live"]);
});

Deno.test("a dead letter that outlives the history around it makes one gap, not many", async () => {
  await using bench = await FeedBench.make();
  bench.spools.spool.setWebhooks([owner("a")]);
  bench.commit(10);
  bench.spools.finish(...[2, 4].map((seq) => givenUp("a", seq, START_MS + 9000)));
  const rest = [1, 3, 5, 6, 7, 8, 9, 10];
  bench.spools.finish(
    ...rest.map((seq) => ({ kind: "finished", webhook: "a", seq }) as const),
  );
  bench.spools.forgetAll({ keepFromMs: START_MS + 7000 });
  // Not in memory any more.
  bench.spools.reopen();
  const items = inShort(await FeedBench.over(bench).take(7, { since: ulidOf(2) }));
  assertEquals(items, ["gap", 4, 7, 8, 9, 10, "live"]);
});

Deno.test("one who is slow is told what was forgotten meanwhile, and goes on with the rest", async () => {
  await using bench = await FeedBench.make(200);
  const ending = new AbortController();
  const lists = bench.feed.follow({ since: timeOf(0) }, ending.signal)[Symbol.asyncIterator]();
  const first = inShort((await lists.next()).value ?? []);
  assertEquals(first, Array.from({ length: first.length }, (_, index) => index + 1));
  // So many that none of them is in memory any more.
  for (let round = 0; round < 4; round++) bench.commit(1000);
  bench.spools.forgetAll({ keepFromMs: START_MS + 1_000_000 });
  const next = await lists.next();
  assertEquals(inShort(next.value ?? []).slice(0, 2), ["gap", 1000]);
  assertMatch(reasonOf(next.value?.[0]), /^this node's history begins at /);
  ending.abort();
});

Deno.test("a log that is damaged is left out with a word, and what comes then is live", async () => {
  await using bench = await FeedBench.make(5000);
  bench.spools.damage("events", "/000/");
  const damaged = FeedBench.over(bench);
  const items = await damaged.take(2, { since: timeOf(0) });
  assertEquals(inShort(items), ["gap", "live"]);
  assertMatch(reasonOf(items[0]), /malformed|damaged/);
  const next = damaged.take(2);
  damaged.commit(1);
  assertEquals(inShort(await next).at(-1), 5001);
});

/** One who follows, hangs up and comes back at random, until all of it is there. */
async function followBadly(
  bench: FeedBench,
  { random, done, query }: {
    readonly random: Random;
    readonly done: () => boolean;
    readonly query: StreamQuery;
  },
): Promise<StreamItem[]> {
  const got: StreamItem[] = [];
  let since = query.since;
  while (true) {
    const ending = new AbortController();
    const before = since === undefined ? {} : { since };
    for await (const items of bench.feed.follow({ ...query, ...before }, ending.signal)) {
      // What a connection takes with it when it breaks is not there.
      const kept = random.chance(0.1) ? items.slice(0, random.below(items.length + 1)) : items;
      got.push(...kept);
      since = kept.findLast(({ position }) => position !== undefined)?.position ?? since;
      if (kept.length < items.length || random.chance(0.1)) break;
      if (random.chance(0.3)) await new Promise((resolve) => setTimeout(resolve, random.below(4)));
      if (done() && since?.endsWith(ulidOf(bench.last)) === true) return got;
    }
    ending.abort();
  }
}

Deno.test("whatever the timing, all who follow get every event once and in order", async () => {
  await withRandom(async (random) => {
    await using bench = await FeedBench.make(random.below(100) + 1);
    let isDone = false;
    const first = bench.last;
    const readers = Array.from({ length: 5 }, () => {
      const since = random.pick([ulidOf(1), timeOf(2), undefined]);
      const query = since === undefined ? {} : { since };
      const from = since === undefined ? first + 1 : 2;
      return { from, got: followBadly(bench, { random, done: () => isDone, query }) };
    });
    for (let round = 0; round < 30; round++) {
      bench.commit(random.pick([1, 1, 2, 5, 40, 700]));
      if (random.chance(0.7)) {
        await new Promise((resolve) => setTimeout(resolve, random.below(3)));
      }
    }
    isDone = true;
    bench.commit(1);
    for (const { from, got } of readers) {
      const numbers = inShort(await got).filter((item) => typeof item === "number");
      const wanted = Array.from({ length: bench.last - from + 1 }, (_, index) => from + index);
      assertEquals(numbers, wanted);
    }
  });
});

Deno.test("whatever is forgotten meanwhile, no hole goes without a word", async () => {
  await withRandom(async (random) => {
    await using bench = await FeedBench.make(50);
    let isDone = false;
    const query = { since: ulidOf(1) };
    const readers = Array.from(
      { length: 3 },
      () => followBadly(bench, { random, done: () => isDone, query }),
    );
    for (let round = 0; round < 30; round++) {
      bench.commit(random.pick([1, 5, 300]));
      if (random.chance(0.3)) {
        bench.spools.forgetAll({ keepFromMs: START_MS + 1000 * random.below(bench.last) });
      }
      await new Promise((resolve) => setTimeout(resolve, random.below(2)));
    }
    isDone = true;
    bench.commit(1);
    for (const reading of readers) {
      let before: number = 1;
      let isTold = false;
      for (const item of inShort(await reading)) {
        if (item === "gap") isTold = true;
        if (typeof item !== "number") continue;
        assert(item > before, `${item} came after ${before}`);
        assert(item === before + 1 || isTold, `${item} came after ${before} without a word`);
        before = item;
        isTold = false;
      }
      assertEquals(before, bench.last);
    }
  });
});
