/**
 * The deliveries of a lane that are in memory, and which of them may go next.
 *
 * @module
 */
import type { Delivery } from "./delivery.ts";

/** How many events, and how much of them, a request may carry. */
export interface BatchLimit {
  readonly events: number;
  readonly bytes: number;
}

/** Deliveries in the order in which they came. */
export class LaneWindow {
  readonly #deliveries = new Set<Delivery>();
  #bytes = 0;

  get size(): number {
    return this.#deliveries.size;
  }

  /** How much memory their payloads take, about. */
  get bytes(): number {
    return this.#bytes;
  }

  has(delivery: Delivery): boolean {
    return this.#deliveries.has(delivery);
  }

  /** Adds one behind the others. */
  add(delivery: Delivery): void {
    this.#deliveries.add(delivery);
    this.#bytes += delivery.event.payload.length;
  }

  /** Takes one out that has ended. */
  remove(delivery: Delivery): void {
    if (this.#deliveries.delete(delivery)) this.#bytes -= delivery.event.payload.length;
  }

  /** All of them, oldest first. */
  all(): Iterable<Delivery> {
    return this.#deliveries;
  }

  /** What the next request carries: as many as may go now and together, in order. */
  next(nowMs: number, limit: BatchLimit): readonly Delivery[] {
    const batch: Delivery[] = [];
    let blocked: Set<string> | undefined;
    let bytes = 0;
    for (const delivery of this.#deliveries) {
      const { key, event } = delivery;
      if (key !== undefined && blocked?.has(key) === true) continue;
      const mayGo = !delivery.isInFlight && delivery.notBeforeMs <= nowMs;
      if (mayGo && batch.length === 0) {
        const group = this.#groupOf(delivery);
        if (group !== undefined) return group;
        if (delivery.isAlone || limit.events === 1) return [delivery];
      }
      const size = event.payload.length;
      const fits = batch.length === 0 || bytes + size <= limit.bytes;
      if (mayGo && fits && !delivery.isAlone && delivery.group === undefined) {
        bytes += size;
        batch.push(delivery);
        if (batch.length === limit.events) return batch;
        continue;
      }
      // Nothing may overtake it, and with order fifo everything would.
      if (key === "") return batch;
      if (key !== undefined) (blocked ??= new Set()).add(key);
      if (mayGo && !fits) return batch;
    }
    return batch;
  }

  /** What a delivery was tried with, as far as it is still to be delivered. */
  #groupOf({ group }: Delivery): readonly Delivery[] | undefined {
    const left = group?.filter((delivery) => this.#deliveries.has(delivery));
    return left === undefined || left.length === 0 ? undefined : left;
  }
}
