import { SpoolError } from "../../../src/spool/errors.ts";
import { GroupCommit, type SpoolHealth } from "../../../src/spool/group_commit.ts";
import type { Attempt, NewEvent, SpoolBatch } from "../../../src/spool/spool_types.ts";
import { assertEquals } from "../../support/assert.ts";

/** A group commit whose timers fire when the test says, over a writer that can fail. */
class Bench {
  readonly batches: SpoolBatch[] = [];
  readonly health: SpoolHealth[] = [];
  readonly timers: { callback: () => void; delayMs: number }[] = [];
  commits = 0;
  nowMs = 0;
  /** How many batches go through until writing fails. */
  batchesLeft = Infinity;
  readonly group: GroupCommit;

  constructor(limits: { maxEvents?: number; maxHeld?: number; maxHeldBytes?: number } = {}) {
    this.group = new GroupCommit({
      spool: {
        commit: (batch) => {
          if (this.batchesLeft === 0) throw new SpoolError("disk full", "free space");
          this.batchesLeft--;
          this.batches.push(batch);
        },
      },
      schedule: (callback, delayMs) => {
        const timer = { callback, delayMs };
        this.timers.push(timer);
        return () => {
          const at = this.timers.indexOf(timer);
          if (at >= 0) this.timers.splice(at, 1);
        };
      },
      steadyNow: () => this.nowMs,
      onCommit: () => this.commits++,
      onHealth: (health) => this.health.push(health),
      ...limits,
    });
  }

  break(): void {
    this.batchesLeft = 0;
  }

  mend(): void {
    this.batchesLeft = Infinity;
  }

  fire(): void {
    this.timers.shift()?.callback();
  }

  /** Until nothing is scheduled any more that is not to wait. */
  fireAll(): void {
    do this.fire(); while (this.timers[0]?.delayMs === 0);
  }

  get ids(): string[][] {
    return this.batches.map(({ events }) => events.map(({ id }) => id));
  }

  get okays(): boolean[] {
    return this.health.map(({ ok }) => ok);
  }
}

function event(id: string, payload = "{}"): NewEvent {
  return { id, receivedMs: 0, event: "VOLUME_START", payload };
}

function attempt(id: string): Attempt {
  const time = { atMs: 0, durationMs: 1 };
  const answer = { status: 200, result: "200 OK", answer: "", outcome: "delivered" as const };
  return { webhook: "ops", ids: [id], events: ["VOLUME_START"], ...time, ...answer };
}

Deno.test("what comes within a moment is committed at once, in order", () => {
  const bench = new Bench();
  bench.group.addEvent(event("a"));
  bench.group.addOutcome({ kind: "finished", webhook: "ops", seq: 1 });
  bench.group.addEvent(event("b"));
  bench.group.addAttempt(attempt("a"));
  bench.group.addRefused();
  assertEquals([bench.batches.length, bench.timers.length], [0, 1]);
  assertEquals([bench.group.held, bench.group.heldOutcomes], [2, 1]);
  bench.fire();
  assertEquals(bench.batches, [{
    events: [event("a"), event("b")],
    outcomes: [{ kind: "finished", webhook: "ops", seq: 1 }],
    attempts: [attempt("a")],
    refused: 1,
    lost: 0,
  }]);
  assertEquals([bench.commits, bench.timers.length], [1, 0]);
  assertEquals([bench.group.held, bench.group.heldOutcomes], [0, 0]);
});

Deno.test("a full group is committed without waiting", () => {
  const bench = new Bench({ maxEvents: 3 });
  for (const id of ["a", "b", "c", "d"]) bench.group.addEvent(event(id));
  assertEquals(bench.ids, [["a", "b", "c"]]);
  assertEquals(bench.timers.length, 1);
  bench.fire();
  assertEquals(bench.ids, [["a", "b", "c"], ["d"]]);
});

Deno.test("nothing is not committed", () => {
  const bench = new Bench();
  assertEquals([bench.group.flush(), bench.batches.length, bench.commits], [true, 0, 0]);
});

