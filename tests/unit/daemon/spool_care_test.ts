import { Logger } from "../../../src/daemon/logger.ts";
import { SpoolCare } from "../../../src/daemon/spool_care.ts";
import { readRegistry } from "../../../src/registry/read_registry.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { delivered, owner, SpoolBench } from "../../support/spool_bench.ts";

const MINUTE_MS = 60_000;

/** A care of a spool, with what it logs. */
function takeCareOf(bench: SpoolBench, clock: ManualClock): { care: SpoolCare; log: string[] } {
  const log: string[] = [];
  const care = new SpoolCare({
    spool: bench.spool,
    clock,
    newId: bench.newId,
    logger: new Logger({ write: (line) => log.push(line), now: clock.now }),
    config: () => readRegistry("", "webhooks.toml").config,
    webhooks: () => [],
    onDropped: () => {},
  });
  return { care, log };
}

Deno.test("a file that is gone is told of once, and written again as soon as that works", async () => {
  await using bench = await SpoolBench.make();
  const clock = new ManualClock();
  bench.spool.setWebhooks([owner("a")]);
  bench.append(1, 3);
  const { care, log } = takeCareOf(bench, clock);
  const obstacle = `${bench.path}.new`;
  await Deno.mkdir(`${obstacle}/in the way`, { recursive: true });
  await Deno.remove(bench.path);
  for (let minute = 0; minute < 12 * 60; minute++) {
    care.step();
    await clock.pass(MINUTE_MS);
  }
  assertEquals(log.length, 1, log.join("\n"));
  assertMatch(log[0] ?? "", /ERROR +somebody removed the spool's file error=.*hint=/);
  await Deno.remove(obstacle, { recursive: true });
  bench.finish(delivered("a", 1));
  for (let minute = 0; bench.spool.isGone && minute < 61; minute++) {
    care.step();
    await clock.pass(MINUTE_MS);
  }
  assertMatch(log[1] ?? "nothing", /was written again path=/);
  assertEquals(bench.reopen().cursor("a")?.delivered, 1);
});

Deno.test("what is to be forgotten waits until a file that is gone is written again", async () => {
  await using bench = await SpoolBench.make();
  const clock = new ManualClock();
  bench.append(1, 3);
  const { care, log } = takeCareOf(bench, clock);
  await Deno.remove(bench.path);
  assertEquals([care.isUrgent, care.step()], [true, true]);
  await clock.pass(1);
  assertMatch(
    log.join("\n"),
    /^\S+ ERROR +somebody removed the spool's file, it was written again/,
  );
  const events = () => bench.spool.eventsAt([1, 2, 3]).length;
  assertEquals([bench.spool.isGone, events()], [false, 3]);
  care.step();
  assertEquals(events(), 0);
});
