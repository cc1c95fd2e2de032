import { SpoolError } from "../../../src/spool/errors.ts";
import { GroupCommit, type SpoolHealth } from "../../../src/spool/group_commit.ts";
import type { NewEvent, SpoolBatch } from "../../../src/spool/spool.ts";
import { assertEquals } from "../../support/assert.ts";

/** A group commit whose timers fire when the test says, over a writer that can fail. */
class Bench {
  readonly batches: SpoolBatch[] = [];
  readonly health: SpoolHealth[] = [];
  readonly timers: { callback: () => void; delayMs: number }[] = [];
  wakes = 0;
  isBroken = false;
  readonly group: GroupCommit;

  constructor(limits: { maxEvents?: number; maxHeld?: number } = {}) {
    this.group = new GroupCommit({
      spool: {
        commit: (batch) => {
          if (this.isBroken) throw new SpoolError("disk full", "free space");
          this.batches.push(batch);
        },
      },
      schedule: (callback, delayMs) => {
        const timer = { callback, delayMs };
        this.timers.push(timer);
        return () => this.timers.splice(this.timers.indexOf(timer), 1);
      },
      onEvents: () => this.wakes++,
      onHealth: (health) => this.health.push(health),
      ...limits,
    });
  }

  fire(): void {
    this.timers.shift()?.callback();
  }

  get ids(): string[][] {
    return this.batches.map(({ events }) => events.map(({ id }) => id));
  }
}

function event(id: string): NewEvent {
  return { id, receivedMs: 0, event: "VOLUME_START", payload: "{}" };
}

Deno.test("what comes within a moment is committed at once, in order", () => {
  const bench = new Bench();
  bench.group.addEvent(event("a"));
  bench.group.addOutcome({ webhook: "ops", seq: 1 });
  bench.group.addEvent(event("b"));
  bench.group.addRefused();
  assertEquals([bench.batches.length, bench.timers.length], [0, 1]);
  bench.fire();
  assertEquals(bench.ids, [["a", "b"]]);
  assertEquals([bench.batches[0]?.outcomes.length, bench.batches[0]?.refused], [1, 1]);
  assertEquals([bench.wakes, bench.timers.length], [1, 0]);
});

Deno.test("a full group is committed without waiting", () => {
  const bench = new Bench({ maxEvents: 3 });
  for (const id of ["a", "b", "c", "d"]) bench.group.addEvent(event(id));
  assertEquals(bench.ids, [["a", "b", "c"]]);
  bench.fire();
  assertEquals(bench.ids, [["a", "b", "c"], ["d"]]);
});

Deno.test("outcomes alone wake nobody", () => {
  const bench = new Bench();
  bench.group.addOutcome({ webhook: "ops", seq: 1 });
  bench.fire();
  assertEquals([bench.batches.length, bench.wakes], [1, 0]);
});

Deno.test("what cannot be written is held, told of once, and written later with nothing lost", () => {
  const bench = new Bench();
  bench.isBroken = true;
  bench.group.addEvent(event("a"));
  bench.fire();
  bench.group.addEvent(event("b"));
  bench.fire();
  assertEquals(bench.health.map(({ ok }) => ok), [false]);
  bench.isBroken = false;
  bench.fire();
  assertEquals(bench.ids, [["a", "b"]]);
  assertEquals(bench.health.at(-1), { ok: true, lost: 0 });
  assertEquals(bench.group.lost, 0);
});

Deno.test("the end commits a last time, says whether that worked, and leaves no timer", () => {
  const good = new Bench();
  good.group.addEvent(event("a"));
  assertEquals([good.group.close(), good.ids, good.timers], [true, [["a"]], []]);
  const broken = new Bench();
  broken.isBroken = true;
  broken.group.addEvent(event("a"));
  assertEquals([broken.group.close(), broken.timers, broken.group.held], [false, [], 1]);
});

Deno.test("what is held has a limit: the oldest go, and are counted", () => {
  const bench = new Bench({ maxHeld: 1000 });
  bench.isBroken = true;
  bench.group.addEvent(event("e0"));
  bench.fire();
  for (let number = 1; number <= 1000; number++) bench.group.addEvent(event(`e${number}`));
  bench.isBroken = false;
  bench.fire();
  const [kept = []] = bench.ids;
  assertEquals([kept.length, kept[0], kept.at(-1)], [745, "e256", "e1000"]);
  assertEquals(bench.health.at(-1), { ok: true, lost: 256 });
  assertEquals(bench.group.lost, 256);
});
