import { Housekeeper } from "../../../src/daemon/housekeeper.ts";
import { assertEquals } from "../../support/assert.ts";

/** A housekeeper whose timers fire when the test says. */
function keepHouse(step: () => boolean) {
  const delays: number[] = [];
  const errors: string[] = [];
  let pending: (() => void) | undefined;
  const housekeeper = new Housekeeper({
    step,
    schedule: (callback, delayMs) => {
      delays.push(delayMs);
      pending = callback;
      return () => pending = undefined;
    },
    onError: ({ message }) => errors.push(message),
  });
  return { housekeeper, delays, errors, fire: () => pending?.() };
}

Deno.test("while there is more to do the next step follows soon, then a minute passes", () => {
  let left = 3;
  const house = keepHouse(() => --left > 0);
  for (let count = 0; count < 3; count++) house.fire();
  assertEquals(house.delays, [20, 20, 60_000, 60_000]);
});

Deno.test("a step that fails is told of and tried again a minute later", () => {
  const house = keepHouse(() => {
    throw new Error("disk I/O error");
  });
  house.fire();
  assertEquals([house.delays, house.errors.length], [[60_000, 60_000], 2]);
});

Deno.test("nothing is done any more after the end", () => {
  let steps = 0;
  const house = keepHouse(() => ++steps > 100);
  house.housekeeper[Symbol.dispose]();
  house.fire();
  assertEquals(steps, 1);
});
