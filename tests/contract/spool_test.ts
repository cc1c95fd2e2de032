/**
 * What the spool promises, on the real SQLite.
 *
 * @module
 */
import { SpoolError } from "../../src/spool/errors.ts";
import { type NewEvent, type Outcome, Spool } from "../../src/spool/spool.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

const owner = (name: string) => ({ name, url: `http://${name}/` });

function makeEvents(from: number, to: number): NewEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    id: `id-${from + index}`,
    receivedMs: 1000 * (from + index),
    event: "VOLUME_START",
    payload: `{"n":${from + index}}`,
  }));
}

function append(spool: Spool, from: number, to: number): void {
  spool.commit({ events: makeEvents(from, to), outcomes: [], refused: 0 });
}

function finish(spool: Spool, ...outcomes: Outcome[]): void {
  spool.commit({ events: [], outcomes, refused: 0 });
}

/** What matched is done or waits, for each webhook. */
function assertAddsUp(spool: Spool): void {
  for (const { webhook, startSeq, delivered, dead, pending } of spool.cursors()) {
    assertEquals(delivered + dead + pending, spool.lastSeq - startSeq, webhook);
  }
}

Deno.test("events come back in order, whole, behind any place", async () => {
  await using folder = await makeTempFolder();
  using spool = Spool.open(`${folder.path}/spool.db`);
  append(spool, 1, 5);
  append(spool, 6, 6);
  assertEquals(spool.lastSeq, 6);
  const read = spool.readAfter(2, 3);
  assertEquals(read.map(({ seq, id }) => [seq, id]), [[3, "id-3"], [4, "id-4"], [5, "id-5"]]);
  assertEquals(read[0], { seq: 3, ...makeEvents(3, 3)[0] } as typeof read[0]);
  assertEquals(spool.readAfter(6, 10), []);
});

