/**
 * The test hook under a steady load, with one page that follows and one that takes nothing: it
 * stays small.
 *
 * @module
 */
import { newUlid } from "../../src/std/ulid.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { RunningProgram } from "../support/program.ts";
import { show, showRate } from "./figures.ts";
import { HookLoad } from "./hook_load.ts";
import { FollowingPage, StalledPage } from "./hook_pages.ts";
import { memoryOf } from "./process_figures.ts";
import { type Figures, pause, Progress, type Surroundings, untilDone } from "./scenario.ts";

/** How much. */
export interface TestHookOptions {
  readonly loadMs: number;
  /** Requests a second. */
  readonly perSecond: number;
  /** The most memory, in megabytes, that the test hook may ever have resident. */
  readonly maxResidentMb: number;
}

const LOOK_EVERY_MS = 250;
const NODES = 3;
const VOLUMES = 20;
/** Beside what every event has. */
const SMALL_TEXT = 40;
/** In the second half of the time one request of so many is a large one. */
const LARGE_EVERY = 10;
const LARGEST_TEXT = 40_000;

/** Runs the scenario. */
export async function testHook(
  { loadMs, perSecond, maxResidentMb }: TestHookOptions,
  surroundings: Surroundings,
): Promise<Figures> {
  const progress = new Progress(surroundings);
  await using cleanups = new AsyncDisposableStack();
  // Its lines go to nobody: this process would grow with them.
  const args = ["serve-test-hook", "--port", "0", "--host", "127.0.0.1"];
  const hook = cleanups.use(new RunningProgram(args, { isQuiet: true }));
  const [, url = ""] = await hook.shows(/See it live in a browser: (http:\S+)/);
  const page = cleanups.use(await FollowingPage.open(url));
  const stalled = cleanups.use(await StalledPage.open(url));
  const beganMs = performance.now();
  const halfMs = beganMs + loadMs / 2;
  const load = cleanups.use(
    new HookLoad({ url, perSecond, makeBody: (n) => makeBody(n, performance.now() > halfMs) }),
  );
  let halfPeakMb = 0;
  while (performance.now() < beganMs + loadMs) {
    await pause(LOOK_EVERY_MS, surroundings.signal);
    load.check();
    await stalled.come();
    const { residentMb, peakMb } = await memoryOf(hook.pid);
    if (performance.now() <= halfMs) halfPeakMb = peakMb;
    progress.at(() => `${show(load.answered)} requests, ${residentMb} MB, at most ${peakMb} MB`);
  }
  await load.stop();
  const tookMs = performance.now() - beganMs;
  await untilDone("the page has got the last request", () =>
    Promise.resolve(
      page.newest === load.answered ? { done: true } : { mark: String(page.newest) },
    ), surroundings);
  const summary: { requests: number; events: number } = await (await fetch(`${url}v1/summary`))
    .json();
  assertEquals(
    { requests: summary.requests, events: summary.events },
    { requests: load.answered, events: load.answered },
  );
  const { residentMb, peakMb } = await memoryOf(hook.pid);
  assert(
    peakMb < maxResidentMb,
    `the test hook had ${peakMb} MB resident, ${maxResidentMb} MB are allowed`,
  );
  return {
    "requests": `${show(load.answered)}, ${showRate(load.answered, tookMs)}`,
    "the page got": show(page.requests),
    "pages that took nothing": stalled.count,
    "most resident with small requests": `${halfPeakMb} MB`,
    "resident at the end / most": `${residentMb} / ${peakMb} MB`,
  };
}

/** An event as the daemon posts it. */
function makeBody(number: number, isMixed: boolean): string {
  const isLarge = isMixed && number % LARGE_EVERY === 0;
  const length = isLarge ? number * 7919 % LARGEST_TEXT : SMALL_TEXT;
  const node = number % NODES;
  return JSON.stringify({
    nodeid: `00000000-0000-4000-8000-00000000000${node}`,
    ts: Math.floor(Date.now() / 1000),
    event: number % 2 === 0 ? "VOLUME_START" : "VOLUME_STOP",
    message: { name: `gv${number % VOLUMES}`, force: false, note: "x".repeat(length) },
    id: newUlid(Date.now()),
    host: `gl${node}`,
  });
}
