/**
 * A stream of deliveries: the part of it that is in memory, filled from the spool.
 *
 * @module
 */
import type { Webhook } from "../../registry/schema.ts";
import type { Delivery } from "./delivery.ts";
import { LaneWindow } from "./lane_window.ts";

/** Reads the next so many events of a stream. */
export type ReadNext = (limit: number) => ReadResult;

/** What was read. */
export interface ReadResult {
  /** Those that are to be delivered. */
  readonly deliveries: readonly Delivery[];
  /** How many events were looked at for that; none if there are no more at the moment. */
  readonly looked: number;
}

/** How many deliveries to have in memory with order fifo, beyond what one batch needs. */
const FIFO_AHEAD = 64;
/**
 * The same where a filter leaves events out: what lies beyond was not looked at, and counts as
 * pending until it is.
 */
const FILTERED_AHEAD = 512;
/** Where one volume may hold up its events, those of the others lie behind them. */
const UNORDERED_AHEAD = 1024;
/** However many requests could be filled at once. */
const MOST_AHEAD = 10_000;
/** However many that are. */
const MOST_BYTES = 16 * 2 ** 20;
/** How many events are looked at before everybody else has a turn: a few milliseconds' worth. */
const MOST_AT_ONCE = 512;

/** A stream with its window. */
export class LaneSource {
  readonly window = new LaneWindow();
  readonly #readNext: ReadNext;
  #mayHaveMore = true;
  #isInterrupted = false;

  constructor(readNext: ReadNext) {
    this.#readNext = readNext;
  }

  /** Whether it stopped looking so that others have a turn, with little in the window. */
  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  /** Says that there may be more in the spool. */
  wake(): void {
    this.#mayHaveMore = true;
  }

  /** Says that others had their turn. */
  goOn(): void {
    this.#isInterrupted = false;
  }

  /** Reads more if the window runs low. @param most How much to have in it. */
  refill(most: number): void {
    for (let looked = 0; this.#isToRead(most);) {
      const result = this.#readNext(most - this.window.size);
      for (const delivery of result.deliveries) this.window.add(delivery);
      this.#mayHaveMore = result.looked > 0;
      // Where nothing is left out, one reading is as much as there is room for.
      if (result.deliveries.length === result.looked) return;
      looked += result.looked;
      this.#isInterrupted = looked >= MOST_AT_ONCE && this.#mayHaveMore;
    }
  }

  #isToRead(most: number): boolean {
    const { size, bytes } = this.window;
    const isLow = size <= most / 2 && bytes < MOST_BYTES;
    return this.#mayHaveMore && !this.#isInterrupted && isLow;
  }
}

/** How many deliveries of a stream to have in memory. */
export function mostInMemory(
  { order, batch, concurrency }: Webhook,
  { isFiltered }: { readonly isFiltered: boolean },
): number {
  if (order === "fifo") return Math.max(isFiltered ? FILTERED_AHEAD : FIFO_AHEAD, 2 * batch);
  return Math.min(Math.max(UNORDERED_AHEAD, 2 * batch * concurrency), MOST_AHEAD);
}
