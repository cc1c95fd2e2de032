/**
 * Files that are older or newer than this program, or not its own.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { SpoolError } from "../../src/spool/errors.ts";
import { findEvents, searchAttempts } from "../../src/spool/history.ts";
import { ROW_BYTES } from "../../src/spool/schema.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../support/assert.ts";
import {
  assertAddsUp,
  delivered,
  digestOf,
  filtered,
  givenUp,
  makeEvent,
  makeEvents,
  owner,
  readAllWaiting,
  SpoolBench,
  START_MS,
} from "../support/spool_bench.ts";

/** The tables of version 1. */
const VERSION_1 = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  event TEXT NOT NULL,
  payload TEXT NOT NULL
) STRICT;
CREATE TABLE cursors (
  webhook TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  start_seq INTEGER NOT NULL,
  done_seq INTEGER NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE dead_letters (
  webhook TEXT NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  given_up_ms INTEGER NOT NULL,
  PRIMARY KEY (webhook, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE totals (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA application_id = 0x676c6576;
PRAGMA user_version = 1;
`;

/** The tables of version 2. */
const VERSION_2 = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  event TEXT NOT NULL,
  payload TEXT NOT NULL,
  end_bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_id ON events (id);
CREATE TABLE cursors (
  webhook TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  start_seq INTEGER NOT NULL,
  done_seq INTEGER NOT NULL,
  done_beyond TEXT NOT NULL DEFAULT '',
  delivered INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0,
  replayed INTEGER NOT NULL DEFAULT 0,
  paused_ms INTEGER,
  pause_reason TEXT,
  failing_since_ms INTEGER,
  failing_for_ms INTEGER NOT NULL DEFAULT 0,
  failing_attempts INTEGER NOT NULL DEFAULT 0,
  failing_reason TEXT,
  wait_until_ms INTEGER NOT NULL DEFAULT 0,
  gap_id TEXT,
  gap_events INTEGER NOT NULL DEFAULT 0,
  gap_from_ms INTEGER NOT NULL DEFAULT 0,
  gap_to_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE dead_letters (
  webhook TEXT NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  given_up_ms INTEGER NOT NULL,
  counted INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (webhook, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dead_letters_by_seq ON dead_letters (seq);
CREATE INDEX dead_letters_by_time ON dead_letters (given_up_ms);
CREATE TABLE replays (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook TEXT NOT NULL,
  seq INTEGER NOT NULL,
  counted INTEGER NOT NULL
) STRICT;
CREATE INDEX replays_by_webhook ON replays (webhook, place);
CREATE UNIQUE INDEX replays_by_seq ON replays (seq, webhook);
CREATE TABLE attempts (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  webhook TEXT NOT NULL,
  ids TEXT NOT NULL,
  events TEXT NOT NULL,
  count INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  result TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  answer TEXT NOT NULL,
  outcome TEXT NOT NULL,
  next_ms INTEGER
) STRICT;
CREATE TABLE totals (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA application_id = 0x676c6576;
PRAGMA user_version = 2;
`;

/** What became of the tables of the webhooks in version 3; all else is as in version 4. */
const TO_VERSION_3 = `
ALTER TABLE cursors DROP COLUMN filtered;
PRAGMA user_version = 3;
`;

/** Makes a file with SQL. */
function makeFile(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** A spool of version 1 with ten events, of which the first two were forgotten. */
function makeVersion1(path: string): void {
  makeFile(path, `PRAGMA journal_mode = WAL; ${VERSION_1}`);
  const database = new DatabaseSync(path);
  const insert = database.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?)");
  for (const [index, { id, receivedMs, event, payload }] of makeEvents(3, 10).entries()) {
    insert.run(index + 3, id, receivedMs, event, payload);
  }
  database.exec(`
    INSERT INTO cursors VALUES ('a', 'http://a/', 0, 6, 5, 1), ('b', 'http://b/', 4, 9, 5, 0);
    INSERT INTO dead_letters VALUES ('a', 4, '404 Not Found', ${START_MS});
    INSERT INTO totals VALUES ('received', 10), ('refused', 2);
  `);
  database.close();
}

Deno.test("a spool of version 1 goes on where it was", async () => {
  await using bench = await SpoolBench.make();
  makeVersion1(bench.path);
  const nothing = { dropped: 0, filtered: 0, replayed: 0, replaying: 0 };
  for (const spool of bench.nowAndReopened()) {
    assertEquals(spool.totals, { received: 10, refused: 2, lost: 0 });
    assertEquals(spool.cursors(), [
      {
        ...{ webhook: "a", startSeq: 0, doneSeq: 6, delivered: 5, dead: 1, pending: 4, ...nothing },
        oldestPendingMs: makeEvent(7).receivedMs,
      },
      {
        ...{ webhook: "b", startSeq: 4, doneSeq: 9, delivered: 5, dead: 0, pending: 1, ...nothing },
        oldestPendingMs: makeEvent(10).receivedMs,
      },
    ]);
    assertEquals(spool.owners().map(({ name }) => name), ["a", "b"]);
    assertEquals(
      readAllWaiting(spool, "a"),
      [7, 8, 9, 10].map((seq) => ({ seq, ...makeEvent(seq) })),
    );
    assertEquals(bench.deadLetters("a"), [4]);
    assertEquals(findEvents(spool, ["id-5"]), [{ seq: 5, ...makeEvent(5) }]);
    assertAddsUp(spool);
  }
  bench.append(11, 12);
  bench.finish(delivered("b", 12), delivered("b", 10));
  assertEquals([bench.waiting("a"), bench.waiting("b")], [[7, 8, 9, 10, 11, 12], [11]]);
  assertEquals(bench.setAside, []);
});

/**
 * A spool of version 2 with six events: `a` has delivered two of them, two are dead letters, one of
 * those is replayed, and it has not been told of one that was dropped; `b` fails.
 */
function makeVersion2(path: string): void {
  makeFile(path, `PRAGMA journal_mode = WAL; ${VERSION_2}`);
  const database = new DatabaseSync(path);
  const insert = database.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)");
  for (const [index, { id, receivedMs, event, payload }] of makeEvents(1, 6).entries()) {
    insert.run(index + 1, id, receivedMs, event, payload, 100 * (index + 1));
  }
  database.exec(`
    INSERT INTO cursors (webhook, url, start_seq, done_seq, done_beyond, delivered, dead, dropped,
      replayed, gap_id, gap_events, gap_from_ms, gap_to_ms)
      VALUES ('a', 'http://a/', 0, 4, '6', 2, 1, 1, 0, 'gap', 1, 7, 8);
    INSERT INTO cursors (webhook, url, start_seq, done_seq, failing_since_ms, failing_for_ms,
      failing_attempts, failing_reason, wait_until_ms)
      VALUES ('b', 'http://b/', 5, 5, 1, 2, 3, '503', ${START_MS});
    INSERT INTO dead_letters VALUES ('a', 2, '404 Not Found', ${START_MS}, 1);
    INSERT INTO replays VALUES (7, 'a', 3, 1), (8, 'a', 99, 0);
    INSERT INTO attempts (at_ms, webhook, ids, events, count, result, duration_ms, answer, outcome)
      VALUES (1, 'a', 'id-1', 'X', 1, '200 OK', 1, '', 'delivered'),
        (2, 'gone', 'id-1', 'X', 1, '200 OK', 1, '', 'delivered');
    INSERT INTO totals VALUES ('received', 6), ('refused', 2);
  `);
  database.close();
}

Deno.test("a spool of version 2 goes on where it was", async () => {
  await using bench = await SpoolBench.make();
  makeVersion2(bench.path);
  for (const spool of bench.nowAndReopened()) {
    assertEquals(spool.totals, { received: 6, refused: 2, lost: 0 });
    const [a, b] = spool.cursors();
    assertEquals(a, {
      ...{ webhook: "a", startSeq: 0, doneSeq: 4, delivered: 2, dead: 1, dropped: 1, pending: 2 },
      ...{ filtered: 0, replayed: 0, replaying: 0, oldestPendingMs: makeEvent(5).receivedMs },
      gap: { id: "gap", events: 1, upTo: 1, reason: "room", fromMs: 7, toMs: 8 },
    });
    const failing = { sinceMs: 1, forMs: 2, attempts: 3, reason: "503" };
    assertEquals(b?.failing, { ...failing, waitUntilMs: START_MS, waitMs: START_MS });
    assertEquals([bench.waiting("a"), bench.waiting("b"), bench.deadLetters("a")], [[5], [6], [2]]);
    const replays = spool.readReplays("a", { afterPlace: 0, limit: 9 });
    assertEquals(replays.map(({ place, seq }) => [place, seq]), [[7, 3]]);
    assertAddsUp(spool);
  }
  const everything = { isFailed: false, isWanted: () => true };
  const names = () => [...searchAttempts(bench.spool, everything)].flat().map((row) => row.webhook);
  assertEquals(names(), ["gone", "a"]);
  // A new webhook is none of the old ones, and an old one's past goes by its new name.
  const renamed = { name: "z", url: "http://a/" };
  bench.spool.setWebhooks([renamed, owner("b")]);
  bench.spool.setWebhooks([renamed, owner("b"), { name: "a", url: "http://elsewhere/" }]);
  bench.append(7, 7);
  bench.finish(givenUp("a", 7));
  assertEquals([bench.deadLetters("a"), bench.deadLetters("z"), names()], [[7], [2], [
    "gone",
    "z",
  ]]);
  assertEquals(bench.setAside, []);
});

Deno.test("a spool of version 3 goes on where it was", async () => {
  await using bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  bench.append(1, 8);
  bench.finish(delivered("a", 1), delivered("a", 2), givenUp("a", 4), delivered("b", 3));
  const before = bench.spool.cursors();
  bench.close();
  makeFile(bench.path, TO_VERSION_3);
  for (const spool of bench.nowAndReopened()) {
    assertEquals(spool.cursors(), before);
    assertEquals([bench.waiting("a"), bench.deadLetters("a")], [[3, 5, 6, 7, 8], [4]]);
    assertAddsUp(spool);
  }
  bench.finish(filtered("a", [5, 7]));
  for (const spool of bench.nowAndReopened()) {
    const { filtered: count, pending } = spool.cursor("a") ?? {};
    assertEquals([count, pending, bench.waiting("a")], [3, 2, [3, 8]]);
    assertAddsUp(spool);
  }
  assertEquals(bench.setAside, []);
});

Deno.test("the history of version 1 is forgotten by size like any other", async () => {
  await using bench = await SpoolBench.make();
  makeVersion1(bench.path);
  bench.finish(...[7, 8, 9, 10].flatMap((seq) => [delivered("a", seq), delivered("b", seq)]));
  const size = makeEvent(9).payload.length + ROW_BYTES;
  bench.forgetAll({ historyMaxBytes: 2 * size + 1, limit: 1 });
  assertEquals(bench.places(), [4, 9, 10]);
});

Deno.test("a spool of version 1 that cannot be brought up to date is set aside as it was", async () => {
  await using bench = await SpoolBench.make();
  makeFile(bench.path, `PRAGMA journal_mode = WAL; ${VERSION_1} DROP TABLE totals`);
  const before = await digestOf(await Deno.readFile(bench.path));
  bench.append(1, 1);
  assertEquals(bench.setAside.map(({ reason }) => reason), [
    `Cannot open the spool ${bench.path}: no such table: totals`,
  ]);
  assertEquals(await digestOf(await Deno.readFile(bench.setAside[0]?.movedTo ?? "")), before);
});

for (const mode of ["DELETE", "WAL"]) {
  Deno.test(`a newer spool is refused with a hint and stays as it is (${mode})`, async () => {
    await using bench = await SpoolBench.make();
    bench.append(1, 3);
    bench.close();
    makeFile(bench.path, `PRAGMA journal_mode = ${mode}; PRAGMA user_version = 99`);
    const before = await bench.digests();
    const error = assertThrows(() => bench.spool, SpoolError, "it has version 99");
    assertStringIncludes(error.hint, `mv ${bench.path} ${bench.path}.newer`);
    assertEquals(await bench.digests(), before);
    assertEquals(bench.setAside, []);
  });

  Deno.test(`the database of another program is set aside as it is (${mode})`, async () => {
    await using bench = await SpoolBench.make();
    makeFile(bench.path, `PRAGMA journal_mode = ${mode}; CREATE TABLE songs (title TEXT)`);
    makeFile(bench.path, "INSERT INTO songs VALUES ('Ventura Highway')");
    const before = await digestOf(await Deno.readFile(bench.path));
    bench.append(1, 1);
    const movedTo = `${bench.path}.damaged-20231114T221320Z`;
    const reason = "the file is the database of another program";
    assertEquals(bench.setAside, [
      { movedTo, reason: `Cannot open the spool ${bench.path}: ${reason}` },
    ]);
    assertEquals(await digestOf(await Deno.readFile(movedTo)), before);
    assertEquals([...(await bench.files()).keys()].filter((name) => name.includes("damaged")), [
      "spool.db.damaged-20231114T221320Z",
    ]);
    assertEquals(bench.reopen().lastSeq, 1);
  });
}

Deno.test("what another program had only in its journal is not lost", async () => {
  await using bench = await SpoolBench.make();
  const other = new DatabaseSync(bench.path);
  other.exec("PRAGMA journal_mode = WAL; CREATE TABLE songs (title TEXT)");
  other.exec("INSERT INTO songs VALUES ('Ventura Highway')");
  const files = await bench.files();
  other.close();
  for (const [name, bytes] of files) {
    if (!name.endsWith("-shm")) await Deno.writeFile(bench.path.replace("spool.db", name), bytes);
  }
  bench.append(1, 1);
  const movedTo = new DatabaseSync(bench.setAside[0]?.movedTo ?? "");
  assertEquals(movedTo.prepare("SELECT title FROM songs").all().map(({ title }) => title), [
    "Ventura Highway",
  ]);
  movedTo.close();
});

Deno.test("a file that is no database is set aside as it is, each under another name", async () => {
  await using bench = await SpoolBench.make();
  const texts = [
    "xy",
    "this is no database ".repeat(500),
    "SQLite format 3\0 or so",
    "xyz".repeat(99),
  ];
  for (const text of texts) {
    bench.close();
    await Deno.writeTextFile(bench.path, text);
    bench.append(1, 1);
  }
  const kept = bench.setAside.map(({ movedTo }) => Deno.readTextFileSync(movedTo));
  assertEquals(kept, texts);
  assert(bench.setAside.every(({ reason }) => reason.endsWith("file is not a database")), "reason");
  const names = bench.setAside.map(({ movedTo }) => movedTo.replace(/^.*damaged-/, ""));
  const stamp = "20231114T221320Z";
  assertEquals(names, [stamp, `${stamp}-2`, `${stamp}-3`, `${stamp}-4`]);
});

Deno.test("an empty file is just new", async () => {
  await using bench = await SpoolBench.make();
  await Deno.writeFile(bench.path, new Uint8Array());
  bench.append(1, 1);
  assertEquals([bench.setAside, bench.reopen().lastSeq], [[], 1]);
});

Deno.test("a folder in its place is set aside with all that is in it", async () => {
  await using bench = await SpoolBench.make();
  await Deno.mkdir(bench.path);
  await Deno.writeTextFile(`${bench.path}/note`, "kept");
  bench.append(1, 1);
  const [{ movedTo, reason } = { movedTo: "", reason: "" }] = bench.setAside;
  assertEquals(reason, `Cannot open the spool ${bench.path}: it is a folder`);
  assertEquals(await Deno.readTextFile(`${movedTo}/note`), "kept");
});

Deno.test("what cannot be opened for another reason is left alone", async () => {
  await using bench = await SpoolBench.make();
  await Deno.symlink("spool.db", bench.path);
  assertThrows(() => bench.spool, SpoolError, "Cannot open the spool");
  assertEquals(await Deno.readLink(bench.path), "spool.db");
  assertEquals(bench.setAside, []);
});