Deno.test("what cannot be written is held, told of once, and written later with nothing lost", () => {
  const bench = new Bench();
  bench.break();
  bench.group.addEvent(event("a"));
  bench.fire();
  bench.group.addEvent(event("b"));
  bench.group.addRefused();
  bench.fire();
  assertEquals([bench.okays, bench.timers.map(({ delayMs }) => delayMs)], [[false], [1000]]);
  bench.mend();
  bench.fire();
  assertEquals([bench.ids, bench.commits], [[["a", "b"]], 1]);
  assertEquals(bench.batches[0]?.refused, 1);
  assertEquals(bench.health.at(-1), { ok: true, lost: 0 });
});

Deno.test("a long outage is made up for in parts of a thousand, in order", () => {
  const bench = new Bench();
  bench.break();
  bench.group.addEvent(event("e0"));
  bench.fire();
  for (let number = 1; number < 2500; number++) bench.group.addEvent(event(`e${number}`));
  for (let seq = 1; seq <= 1200; seq++) {
    bench.group.addOutcome({ kind: "finished", webhook: "ops", seq });
  }
  bench.mend();
  bench.fire();
  assertEquals([bench.commits, bench.timers.map(({ delayMs }) => delayMs)], [1, [0]]);
  // What comes meanwhile waits for its turn.
  bench.group.addEvent(event("e2500"));
  assertEquals([bench.commits, bench.okays], [1, [false]]);
  bench.fireAll();
  const sizes = bench.batches.map(({ events, outcomes }) => [events.length, outcomes.length]);
  assertEquals(sizes, [[1000, 1000], [1000, 200], [501, 0]]);
  assertEquals(bench.ids.flat(), Array.from({ length: 2501 }, (_, number) => `e${number}`));
  assertEquals([bench.commits, bench.okays, bench.timers], [3, [false, true], []]);
});

Deno.test("who has to know that all is written has it written at once", () => {
  const bench = new Bench();
  bench.break();
  bench.group.addEvent(event("e0"));
  bench.fire();
  for (let number = 1; number < 2500; number++) bench.group.addEvent(event(`e${number}`));
  assertEquals([bench.group.flush(), bench.group.held], [false, 2500]);
  bench.mend();
  assertEquals([bench.group.flush(), bench.group.held, bench.timers], [true, 0, []]);
  assertEquals(bench.okays, [false, true]);
});

Deno.test("what was written before writing failed again is told of, and not written twice", () => {
  const bench = new Bench();
  bench.break();
  bench.group.addEvent(event("e0"));
  bench.fire();
  for (let number = 1; number < 1500; number++) bench.group.addEvent(event(`e${number}`));
  bench.group.addRefused();
  bench.batchesLeft = 1;
  bench.fireAll();
  assertEquals([bench.group.held, bench.okays, bench.commits], [500, [false], 1]);
  bench.mend();
  bench.fire();
  assertEquals(bench.ids.flat(), Array.from({ length: 1500 }, (_, number) => `e${number}`));
  assertEquals(bench.batches.map(({ refused }) => refused), [1, 0]);
});

Deno.test("the end commits a last time, says whether that worked, and leaves no timer", () => {
  const good = new Bench();
  good.group.addEvent(event("a"));
  assertEquals([good.group.close(), good.ids, good.timers], [true, [["a"]], []]);
  const broken = new Bench();
  broken.break();
  broken.group.addEvent(event("a"));
  assertEquals([broken.group.close(), broken.timers, broken.group.held], [false, [], 1]);
});

Deno.test("what is held has a limit: the oldest go, are counted, and the count is written", () => {
  const bench = new Bench({ maxHeld: 900 });
  bench.break();
  bench.group.addEvent(event("e0"));
  bench.fire();
  for (let number = 1; number <= 1000; number++) bench.group.addEvent(event(`e${number}`));
  assertEquals([bench.group.held, bench.group.lost], [900, 101]);
  bench.mend();
  bench.fire();
  assertEquals(bench.ids, [Array.from({ length: 900 }, (_, index) => `e${index + 101}`)]);
  assertEquals(bench.batches[0]?.lost, 101);
  assertEquals([bench.health.at(-1), bench.group.lost], [{ ok: true, lost: 101 }, 0]);
});

