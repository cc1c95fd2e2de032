import { fingerprint, RegistryWatch } from "../../src/daemon/registry_watch.ts";
import { assertEquals } from "../support/assert.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

/** Makes the watch look so many times. */
async function look(clock: ManualClock, times = 1): Promise<void> {
  for (let count = 0; count < times; count++) {
    const looks = clock.sleeps.length;
    await clock.advanceToNextSleeper();
    await until("it waits for the next look", () => clock.sleeps.length > looks);
  }
}

/** Watches a file, and records each call with the time since the start. */
function watch(
  options: {
    path: string;
    seen: string;
    isSettled: boolean;
    answer?: (isSettled: boolean) => boolean;
  },
) {
  const { answer = () => true, ...rest } = options;
  const clock = new ManualClock();
  const startMs = clock.now();
  const calls: [isSettled: boolean, afterMs: number][] = [];
  const watching = new RegistryWatch({
    ...rest,
    clock,
    onChange: (isSettled) => {
      calls.push([isSettled, clock.now() - startMs]);
      return Promise.resolve(answer(isSettled));
    },
  });
  return { clock, calls, [Symbol.asyncDispose]: () => watching[Symbol.asyncDispose]() };
}

function settled(calls: readonly (readonly [boolean, number])[]): boolean[] {
  return calls.map(([isSettled]) => isSettled);
}

Deno.test("every change is noticed once, and one that was made before the watch began too", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/file`;
  const seen = await fingerprint(path);
  await Deno.writeTextFile(path, "before");
  await using watching = watch({ path, seen, isSettled: true });
  const { clock, calls } = watching;
  await look(clock, 3);
  assertEquals(settled(calls), [false]);
  await Deno.writeTextFile(path, "longer than before");
  await look(clock, 20);
  assertEquals(settled(calls), [false, false]);
  await Deno.remove(path);
  await look(clock, 2);
  assertEquals(settled(calls), [false, false, false]);
});

Deno.test("a change that may be half of one is looked at again when it has settled", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/file`;
  const seen = await fingerprint(path);
  await Deno.writeTextFile(path, "half");
  await using watching = watch({
    path,
    seen,
    isSettled: true,
    answer: (isSettled) => isSettled,
  });
  const { clock, calls } = watching;
  await look(clock, 4);
  await Deno.writeTextFile(path, "more than half");
  await look(clock, 20);
  assertEquals(calls, [[false, 500], [false, 2500], [true, 7500]]);
});

Deno.test("a file that was not settled at the start is looked at again without a change", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/file`;
  await using watching = watch({ path, seen: await fingerprint(path), isSettled: false });
  const { clock, calls } = watching;
  await look(clock, 9);
  assertEquals(calls, []);
  await look(clock, 5);
  assertEquals(settled(calls), [true]);
});
