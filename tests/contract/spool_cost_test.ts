/**
 * What work costs however much waits: which statements are run, how many rows they give, and that
 * none of them looks through a table.
 *
 * @module
 */
import type { Parameter, SpoolDatabase } from "../../src/spool/database.ts";
import type { Row } from "../../src/spool/rows.ts";
import { queueReplays } from "../../src/spool/replays.ts";
import type { Spool } from "../../src/spool/spool.ts";
import { assert, assertEquals } from "../support/assert.ts";
import {
  batchOf,
  delivered,
  givenUp,
  makeAttempt,
  makeEvents,
  owner,
  SpoolBench,
} from "../support/spool_bench.ts";

/** A statement that was run, and how many rows it gave or changed. */
interface Statement {
  readonly sql: string;
  readonly rows: number;
}

/** Notes all statements that a spool runs from now on. */
function listen(spool: Spool): { statements: Statement[]; explain: (sql: string) => string[] } {
  const statements: Statement[] = [];
  const database = spool.read((database) => database);
  const { all, first, run } = database;
  const note = <T>(sql: string, result: T, rows: number): T => {
    statements.push({ sql, rows });
    return result;
  };
  const listening: Pick<SpoolDatabase, "all" | "first" | "run"> = {
    all: (sql: string, ...parameters: readonly Parameter[]): Row[] => {
      const rows = all.call(database, sql, ...parameters);
      return note(sql, rows, rows.length);
    },
    first: (sql: string, ...parameters: readonly Parameter[]): Row | undefined => {
      return note(sql, first.call(database, sql, ...parameters), 1);
    },
    run: (sql: string, ...parameters: readonly Parameter[]): number => {
      const changed = run.call(database, sql, ...parameters);
      return note(sql, changed, changed);
    },
  };
  Object.assign(database, listening);
  const explain = (sql: string) =>
    all.call(database, `EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => String(detail));
  return { statements, explain };
}

/** A spool where a webhook is done with the first hundred events, and so many wait. */
async function makeBench(waiting: number): Promise<SpoolBench> {
  const bench = await SpoolBench.make();
  bench.spool.setWebhooks([owner("a"), owner("b")]);
  for (let from = 1; from <= 100 + waiting; from += 1000) {
    bench.append(from, Math.min(100 + waiting, from + 999));
  }
  bench.finish(...makeEvents(1, 100).map((_, index) => givenUp("a", index + 1)));
  return bench;
}

/** All that happens day by day: events come, are read, end well or not, and are replayed. */
function workADay(spool: Spool): void {
  const { lastSeq } = spool;
  spool.commit(batchOf({
    events: makeEvents(lastSeq + 1, lastSeq + 3),
    outcomes: [delivered("a", 101), givenUp("a", 103), delivered("b", 2), delivered("b", 1)],
    attempts: [makeAttempt(1)],
    refused: 1,
  }));
  spool.readWaiting("a", { afterSeq: 0, limit: 10, maxBytes: 1e6 });
  queueReplays(spool, { webhook: "a", seqs: [5, 6, 101], isDryRun: false });
  for (const { seq, place } of spool.readReplays("a", { afterPlace: 0, limit: 2 })) {
    spool.commit(batchOf({ outcomes: [{ ...delivered("a", seq), replay: place } as never] }));
  }
  spool.cursors();
  spool.gapOf("a");
}

Deno.test("a day's work costs the same with 2,000 events waiting as with 200,000", async () => {
  const days = [];
  // More than are in memory.
  for (const waiting of [2000, 200_000]) {
    await using bench = await makeBench(waiting);
    const { statements } = listen(bench.spool);
    workADay(bench.spool);
    days.push(statements);
  }
  const [few, many] = days;
  assert(few !== undefined && few.length > 20, `only ${few?.length} statements were run`);
  assertEquals(many, few);
});

Deno.test("no statement looks through a table or sorts one", async () => {
  await using bench = await makeBench(10);
  const { statements, explain } = listen(bench.spool);
  workADay(bench.spool);
  for (const spoolMaxBytes of [1e9, 0]) {
    bench.forget({ keepFromMs: bench.nowMs + 1e9, spoolMaxBytes, limit: 20 });
  }
  bench.spool.setWebhooks([{ name: "z", url: "http://a/" }, owner("b")]);
  bench.append(1001, 1003);
  bench.finish(...[111, 112, 113].map((seq) => givenUp("z", seq)));
  queueReplays(bench.spool, { webhook: "z", seqs: [111], isDryRun: false });
  bench.spool.setWebhooks([]);
  bench.forgetAll({ limit: 1 });
  const plans = [...new Set(statements.map(({ sql }) => sql))].map((sql) => [sql, ...explain(sql)]);
  const scans = plans.filter(([sql = "", ...steps]) =>
    // In the order of the table and with a limit, it ends soon.
    steps.some((step) => /TEMP B-TREE/.test(step) || /SCAN/.test(step) && !/LIMIT/.test(sql))
  );
  assertEquals(scans, []);
  assert(plans.length > 20, `only ${plans.length} plans were made`);
  const inTurn = plans.find(([sql = ""]) => /FROM replays JOIN events/.test(sql));
  assertEquals(inTurn?.slice(1), [
    "SEARCH replays USING INDEX replays_by_cursor (cursor=? AND place>?)",
    "SEARCH events USING INTEGER PRIMARY KEY (rowid=?)",
  ]);
});

Deno.test("a step of forgetting changes no more rows than it may", async () => {
  await using bench = await makeBench(3000);
  bench.finish(...[0, 1, 2].map((index) => delivered("b", index + 1)));
  const attempts = makeEvents(1, 500).map((_, index) => makeAttempt(index + 1));
  bench.spool.commit(batchOf({ attempts }));
  const { statements } = listen(bench.spool);
  for (let step = 0; step < 100; step++) {
    const before = statements.length;
    bench.forget({ keepFromMs: bench.nowMs + 1e9, spoolMaxBytes: 0, limit: 20 });
    const rows = statements.slice(before).map((statement) => statement.rows);
    assert(Math.max(...rows) <= 20, `${rows} rows`);
    // A step takes up to `limit` of each kind.
    assert(rows.length < 400, `${rows.length} statements in one step`);
  }
});

Deno.test("outcomes in any order leave a cursor that is short", async () => {
  await using bench = await makeBench(20_000);
  const places = makeEvents(1, 20_000).map((_, index) => index + 2);
  for (let from = 0; from < places.length; from += 1000) {
    const part = places.slice(from, from + 1000).toReversed();
    bench.finish(...part.map((seq) => delivered("b", seq)));
  }
  const row = bench.spool.read((database) =>
    database.first("SELECT done_seq, done_beyond FROM cursors WHERE webhook = 'b'")
  );
  assertEquals([row?.["done_seq"], row?.["done_beyond"]], [0, "2-20001"]);
  const { statements } = listen(bench.reopen());
  const read = bench.spool.readWaiting("b", { afterSeq: 1, limit: 1000, maxBytes: 1e6 });
  assertEquals([read.events.length, read.events[0]?.seq], [99, 20_002]);
  // What is done is jumped over, not read.
  assert(statements.length <= 4, `${statements.length} statements were run`);
});
