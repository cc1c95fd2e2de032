import { SpoolDesk } from "../../../src/daemon/spool_desk.ts";
import { queueReplays } from "../../../src/spool/replays.ts";
import type { NewEvent } from "../../../src/spool/spool_types.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import {
  batchOf,
  delivered,
  givenUp,
  makeAttempt,
  makeEvents,
  owner,
  SpoolBench,
} from "../../support/spool_bench.ts";
import { WEBHOOK } from "../dispatcher/lanes/lane_answers.ts";

/** A desk for which each look at the clock takes a while. */
class DeskBench implements AsyncDisposable {
  readonly spools: SpoolBench;
  readonly clock = new ManualClock();
  readonly desk: SpoolDesk;
  breaths = 0;
  /** Called whenever everything else may go on. */
  meanwhile = (): void => {};

  private constructor(spools: SpoolBench) {
    this.spools = spools;
    this.desk = new SpoolDesk({
      spool: spools.spool,
      commit: { flush: () => true },
      dispatcher: { wake: () => {}, resume: () => false },
      webhooks: () => [{ ...WEBHOOK, name: "a" }],
      clock: {
        steadyNow: () => {
          this.clock.advance(4);
          return this.clock.steadyNow();
        },
      },
      breathe: () => {
        this.breaths++;
        this.meanwhile();
        return Promise.resolve();
      },
    });
  }

  static async make(events: number): Promise<DeskBench> {
    const spools = await SpoolBench.make();
    spools.spool.setWebhooks([owner("a")]);
    for (let from = 1; from <= events; from += 1000) {
      const part = makeEvents(from, Math.min(events, from + 999));
      spools.spool.commit(batchOf({ events: part.map(withFullPayload) }));
    }
    return new DeskBench(spools);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.spools[Symbol.asyncDispose]();
  }
}

function withFullPayload({ id, event, ...rest }: NewEvent): NewEvent {
  return { ...rest, id, event, payload: JSON.stringify({ id, event, message: {} }) };
}

Deno.test("looking back lets everything else go on, also while nothing is found", async () => {
  await using bench = await DeskBench.make(3000);
  const found = await bench.desk.history({ limit: 2500 });
  assertEquals([found.length, found[0]?.id, found.at(-1)?.id], [2500, "id-501", "id-3000"]);
  const breaths = bench.breaths;
  assert(breaths >= 10, `${breaths} breaths`);
  assertEquals(await bench.desk.history({ limit: 10, events: ["QUORUM_LOST"] }), []);
  assert(bench.breaths - breaths >= 10, `${bench.breaths - breaths} breaths`);
});

Deno.test("few rows of attempts with many events are read at once", async () => {
  await using bench = await DeskBench.make(1);
  const ids = Array.from({ length: 1000 }, (_, index) => `id-${index}`);
  const attempts = Array.from({ length: 500 }, () => ({ ...makeAttempt(1), ids }));
  bench.spools.spool.commit(batchOf({ attempts }));
  let most = 0;
  const { all } = bench.spools.spool.read((database) => database);
  bench.spools.spool.read((database) =>
    Object.assign(database, {
      all: (sql: string, ...parameters: (string | number | null)[]) => {
        const rows = all.call(database, sql, ...parameters);
        most = Math.max(most, JSON.stringify(rows).length);
        return rows;
      },
    })
  );
  assertEquals((await bench.desk.attempts({ limit: 500 })).length, 500);
  assert(most < 2 ** 20, `${most} bytes at once`);
});

Deno.test("what is forgotten while a replay is prepared is not promised", async () => {
  await using bench = await DeskBench.make(3000);
  const { spool } = bench.spools;
  spool.commit(batchOf({ outcomes: makeEvents(1, 3000).map((_, at) => delivered("a", at + 1)) }));
  bench.meanwhile = () => bench.spools.forgetAll({ historyMaxBytes: 0 });
  const report = await bench.desk.replay({ webhook: "a", events: ["PEER_CONNECT"] });
  assertEquals([report.events, report.waiting, report.sample], [0, 0, []]);
  assertEquals(spool.cursor("a")?.replaying, 0);
});

Deno.test("a replay counts what it queues and what waits anyway", async () => {
  await using bench = await DeskBench.make(6);
  const { spool } = bench.spools;
  spool.commit(batchOf({ outcomes: [delivered("a", 1), givenUp("a", 2), delivered("a", 3)] }));
  queueReplays(spool, { webhook: "a", seqs: [1], isDryRun: false });
  const report = await bench.desk.replay({ webhook: "a", ids: ["id-1", "id-2", "id-3", "id-6"] });
  assertEquals([report.events, report.dead_letters, report.waiting], [2, 1, 2]);
});
