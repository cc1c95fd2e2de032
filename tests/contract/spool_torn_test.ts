/**
 * Files that end too early, or hold garbage: the daemon starts, and what was there is kept.
 *
 * @module
 */
import { assert, assertEquals } from "../support/assert.ts";
import { type Random, withRandom } from "../support/random.ts";
import {
  assertAddsUp,
  delivered,
  digestOf,
  givenUp,
  makeEvent,
  owner,
  readAllWaiting,
  SpoolBench,
} from "../support/spool_bench.ts";

const PAGE_BYTES = 4096;
/** A frame of the journal is a page with a header. */
const FRAME_BYTES = PAGE_BYTES + 24;

/** The bytes of a closed spool of many pages. */
async function makeFile(): Promise<Uint8Array<ArrayBuffer>> {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 500);
  bench.finish(delivered("a", 1), givenUp("a", 2));
  bench.close();
  return await Deno.readFile(bench.path);
}

/** Opens a file and uses it: whatever it holds, events come in and go out. */
async function assertWorks(
  bench: SpoolBench,
  bytes: Uint8Array<ArrayBuffer>,
  what: string,
): Promise<void> {
  bench.close();
  await Deno.writeFile(bench.path, bytes);
  assertTakesAndGives(bench, what);
}

function assertTakesAndGives(bench: SpoolBench, what: string): void {
  bench.spool.setWebhooks([owner("a")]);
  const next = bench.spool.lastSeq + 1;
  bench.append(next, next);
  readAllWaiting(bench.spool, "a");
  bench.finish(givenUp("a", next));
  assertEquals(bench.waiting("a").includes(next), false, what);
  assertEquals(bench.reopen().lastSeq, next, what);
}

Deno.test("a file that ends too early is set aside byte by byte, and a new one begun", async () => {
  await using bench = await SpoolBench.make();
  const whole = await makeFile();
  const pages = whole.length / PAGE_BYTES;
  assert(pages > 20, `only ${pages} pages`);
  const boundaries = Array.from({ length: pages - 2 }, (_, page) => (page + 1) * PAGE_BYTES);
  const header = [2, 16, 17, 99, 100, 101, 511, 512, 4095];
  const inside = boundaries.flatMap((end) => [end - 1, end + 1, end + 2000]);
  for (const length of [...header, ...boundaries, ...inside]) {
    const torn = whole.slice(0, length);
    const before = bench.setAside.length;
    await assertWorks(bench, torn, `${length} bytes`);
    assertAddsUp(bench.spool);
    assertEquals(bench.setAside.length, before + 1, `${length} bytes`);
    const { movedTo = "" } = bench.setAside.at(-1) ?? {};
    assertEquals(await digestOf(await Deno.readFile(movedTo)), await digestOf(torn), movedTo);
  }
});

Deno.test("a last page that is torn is found out before it does harm", async () => {
  await using bench = await SpoolBench.make();
  const whole = await makeFile();
  for (const missing of [1, 100, 2000, 4000]) {
    await assertWorks(bench, whole.slice(0, whole.length - missing), `without ${missing}`);
    assertAddsUp(bench.spool);
  }
});

Deno.test("a header that is spoilt is found out at the start", async () => {
  await using bench = await SpoolBench.make();
  const whole = await makeFile();
  // The magic text, the page size, the format of the schema, the text encoding, whose file it is.
  for (const [count, place] of [0, 16, 47, 59, 70].entries()) {
    const bytes = whole.slice();
    bytes[place] = 0x77;
    await assertWorks(bench, bytes, `byte ${place}`);
    assertEquals(bench.setAside.length, count + 1, `byte ${place}`);
  }
});

/** Overwrites some bytes, zeroes a stretch, or scribbles over one. */
function spoil(random: Random, bytes: Uint8Array): void {
  const at = random.below(bytes.length);
  const end = Math.min(bytes.length, at + 1 + random.below(2 * PAGE_BYTES));
  const kind = random.below(3);
  if (kind === 0) bytes.fill(0, at, end);
  else if (kind === 1) bytes.set(Array.from(bytes.slice(at, end), () => random.below(256)), at);
  else {for (let count = 0; count < 8; count++) {
      bytes[random.below(bytes.length)] = random.below(256);
    }}
}

Deno.test("garbage anywhere in a file keeps nobody from going on", () =>
  withRandom(async (random) => {
    await using bench = await SpoolBench.make();
    const whole = await makeFile();
    for (let round = 0; round < 60; round++) {
      const bytes = whole.slice();
      spoil(random, bytes);
      // The version: of a newer one hands are kept off.
      bytes.set(whole.slice(18, 20), 18);
      bytes.set(whole.slice(60, 64), 60);
      await assertWorks(bench, bytes, `round ${round}`);
    }
    assert(bench.setAside.length > 0, "nothing was ever found");
  }));

/** The files of a spool after fifty commits that are still in the journal. */
async function makeJournal(): Promise<{
  file: Uint8Array<ArrayBuffer>;
  journal: Uint8Array<ArrayBuffer>;
}> {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 5);
  bench.reopen();
  for (let seq = 6; seq <= 55; seq++) {
    bench.append(seq, seq);
    bench.finish(delivered("a", seq - 5));
  }
  const files = await bench.files();
  const [file, journal] = [files.get("spool.db"), files.get("spool.db-wal")];
  if (file === undefined || journal === undefined) throw new Error([...files.keys()].join());
  assert(journal.length > 100 * FRAME_BYTES, `the journal has only ${journal.length} bytes`);
  return { file, journal };
}

Deno.test("a journal that is torn or spoilt loses the last commits and nothing else", () =>
  withRandom(async (random) => {
    const { file, journal } = await makeJournal();
    const seen = new Set<number>();
    for (let round = 0; round < 60; round++) {
      await using bench = await SpoolBench.make();
      let bytes = journal.slice(0, random.below(journal.length));
      if (round % 3 === 1) bytes = journal.slice(0, 32 + FRAME_BYTES * random.below(100));
      if (round % 3 === 2) {
        bytes = journal.slice();
        bytes.set(crypto.getRandomValues(new Uint8Array(5000)), random.below(bytes.length - 5000));
      }
      await Deno.writeFile(bench.path, file);
      await Deno.writeFile(`${bench.path}-wal`, bytes);
      const { lastSeq } = bench.spool;
      seen.add(lastSeq);
      const { doneSeq = 0 } = bench.spool.cursor("a") ?? {};
      assert([lastSeq - 5, lastSeq - 6].includes(doneSeq) || doneSeq === 0, `${doneSeq} are done`);
      const wanted = Array.from({ length: lastSeq - doneSeq }, (_, index) => {
        return { seq: doneSeq + 1 + index, ...makeEvent(doneSeq + 1 + index) };
      });
      assertEquals(readAllWaiting(bench.spool, "a"), wanted);
      assertTakesAndGives(bench, `${bytes.length} bytes of journal`);
      assertAddsUp(bench.spool);
      assertEquals(bench.setAside, []);
    }
    assert(seen.size > 5, `only ${[...seen]} were seen`);
  }));
