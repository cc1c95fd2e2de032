/**
 * All scenarios with the sizes in which they run for long.
 *
 * @module
 */
import { backlog } from "./backlog.ts";
import { badReceivers } from "./bad_receivers.ts";
import { crash } from "./crash.ts";
import { fullDisk } from "./full_disk.ts";
import { isolation } from "./isolation.ts";
import { reloads } from "./reloads.ts";
import type { Figures, Surroundings } from "./scenario.ts";
import type { Sizes } from "./sizes.ts";
import { testHook } from "./test_hook.ts";

/** A scenario as it is run by name. */
export interface NamedScenario {
  readonly name: string;
  /** What it shows, in a few words. */
  readonly summary: string;
  readonly run: (sizes: Sizes, surroundings: Surroundings) => Promise<Figures>;
}

const LONGEST_LIFE_MS = 1500;
const PHASE_MS = 3000;
const FULL_MS = 3000;
/** Few enough that no queue hides what a webhook costs the others. */
const RARE_PER_SECOND = 50;

/** The scenarios, in the order in which they run. */
export const SCENARIOS: readonly NamedScenario[] = [
  {
    name: "crash",
    summary: "killed again and again under load, it loses and mixes up nothing",
    run: ({ kills, rate, seed }, surroundings) =>
      crash({ kills, perSecond: rate, seed, longestLifeMs: LONGEST_LIFE_MS }, surroundings),
  },
  {
    name: "isolation",
    summary: "a webhook that hangs does not delay nine others",
    run: ({ rounds }, surroundings) =>
      isolation({ rounds, phaseMs: PHASE_MS, perSecond: RARE_PER_SECOND }, surroundings),
  },
  {
    name: "backlog",
    summary: "many events wait for a dead webhook, in little memory, and arrive in order",
    run: ({ events, "max-rss": maxResidentMb }, surroundings) =>
      backlog({ events, maxResidentMb }, surroundings),
  },
  {
    name: "reloads",
    summary: "reloads under load lose and duplicate nothing",
    run: ({ reloads: count, rate, seed }, surroundings) =>
      reloads({ reloads: count, perSecond: rate, seed }, surroundings),
  },
  {
    name: "full-disk",
    summary: "a disk that fills up and empties again is survived (needs root)",
    run: ({ rounds, rate }, surroundings) =>
      fullDisk({ rounds, fullMs: FULL_MS, perSecond: rate }, surroundings),
  },
  {
    name: "bad-receivers",
    summary: "one of each kind of bad receiver does no harm to a healthy one",
    run: ({ seconds, "max-bad-rss": maxResidentMb }, surroundings) =>
      badReceivers(
        { loadMs: seconds * 1000, perSecond: RARE_PER_SECOND, maxResidentMb },
        surroundings,
      ),
  },
  {
    name: "test-hook",
    summary: "the test hook stays small under many requests, with pages that look at it",
    run: ({ seconds, "hook-rate": perSecond, "max-hook-rss": maxResidentMb }, surroundings) =>
      testHook({ loadMs: seconds * 1000, perSecond, maxResidentMb }, surroundings),
  },
];
