/**
 * One of the streams that a lane delivers: the part of it that is in memory, filled from the spool.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import type { Delivery } from "./delivery.ts";
import { LaneWindow } from "./lane_window.ts";

/** Reads the next so many deliveries of a stream; none if there are no more at the moment. */
export type ReadNext = (limit: number) => readonly Delivery[];

/** How many deliveries to have in memory with order fifo, beyond what one batch needs. */
const FIFO_AHEAD = 64;
/** Where one volume may hold up its events, those of the others lie behind them. */
const UNORDERED_AHEAD = 1024;
/** However many requests could be filled at once. */
const MOST_AHEAD = 10_000;
/** However many that are. */
const MOST_BYTES = 16 * 2 ** 20;

/** A stream with its window. */
export class LaneSource {
  readonly window = new LaneWindow();
  readonly #readNext: ReadNext;
  #mayHaveMore = true;

  constructor(readNext: ReadNext) {
    this.#readNext = readNext;
  }

  /** Says that there may be more in the spool. */
  wake(): void {
    this.#mayHaveMore = true;
  }

  /** Reads more if the window runs low. */
  refill(webhook: Webhook): void {
    const most = mostInMemory(webhook);
    const { size, bytes } = this.window;
    if (!this.#mayHaveMore || size > most / 2 || bytes >= MOST_BYTES) return;
    const deliveries = this.#readNext(most - size);
    for (const delivery of deliveries) this.window.add(delivery);
    this.#mayHaveMore = deliveries.length > 0;
  }
}

function mostInMemory({ order, batch, concurrency }: Webhook): number {
  return order === "fifo"
    ? Math.max(FIFO_AHEAD, 2 * batch)
    : Math.min(Math.max(UNORDERED_AHEAD, 2 * batch * concurrency), MOST_AHEAD);
}
