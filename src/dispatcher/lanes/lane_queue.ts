/**
 * Everything that a lane is to deliver: a gap to tell of, the log in its turn, and replays, which
 * take turns with the log so that neither waits for all of the other.
 *
 * @module
 */
import type { Webhook } from "../../registry/schema.ts";
import type { SpooledEvent } from "../../spool/spool_types.ts";
import { Delivery } from "./delivery.ts";
import { LaneFilter } from "./lane_filter.ts";
import { LaneSource, mostInMemory, type ReadResult } from "./lane_source.ts";
import type { LaneSpool } from "./lane_spool.ts";

const READ_BYTES = 2 * 2 ** 20;
const BATCH_BYTES = 2 ** 20;
const REPLAYS_AT_ONCE = 64;

/** What is to be delivered, as far as it is in memory. */
export class LaneQueue {
  readonly #spool: LaneSpool;
  readonly #filter: LaneFilter;
  readonly #log: LaneSource;
  readonly #replays: LaneSource;
  readonly #sources: readonly LaneSource[];
  #webhook: Webhook;
  #gap: Delivery | undefined;
  /** The webhook was told of so many dropped events; that may not be on disk yet. */
  #toldUpTo = 0;
  #readSeq = 0;
  #readPlace = 0;
  #isReplayNext = false;
  #isUnreadable = false;

  constructor(webhook: Webhook, spool: LaneSpool) {
    this.#webhook = webhook;
    this.#spool = spool;
    this.#filter = new LaneFilter(webhook, spool.addOutcome);
    this.#log = new LaneSource((limit) => this.#readLog(limit));
    this.#replays = new LaneSource((limit) => this.#readReplays(limit));
    this.#sources = [this.#log, this.#replays];
  }

  get isEmpty(): boolean {
    return this.#gap === undefined && this.#sources.every(({ window }) => window.size === 0);
  }

  /** Whether there is more to look at, once others had their turn. */
  get isInterrupted(): boolean {
    return this.#log.isInterrupted;
  }

