import { Housekeeper } from "../../../src/daemon/housekeeper.ts";
import { assertEquals } from "../../support/assert.ts";

/** A housekeeper whose timers fire when the test says. */
function keepHouse(step: () => boolean) {
  const delays: number[] = [];
  const errors: string[] = [];
  const pending = new Set<() => void>();
  const housekeeper = new Housekeeper({
    step,
    schedule: (callback, delayMs) => {
      delays.push(delayMs);
      pending.add(callback);
      return () => pending.delete(callback);
    },
    onError: ({ message }) => errors.push(message),
  });
  const fire = () => {
    const due = [...pending];
    pending.clear();
    for (const callback of due) callback();
  };
  return { housekeeper, delays, errors, pending, fire };
}

Deno.test("while there is more to do the next step follows soon, then a minute passes", () => {
  let left = 3;
  const house = keepHouse(() => --left > 0);
  for (let count = 0; count < 3; count++) house.fire();
  assertEquals(house.delays, [20, 20, 60_000, 60_000]);
});

Deno.test("a step that fails is told of once and tried again a minute later", () => {
  const house = keepHouse(() => {
    throw new Error("disk I/O error");
  });
  house.fire();
  assertEquals([house.delays, house.errors.length], [[60_000, 60_000], 1]);
});

Deno.test("a housekeeper that is hurried does not wait for the next minute", () => {
  let steps = 0;
  const house = keepHouse(() => ++steps > 100);
  house.housekeeper.hurry();
  assertEquals([house.delays, house.pending.size, steps], [[60_000, 20], 1, 1]);
  house.fire();
  assertEquals([house.delays, house.pending.size, steps], [[60_000, 20, 60_000], 1, 2]);
});

Deno.test("being hurried again and again does not put the step off", () => {
  let steps = 0;
  const house = keepHouse(() => ++steps > 100);
  for (let count = 0; count < 5; count++) house.housekeeper.hurry();
  assertEquals([house.delays, house.pending.size], [[60_000, 20], 1]);
  house.fire();
  house.housekeeper.hurry();
  assertEquals([house.delays, house.pending.size], [[60_000, 20, 60_000, 20], 1]);
});

Deno.test("between two steps that follow soon there is nothing to hurry", () => {
  let left = 3;
  const house = keepHouse(() => --left > 0);
  house.housekeeper.hurry();
  assertEquals([house.delays, house.pending.size], [[20], 1]);
});

Deno.test("nothing is done any more after the end, hurried or not", () => {
  let steps = 0;
  const house = keepHouse(() => ++steps > 100);
  house.housekeeper[Symbol.dispose]();
  house.housekeeper.hurry();
  house.fire();
  assertEquals([steps, house.pending.size], [1, 0]);
});

Deno.test("what fails every minute for one reason is told of once", () => {
  const reasons = ["full", "full", undefined, "full", "full", "read-only"];
  let step = 0;
  const errors: string[] = [];
  const timers: (() => void)[] = [];
  using _housekeeper = new Housekeeper({
    step: () => {
      const reason = reasons[step++];
      if (reason !== undefined) throw new Error(reason);
      return false;
    },
    schedule: (callback) => {
      timers.push(callback);
      return () => {};
    },
    onError: ({ message }) => errors.push(message),
  });
  while (step < reasons.length) timers.shift()?.();
  assertEquals(errors, ["full", "full", "read-only"]);
});