Deno.test("each outage tells its own losses", () => {
  const bench = new Bench({ maxHeld: 1 });
  for (const outage of ["a", "b"]) {
    bench.break();
    bench.group.addEvent(event(`${outage}1`));
    bench.fire();
    bench.group.addEvent(event(`${outage}2`));
    bench.mend();
    bench.fire();
  }
  assertEquals(bench.ids, [["a2"], ["b2"]]);
  const told = bench.health.flatMap((health) => health.ok ? [health.lost] : []);
  assertEquals([told, bench.batches.map(({ lost }) => lost)], [[1, 1], [1, 1]]);
});

Deno.test("what is held has a limit in bytes too", () => {
  const bench = new Bench({ maxHeldBytes: 100 });
  bench.break();
  bench.group.addEvent(event("a", "x".repeat(60)));
  bench.fire();
  bench.group.addEvent(event("b", "x".repeat(30)));
  assertEquals(bench.group.lost, 0);
  bench.group.addEvent(event("c", "x".repeat(50)));
  assertEquals([bench.group.held, bench.group.lost], [2, 1]);
  bench.mend();
  bench.fire();
  assertEquals(bench.ids, [["b", "c"]]);
  bench.break();
  bench.group.addEvent(event("d", "x".repeat(99)));
  bench.fire();
  bench.group.addEvent(event("e", ""));
  assertEquals([bench.group.held, bench.group.lost], [2, 0]);
});

Deno.test("of the attempts that cannot be written only the last are held", () => {
  const bench = new Bench();
  bench.break();
  bench.group.addAttempt(attempt("0"));
  bench.fire();
  for (let number = 1; number <= 10_000; number++) bench.group.addAttempt(attempt(`${number}`));
  bench.mend();
  bench.fireAll();
  const written = bench.batches.flatMap(({ attempts }) => attempts.flatMap(({ ids }) => ids));
  assertEquals([written.length, written[0], written.at(-1)], [10_000, "1", "10000"]);
});

Deno.test("an event that comes alone does not wait for others, those behind it do", () => {
  const bench = new Bench();
  bench.nowMs = 3;
  bench.group.addEvent(event("a"));
  bench.group.addEvent(event("b"));
  bench.group.addEvent(event("c"));
  assertEquals(bench.ids, [["a"]]);
  bench.fire();
  assertEquals(bench.ids, [["a"], ["b", "c"]]);
  // Outcomes do not make it wait, whenever they were committed.
  bench.nowMs = 6;
  bench.group.addOutcome({ kind: "finished", webhook: "ops", seq: 1 });
  bench.fire();
  bench.group.addEvent(event("d"));
  assertEquals(bench.ids, [["a"], ["b", "c"], [], ["d"]]);
});

Deno.test("outcomes wait for others, but not longer than an event that comes", () => {
  const bench = new Bench();
  bench.group.addOutcome({ kind: "finished", webhook: "ops", seq: 1 });
  bench.group.addAttempt(attempt("a"));
  assertEquals(bench.timers.map(({ delayMs }) => delayMs), [100]);
  bench.group.addEvent(event("b"));
  assertEquals(bench.timers.map(({ delayMs }) => delayMs), [2]);
  bench.group.addOutcome({ kind: "finished", webhook: "ops", seq: 2 });
  assertEquals(bench.timers.map(({ delayMs }) => delayMs), [2]);
  bench.fire();
  assertEquals(bench.batches.map(({ outcomes }) => outcomes.length), [2]);
  assertEquals(bench.timers, []);
});

Deno.test("many outcomes do not wait for more, but for whoever tells them", () => {
  const bench = new Bench();
  bench.group.addEvent(event("a"));
  for (let seq = 1; seq <= 300; seq++) {
    bench.group.addOutcome({ kind: "finished", webhook: "ops", seq });
  }
  // A commit wakes the lanes, which would begin while one of them is not through with a batch.
  assertEquals([bench.commits, bench.timers.map(({ delayMs }) => delayMs)], [0, [0]]);
  bench.fire();
  assertEquals(bench.batches.map(({ outcomes }) => outcomes.length), [300]);
});