  /** Takes changed settings over; what is not wanted any more is left out, unless it is on its way. */
  update(webhook: Webhook): void {
    const { order, batch } = this.#webhook;
    this.#webhook = webhook;
    const isRegrouped = webhook.order !== order || webhook.batch !== batch;
    for (const delivery of this.all()) {
      delivery.setOrder(webhook.order);
      if (isRegrouped) delivery.group = undefined;
    }
    if (this.#filter.update(webhook)) this.leaveOut();
  }

  /** Takes out what the filter does not let through any more, except what is on its way. */
  leaveOut(among: Iterable<Delivery> = this.all()): void {
    for (const delivery of among) {
      const { source, event, isInFlight } = delivery;
      // A replay was asked for, whatever the filter says.
      if (source.kind !== "log" || isInFlight || !this.has(delivery)) continue;
      if (!this.#filter.takes(event)) this.remove(delivery);
    }
    this.#filter.tell();
  }

  /** Says that others had their turn. */
  goOn(): void {
    this.#log.goOn();
  }

  /** Says that there may be more in the spool. */
  wake(): void {
    for (const source of this.#sources) source.wake();
  }

  /**
   * Reads what may be needed next.
   *
   * @param onUnreadable Called when the spool cannot be read, once until it can.
   * @returns False if it cannot.
   */
  refill(onUnreadable: (error: Error) => void): boolean {
    try {
      this.#refillGap();
      const most = mostInMemory(this.#webhook, { isFiltered: this.#filter.isSet });
      for (const source of this.#sources) source.refill(most);
      this.#isUnreadable = false;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (!this.#isUnreadable) onUnreadable(error);
      this.#isUnreadable = true;
    } finally {
      this.#filter.tell();
    }
    return !this.#isUnreadable;
  }

  /** What the next request carries, or nothing if nothing may go now. */
  next(nowMs: number): readonly Delivery[] {
    const gap = this.#gap;
    if (gap?.isInFlight === false && gap.notBeforeMs <= nowMs) return [gap];
    // It lies before all others, but is no event of Gluster: if it fails, they do not wait for it.
    const isFirst = gap !== undefined && gap.lastFailure === undefined;
    if (isFirst && this.#webhook.order === "fifo") return [];
    const limit = { events: this.#webhook.batch, bytes: BATCH_BYTES };
    const sources = this.#isReplayNext ? this.#sources.toReversed() : this.#sources;
    for (const source of sources) {
      const next = source.window.next(nowMs, limit);
      if (next.length > 0) return next;
    }
    return [];
  }

  /** Takes note that these are on their way. */
  begin(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      delivery.isInFlight = true;
      delivery.group = deliveries;
      if (delivery.source.kind !== "gap") this.#isReplayNext = delivery.source.kind === "log";
    }
  }

  /** When the next one that waits for its time may go; `Infinity` if none waits. */
  nextStartMs(nowMs: number): number {
    let nextMs = Infinity;
    for (const { isInFlight, notBeforeMs } of this.all()) {
      if (!isInFlight && notBeforeMs > nowMs) nextMs = Math.min(nextMs, notBeforeMs);
    }
    return nextMs;
  }

  /** All that is in memory. */
  *all(): Generator<Delivery> {
    if (this.#gap !== undefined) yield this.#gap;
    for (const { window } of this.#sources) yield* window.all();
  }

  has(delivery: Delivery): boolean {
    return delivery === this.#gap || this.#sources.some(({ window }) => window.has(delivery));
  }

  /** Takes one out that has ended. */
  remove(delivery: Delivery): void {
    if (delivery.source.kind === "gap") {
      this.#toldUpTo = delivery.source.upTo;
      this.#gap = undefined;
      return;
    }
    for (const { window } of this.#sources) window.remove(delivery);
  }

  /** Takes out what was dropped meanwhile, except what is on its way. */
  forgetDropped(among: Iterable<Delivery> = this.all()): void {
    for (const delivery of among) {
      if (!delivery.isInFlight && !this.#isWaiting(delivery)) this.remove(delivery);
    }
  }

  /** Takes note that the spool has a new file: it gives the places of replays away again. */
  beginAnew(): void {
    this.#readPlace = 0;
    this.forgetDropped();
  }

  #isWaiting({ source, event: { seq } }: Delivery): boolean {
    const { name } = this.#webhook;
    if (source.kind === "gap") return true;
    if (source.kind === "log") return this.#spool.isWaiting(name, seq);
    return this.#spool.isReplayWaiting(name, { place: source.place, seq });
  }

  #refillGap(): void {
    if (this.#gap?.isInFlight === true) return;
    const { name } = this.#webhook;
    const gap = this.#spool.gapOf(name);
    const { upTo = 0 } = gap ?? {};
    if (gap === undefined || upTo <= this.#toldUpTo) {
      this.#gap = undefined;
    } else if (this.#gap?.source.kind !== "gap" || this.#gap.source.upTo !== upTo) {
      const events = Math.min(gap.events, upTo - this.#toldUpTo);
      const before = this.#gap;
      this.#gap = this.#deliver(this.#spool.describeGap(name, { ...gap, events }), {
        kind: "gap",
        upTo,
      });
      // That it grows does not make the receiver like it better.
      if (before !== undefined) this.#gap.goOnFrom(before);
    }
  }

  #readLog(limit: number): ReadResult {
    // What is left out has to be written too; the lane is woken when there is room for it.
    if (this.#filter.isSet && !this.#spool.mayPost()) return { deliveries: [], looked: 0 };
    const request = { afterSeq: this.#readSeq, limit, maxBytes: READ_BYTES };
    const { events, readTo } = this.#spool.readWaiting(this.#webhook.name, request);
    this.#readSeq = readTo;
    const deliveries = this.#filter.select(events)
      .map((event) => this.#deliver(event, { kind: "log" }));
    return { deliveries, looked: events.length };
  }

  #readReplays(limit: number): ReadResult {
    const request = { afterPlace: this.#readPlace, limit: Math.min(limit, REPLAYS_AT_ONCE) };
    const events = this.#spool.readReplays(this.#webhook.name, request);
    this.#readPlace = events.at(-1)?.place ?? this.#readPlace;
    const deliveries = events.map((event) =>
      this.#deliver(event, { kind: "replay", place: event.place })
    );
    return { deliveries, looked: events.length };
  }

  #deliver(event: SpooledEvent, source: Delivery["source"]): Delivery {
    return new Delivery(event, source, this.#webhook.order);
  }
}
