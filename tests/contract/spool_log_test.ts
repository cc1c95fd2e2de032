/**
 * What goes into the spool comes out of it again, on the real SQLite.
 *
 * @module
 */
import { SpoolError } from "../../src/spool/errors.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../support/assert.ts";
import {
  assertAddsUp,
  batchOf,
  delivered,
  givenUp,
  makeAttempt,
  makeEvent,
  makeEvents,
  owner,
  readAllWaiting,
  SpoolBench,
  START_MS,
} from "../support/spool_bench.ts";

const EVERYTHING = { limit: 1e6, maxBytes: 1e9 };

Deno.test("events come back whole and in order, behind any place", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 5);
  bench.append(6, 6);
  assertEquals([bench.spool.lastSeq, bench.spool.totals.received], [6, 6]);
  const read = bench.spool.readWaiting("a", { afterSeq: 2, limit: 3, maxBytes: 1e6 });
  assertEquals(read.readTo, 5);
  assertEquals(read.events, [3, 4, 5].map((seq) => ({ seq, ...makeEvent(seq) })));
  const end = bench.spool.readWaiting("a", { ...EVERYTHING, afterSeq: 6 });
  assertEquals(end, { events: [], readTo: 6 });
});

Deno.test("any text survives the log", async () => {
  await using bench = await SpoolBench.make();
  const texts = ["", "ü 漢 🦑", "\0 zero \u{1f}", "'; DROP TABLE events; --", "x".repeat(70_000)];
  const events = texts.map((text, index) => ({
    ...makeEvent(index + 1),
    payload: JSON.stringify({ text }),
  }));
  bench.spool.commit(batchOf({ events }));
  const { events: read } = bench.reopen().readWaiting("a", { ...EVERYTHING, afterSeq: 0 });
  assertEquals(read.map(({ payload }) => JSON.parse(payload).text), texts);
});

Deno.test("reading skips what is done, however little is asked for at once", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 200);
  const waiting = [3, 40, 41, 150, 200];
  const done = makeEvents(1, 200).flatMap((_, index) => {
    return waiting.includes(index + 1) ? [] : [delivered("a", index + 1)];
  });
  bench.finish(...done);
  for (const limit of [1, 2, 32, 33, 1000]) {
    const first = bench.spool.readWaiting("a", { afterSeq: 0, limit, maxBytes: 1e6 });
    assertEquals(first.events.map(({ seq }) => seq), waiting.slice(0, limit), `limit ${limit}`);
    assertEquals(readAllWaiting(bench.spool, "a", { limit }).map(({ seq }) => seq), waiting);
  }
});

Deno.test("reading stops when it has enough bytes", async () => {
  await using bench = await SpoolBench.make();
  const events = makeEvents(1, 100).map((event) => ({ ...event, payload: "x".repeat(1000) }));
  bench.spool.commit(batchOf({ events }));
  const read = bench.spool.readWaiting("a", { afterSeq: 0, limit: 100, maxBytes: 1 });
  assert(read.events.length > 0 && read.events.length <= 32, `${read.events.length} were read`);
  assertEquals(readAllWaiting(bench.spool, "a", { maxBytes: 1 }).length, 100);
});

Deno.test("events are found at their places", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 5);
  assertEquals(bench.spool.eventsAt([4, 9, 2]).map(({ id }) => id), ["id-4", "id-2"]);
});

Deno.test("everything committed is there after opening again", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 10);
  bench.finish(delivered("a", 2), givenUp("a", 3), delivered("a", 1), delivered("a", 7));
  const pause = { sinceMs: START_MS, reason: "410 Gone" };
  bench.finish({ kind: "paused", webhook: "b", pause });
  bench.spool.commit(batchOf({ refused: 3, lost: 2 }));
  const before = bench.spool.cursors();
  bench.reopen();
  assertEquals(bench.spool.totals, { received: 10, refused: 3, lost: 2 });
  const nothing = { dropped: 0, filtered: 0, replayed: 0, replaying: 0 };
  assertEquals(bench.spool.cursors(), [
    {
      ...{ webhook: "a", startSeq: 0, doneSeq: 3, delivered: 3, dead: 1, pending: 6, ...nothing },
      oldestPendingMs: makeEvent(4).receivedMs,
    },
    {
      ...{ webhook: "b", startSeq: 0, doneSeq: 0, delivered: 0, dead: 0, pending: 10, ...nothing },
      oldestPendingMs: makeEvent(1).receivedMs,
      pause,
    },
  ]);
  assertEquals(bench.spool.cursors(), before);
  assertEquals(bench.waiting("a"), [4, 5, 6, 8, 9, 10]);
  assertAddsUp(bench.spool);
});

Deno.test("a batch is kept as a whole or not at all", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 3);
  const before = [bench.spool.cursors(), bench.spool.totals, bench.waiting("a")];
  const batch = batchOf({
    events: makeEvents(4, 6),
    outcomes: [delivered("a", 1), givenUp("a", 2)],
    refused: 1,
  });
  for (const wrong of [null, undefined]) {
    const attempts = [{ ...makeAttempt(1), result: wrong as unknown as string }];
    const error = "Cannot write to the spool";
    assertThrows(() => bench.spool.commit({ ...batch, attempts }), SpoolError, error);
    assertEquals([bench.spool.cursors(), bench.spool.totals, bench.waiting("a")], before);
  }
  bench.spool.commit(batch);
  assertEquals([bench.spool.lastSeq, bench.waiting("a")], [6, [3, 4, 5, 6]]);
  // A mistake of the program is no damage of the file.
  assertEquals(bench.setAside, []);
});

Deno.test("a second one cannot open the spool, is told why, and moves nothing", async () => {
  await using bench = await SpoolBench.make();
  bench.append(1, 1);
  const error = assertThrows(() => bench.open(bench.path), SpoolError, "Cannot open the spool");
  assertStringIncludes(error.hint, "another daemon uses it");
  assertEquals(bench.setAside, []);
  bench.append(2, 2);
  assertEquals(bench.reopen().lastSeq, 2);
});

Deno.test("a spool that was killed while it was open is whole", async () => {
  await using bench = await SpoolBench.make();
  const script = `
    import { Spool } from ${JSON.stringify(import.meta.resolve("../../src/spool/spool.ts"))};
    const spool = Spool.open(${JSON.stringify(bench.path)}, {
      now: Date.now, newId: String, onSetAside: (setAside) => { throw setAside; },
    });
    for (let n = 1;; n++) {
      const event = { id: "id-" + n, receivedMs: n, event: "X", payload: "{}" };
      spool.commit({ events: [event], outcomes: [], attempts: [], refused: 0, lost: 0 });
      console.log(n);
    }
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", "--ext=ts", script],
    cwd: new URL("../..", import.meta.url).pathname,
    stdout: "piped",
  }).spawn();
  let told = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    told += decoder.decode(chunk);
    if (told.split("\n").length > 200) child.kill("SIGKILL");
  }
  await child.status;
  const acknowledged = Number(told.split("\n").at(-2));
  const { lastSeq } = bench.spool;
  assert(acknowledged >= 200, `only ${acknowledged} were acknowledged`);
  assert(lastSeq >= acknowledged, `${lastSeq} of ${acknowledged} are there`);
  const ids = readAllWaiting(bench.spool, "a").map(({ id }) => id);
  assertEquals(ids, Array.from({ length: lastSeq }, (_, index) => `id-${index + 1}`));
  assertEquals(bench.setAside, []);
});
