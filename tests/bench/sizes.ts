/**
 * How much each benchmark does.
 *
 * @module
 */

/** The sizes of a run. */
export interface Sizes {
  /** Too small to tell anything but that all of it works. */
  readonly isQuick: boolean;
  /** Datagrams in the burst. */
  readonly burst: number;
  /** Events for one webhook: in order, in flight, in batches. */
  readonly inOrder: number;
  readonly inFlight: number;
  readonly batches: number;
  /** How long others are sent events at a pace, and how long wrk posts. */
  readonly pacedMs: number;
  /** Datagrams whose way is timed. */
  readonly latencies: number;
  /** How many webhooks there are in each case, and how many deliveries are made in all. */
  readonly webhooks: readonly number[];
  readonly deliveries: number;
  /** How many events wait in each case. */
  readonly backlogs: readonly number[];
  /** How long events come while their cost is measured. */
  readonly costMs: number;
  /** How often the program is started. */
  readonly starts: number;
}

/** Sizes that tell something. */
export const FULL: Sizes = {
  isQuick: false,
  burst: 100_000,
  inOrder: 30_000,
  inFlight: 50_000,
  batches: 100_000,
  pacedMs: 8000,
  latencies: 500,
  webhooks: [1, 10, 100, 1000],
  deliveries: 50_000,
  backlogs: [1000, 10_000, 100_000, 1_000_000],
  costMs: 10_000,
  starts: 10,
};

/** Sizes for seeing in seconds that everything works. */
export const QUICK: Sizes = {
  isQuick: true,
  burst: 2000,
  inOrder: 500,
  inFlight: 1000,
  batches: 2000,
  pacedMs: 1000,
  latencies: 30,
  webhooks: [1, 5],
  deliveries: 300,
  backlogs: [500, 2000],
  costMs: 500,
  starts: 3,
};