Deno.test("everything committed is there after opening again", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/spool.db`;
  {
    using spool = Spool.open(path);
    spool.setWebhooks([owner("a"), owner("b")]);
    append(spool, 1, 10);
    finish(spool, { webhook: "a", seq: 4 }, {
      webhook: "a",
      seq: 5,
      deadLetter: { reason: "400 Bad Request", givenUpMs: 7 },
    });
    spool.commit({ events: [], outcomes: [], refused: 3 });
  }
  using spool = Spool.open(path);
  assertEquals(spool.totals(), { received: 10, refused: 3 });
  assertEquals(spool.cursors(), [
    {
      webhook: "a",
      startSeq: 0,
      doneSeq: 5,
      delivered: 1,
      dead: 1,
      pending: 5,
      oldestPendingMs: 6000,
    },
    {
      webhook: "b",
      startSeq: 0,
      doneSeq: 0,
      delivered: 0,
      dead: 0,
      pending: 10,
      oldestPendingMs: 1000,
    },
  ]);
});

Deno.test("a new webhook begins with the next event", async () => {
  await using folder = await makeTempFolder();
  using spool = Spool.open(`${folder.path}/spool.db`);
  append(spool, 1, 3);
  spool.setWebhooks([owner("late")]);
  append(spool, 4, 5);
  const [cursor] = spool.cursors();
  assertEquals([cursor?.doneSeq, cursor?.pending], [3, 2]);
  assertAddsUp(spool);
});

Deno.test("a renamed webhook keeps its place, counts and dead letters; a removed one loses them", async () => {
  await using folder = await makeTempFolder();
  using spool = Spool.open(`${folder.path}/spool.db`);
  spool.setWebhooks([owner("a"), owner("b")]);
  append(spool, 1, 4);
  const deadLetter = { reason: "x", givenUpMs: 1 };
  finish(spool, { webhook: "a", seq: 1, deadLetter }, { webhook: "a", seq: 2 });
  spool.setWebhooks([{ name: "z", url: "http://a/" }]);
  assertEquals(spool.cursors(), [
    {
      webhook: "z",
      startSeq: 0,
      doneSeq: 2,
      delivered: 1,
      dead: 1,
      pending: 2,
      oldestPendingMs: 3000,
    },
  ]);
  spool.setWebhooks([]);
  spool.setWebhooks([owner("z")]);
  assertEquals(spool.cursors(), [
    { webhook: "z", startSeq: 4, doneSeq: 4, delivered: 0, dead: 0, pending: 0 },
  ]);
});

Deno.test("webhooks that are gone can be kept", async () => {
  await using folder = await makeTempFolder();
  using spool = Spool.open(`${folder.path}/spool.db`);
  spool.setWebhooks([owner("a"), owner("b")]);
  append(spool, 1, 3);
  assertEquals(spool.setWebhooks([owner("b"), owner("c")], { keepGone: true }), []);
  assertEquals(spool.owners().map(({ name }) => name), ["a", "b", "c"]);
  const dropped = spool.setWebhooks([owner("b")]);
  assertEquals(dropped.map(({ webhook, pending }) => [webhook, pending]), [["a", 3], ["c", 0]]);
  assertAddsUp(spool);
});

Deno.test("an outcome counts once, and never for a webhook that is gone", async () => {
  await using folder = await makeTempFolder();
  using spool = Spool.open(`${folder.path}/spool.db`);
  spool.setWebhooks([owner("a")]);
  append(spool, 1, 3);
  const deadLetter = { reason: "x", givenUpMs: 1 };
  finish(spool, { webhook: "a", seq: 2 }, { webhook: "a", seq: 2, deadLetter });
  finish(spool, { webhook: "a", seq: 1 }, { webhook: "gone", seq: 3, deadLetter });
  const [cursor] = spool.cursors();
  assertEquals([cursor?.doneSeq, cursor?.delivered, cursor?.dead], [2, 1, 0]);
});

Deno.test("events that nobody waits for are forgotten when they are old, step by step", async () => {
  await using folder = await makeTempFolder();
  using spool = Spool.open(`${folder.path}/spool.db`);
  spool.setWebhooks([owner("fast"), owner("slow")]);
  append(spool, 1, 10);
  const deadLetter = { reason: "x", givenUpMs: 1 };
  finish(spool, { webhook: "fast", seq: 10 });
  finish(spool, { webhook: "slow", seq: 2, deadLetter }, { webhook: "slow", seq: 6 });
  const steps = [1, 2, 3].map(() => spool.prune({ receivedBeforeMs: 5500, limit: 3 }));
  assertEquals(steps, [3, 1, 0]);
  const left = spool.readAfter(0, 100).map(({ seq }) => seq);
  assertEquals(left, [2, 6, 7, 8, 9, 10]);
});

Deno.test("places go on after everything was forgotten", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/spool.db`;
  {
    using spool = Spool.open(path);
    append(spool, 1, 5);
    assertEquals(spool.prune({ receivedBeforeMs: 1e9, limit: 100 }), 5);
  }
  using spool = Spool.open(path);
  append(spool, 6, 6);
  assertEquals(spool.readAfter(0, 10).map(({ seq }) => seq), [6]);
});

Deno.test("a second process cannot open the spool, and is told why", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/spool.db`;
  using spool = Spool.open(path);
  append(spool, 1, 1);
  const error = assertThrows(() => Spool.open(path), SpoolError, "Cannot open the spool");
  assertStringIncludes(error.hint, "another daemon uses it");
});

Deno.test("a file that is no spool is left as it is", async () => {
  await using folder = await makeTempFolder();
  const garbage = `${folder.path}/garbage.db`;
  await Deno.writeTextFile(garbage, "this is no database ".repeat(500));
  const error = assertThrows(() => Spool.open(garbage), SpoolError, "not a database");
  assertStringIncludes(error.hint, "move it away");
  assertEquals(await Deno.readTextFile(garbage), "this is no database ".repeat(500));
});

Deno.test("a spool that was killed while it was open is whole", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/spool.db`;
  const script = `
    import { Spool } from ${JSON.stringify(import.meta.resolve("../../src/spool/spool.ts"))};
    const spool = Spool.open(${JSON.stringify(path)});
    for (let n = 1;; n++) {
      const event = { id: "id-" + n, receivedMs: n, event: "X", payload: "{}" };
      spool.commit({ events: [event], outcomes: [], refused: 0 });
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
  using spool = Spool.open(path);
  assert(acknowledged >= 200, `only ${acknowledged} were acknowledged`);
  assert(spool.lastSeq >= acknowledged, `${spool.lastSeq} of ${acknowledged} are there`);
  const ids = spool.readAfter(0, 1e6).map(({ id }) => id);
  assertEquals(ids, ids.map((_, index) => `id-${index + 1}`));
});
