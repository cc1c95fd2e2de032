/**
 * How long and how hard the long scenarios run.
 *
 * @module
 */

/** A size with its long value. */
interface Size {
  readonly initial: number;
  readonly help: string;
}

/** The sizes by the names of their options. */
export const SIZES = {
  "kills": { initial: 200, help: "crash: how often the daemon is killed" },
  "rate": { initial: 500, help: "crash, reloads, full-disk: datagrams a second" },
  "events": { initial: 1_000_000, help: "backlog: how many events wait" },
  "max-rss": { initial: 160, help: "backlog: most megabytes resident; 0 checks nothing" },
  "reloads": { initial: 1000, help: "reloads: how many" },
  "rounds": { initial: 10, help: "isolation, full-disk: how often" },
  "seconds": { initial: 60, help: "bad-receivers, test-hook: how long the load lasts" },
  "max-bad-rss": { initial: 400, help: "bad-receivers: most megabytes resident" },
  "hook-rate": { initial: 1000, help: "test-hook: requests a second" },
  "max-hook-rss": { initial: 150, help: "test-hook: most megabytes resident" },
} as const satisfies Readonly<Record<string, Size>>;

/** The name of a size. */
export type SizeName = keyof typeof SIZES;

/** A value for each size, and the seed of all that is random. */
export type Sizes = Readonly<Record<SizeName | "seed", number>>;

/** The long sizes, changed by what was given. */
export function longSizes(given: Partial<Sizes> & Pick<Sizes, "seed">): Sizes {
  const { kills, rate, events, reloads, rounds, seconds } = SIZES;
  return {
    kills: kills.initial,
    rate: rate.initial,
    events: events.initial,
    "max-rss": SIZES["max-rss"].initial,
    reloads: reloads.initial,
    rounds: rounds.initial,
    seconds: seconds.initial,
    "max-bad-rss": SIZES["max-bad-rss"].initial,
    "hook-rate": SIZES["hook-rate"].initial,
    "max-hook-rss": SIZES["max-hook-rss"].initial,
    ...given,
  };
}
