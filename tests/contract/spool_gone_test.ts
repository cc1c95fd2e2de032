/**
 * A file that is deleted or replaced under the running spool.
 *
 * @module
 */
import { SpoolDatabase } from "../../src/spool/database.ts";
import { SpoolError } from "../../src/spool/errors.ts";
import { assertEquals, assertRejects, assertThrows } from "../support/assert.ts";
import {
  assertAddsUp,
  delivered,
  givenUp,
  makeEvents,
  owner,
  SpoolBench,
} from "../support/spool_bench.ts";

/** A spool in which all there is was used. */
async function makeBench(): Promise<SpoolBench> {
  const bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 300);
  bench.reopen();
  bench.append(301, 310);
  bench.finish(delivered("a", 1), givenUp("a", 2), delivered("b", 5));
  return bench;
}

/** Everything that was committed is in the file, and more can be. */
function assertWhole(bench: SpoolBench): void {
  const before = bench.spool.cursors();
  bench.append(311, 311);
  for (const spool of bench.nowAndReopened()) {
    assertEquals(spool.totals, { received: 311, refused: 0, lost: 0 });
    const wanted = before.map((state) => ({ ...state, pending: state.pending + 1 }));
    assertEquals(spool.cursors(), wanted);
    assertEquals(bench.places(), makeEvents(1, 311).map((_, index) => index + 1));
    assertEquals(bench.deadLetters("a"), [2]);
    assertAddsUp(spool);
  }
}

Deno.test("a file that is there is not gone", async () => {
  await using bench = await makeBench();
  assertEquals(bench.spool.isGone, false);
  assertWhole(bench);
});

Deno.test("a file that was deleted is written again with all that was in it", async () => {
  await using bench = await makeBench();
  for (const name of (await bench.files()).keys()) {
    await Deno.remove(bench.path.replace("spool.db", name));
  }
  assertEquals(bench.spool.isGone, true);
  assertEquals(await bench.spool.writeAgain(), undefined);
  assertEquals(bench.spool.isGone, false);
  assertWhole(bench);
  assertEquals(bench.setAside, []);
});

Deno.test("a file that was put in its place is moved away, and ours written again", async () => {
  await using bench = await makeBench();
  await Deno.rename(bench.path, `${bench.path}.moved`);
  await Deno.writeTextFile(bench.path, "not a spool");
  assertEquals(bench.spool.isGone, true);
  const movedTo = (await bench.spool.writeAgain())?.movedTo ?? "";
  assertWhole(bench);
  const [name = ""] = [...(await bench.files()).keys()].filter((name) => /damaged/.test(name));
  assertEquals(movedTo, bench.path.replace("spool.db", name));
  assertEquals(await Deno.readTextFile(movedTo), "not a spool");
});

Deno.test("a file that cannot be written again leaves no part of one, and is written later", async () => {
  await using bench = await makeBench();
  await Deno.remove(bench.path);
  const obstacle = `${bench.path}.new`;
  await Deno.mkdir(`${obstacle}/in the way`, { recursive: true });
  for (let times = 0; times < 3; times++) {
    await assertRejects(() => bench.spool.writeAgain(), SpoolError, "Cannot write again the spool");
  }
  assertEquals([...(await bench.files()).keys()].filter((name) => !/wal|shm/.test(name)), []);
  await Deno.remove(obstacle, { recursive: true });
  bench.append(311, 311);
  assertEquals(await bench.spool.writeAgain(), undefined);
  assertEquals(bench.reopen().lastSeq, 311);
});

Deno.test("what is written while the file is written again is not lost", async () => {
  await using bench = await makeBench();
  await Deno.remove(bench.path);
  const writing = bench.spool.writeAgain();
  bench.append(311, 311);
  await assertRejects(() => writing, SpoolError, "it was written to meanwhile");
  assertEquals([...(await bench.files()).keys()].filter((name) => !/wal|shm/.test(name)), []);
  assertEquals(await bench.spool.writeAgain(), undefined);
  assertEquals(bench.reopen().lastSeq, 311);
});

Deno.test("a spool that is closed while its file is written again stays closed", async () => {
  await using bench = await makeBench();
  await Deno.remove(bench.path);
  const writing = bench.spool.writeAgain();
  bench.close();
  await assertRejects(() => writing, SpoolError, "not open");
  assertEquals([...(await bench.files()).keys()].filter((name) => !/wal|shm/.test(name)), []);
});

Deno.test("a database that was closed is opened again by whoever needs it, unless it was disposed of", async () => {
  await using bench = await makeBench();
  bench.close();
  const database = SpoolDatabase.open(bench.path);
  const count = () => database.reading(() => database.all("SELECT seq FROM events").length);
  database.close();
  assertEquals(count(), 310);
  database.close();
  database.transaction("write to", () => database.run("DELETE FROM events WHERE seq = 1"));
  assertEquals(count(), 309);
  database[Symbol.dispose]();
  assertThrows(count, SpoolError, "not open");
});

Deno.test("a replay that cannot be looked for is not taken for gone", async () => {
  await using bench = await makeBench();
  const { spool } = bench;
  assertEquals(spool.isReplayWaiting("a", { place: 1, seq: 1 }), false);
  bench.close();
  assertEquals(spool.isReplayWaiting("a", { place: 1, seq: 1 }), true);
});
