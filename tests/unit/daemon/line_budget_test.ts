import { LineBudget } from "../../../src/daemon/line_budget.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A line of a webhook, and how many were not written before it. */
type Written = [text: string, unlogged: number | undefined];

/** A budget with what it lets through. */
class Bench {
  readonly clock = new ManualClock();
  readonly written: Written[] = [];
  /** Those that said that no more come for now. */
  readonly last: string[] = [];
  readonly budget = new LineBudget(() => this.clock.steadyNow());

  spend(webhook: string, text: string): void {
    this.budget.spend(webhook, {
      write: ({ unlogged, isLast }) => {
        this.written.push([text, unlogged === 0 ? undefined : unlogged]);
        if (isLast) this.last.push(text);
      },
    });
  }
}

Deno.test("a webhook that changes now and then is told of at once", () => {
  const bench = new Bench();
  for (let hour = 0; hour < 100; hour++) {
    bench.spend("ops", `line ${hour}`);
    bench.clock.advance(HOUR_MS);
    bench.budget.catchUp();
  }
  assertEquals(bench.written.length, 100);
  assertEquals(bench.written.every(([, unlogged]) => unlogged === undefined), true);
});

Deno.test("a webhook that flaps for a day writes at most 30 lines, and all are accounted for", () => {
  const bench = new Bench();
  let told = 0;
  for (let minute = 0; minute < 24 * 60; minute++) {
    for (const text of ["fails", "dead letter", "works again"]) {
      bench.spend("ops", text);
      told++;
    }
    bench.clock.advance(MINUTE_MS);
    bench.budget.catchUp();
  }
  const { length } = bench.written;
  assert(length <= 30 && length >= 24, `${length} lines`);
  bench.clock.advance(HOUR_MS);
  bench.budget.catchUp();
  const unlogged = bench.written.reduce((sum, [, count = 0]) => sum + count, 0);
  assertEquals(bench.written.length + unlogged, told);
});

Deno.test("what was held back last is written when its time comes: it is how things are now", () => {
  const bench = new Bench();
  for (let number = 1; number <= 10; number++) bench.spend("ops", `line ${number}`);
  assertEquals(bench.written.at(-1), ["line 6", undefined]);
  assertEquals(bench.last, ["line 6"]);
  bench.clock.advance(HOUR_MS - 1);
  bench.budget.catchUp();
  assertEquals(bench.written.length, 6);
  bench.clock.advance(1);
  bench.budget.catchUp();
  assertEquals(bench.written.slice(6), [["line 10", 3]]);
  bench.clock.advance(24 * HOUR_MS);
  bench.budget.catchUp();
  assertEquals(bench.written.length, 7);
});

Deno.test("a line that may be written says how many were not before it", () => {
  const bench = new Bench();
  for (let number = 1; number <= 10; number++) bench.spend("ops", `line ${number}`);
  bench.clock.advance(2 * HOUR_MS);
  for (const text of ["line 11", "line 12", "line 13"]) bench.spend("ops", text);
  assertEquals(bench.written.slice(6), [["line 11", 4], ["line 12", undefined]]);
});

Deno.test("quiet time earns no more than the lines at once", () => {
  const bench = new Bench();
  bench.spend("ops", "first");
  bench.clock.advance(1000 * HOUR_MS);
  for (let number = 0; number < 100; number++) bench.spend("ops", "more");
  assertEquals(bench.written.length, 7);
});

Deno.test("each webhook has a budget of its own", () => {
  const bench = new Bench();
  for (let number = 0; number < 100; number++) bench.spend("flapping", "fails");
  bench.spend("ops", "fails");
  assertEquals(bench.written.at(-1), ["fails", undefined]);
  assertEquals(bench.written.length, 7);
});

Deno.test("a wall clock that jumps earns nothing and takes nothing", () => {
  const bench = new Bench();
  for (let number = 0; number < 10; number++) bench.spend("ops", "fails");
  bench.clock.jump(1000 * HOUR_MS);
  bench.budget.catchUp();
  assertEquals(bench.written.length, 6);
  bench.clock.jump(-5000 * HOUR_MS);
  bench.clock.advance(HOUR_MS);
  bench.budget.catchUp();
  assertEquals(bench.written.length, 7);
});

Deno.test("webhooks that have been quiet for long are forgotten", () => {
  const bench = new Bench();
  for (let number = 0; number < 100; number++) bench.spend(`webhook-${number}`, "fails");
  for (let number = 0; number < 10; number++) bench.spend("flapping", "fails");
  bench.clock.advance(HOUR_MS);
  bench.budget.catchUp();
  assertEquals(bench.budget.size, 1);
  assertEquals(bench.written.at(-1), ["fails", 3]);
  bench.clock.advance(6 * HOUR_MS);
  bench.budget.catchUp();
  assertEquals(bench.budget.size, 0);
});
