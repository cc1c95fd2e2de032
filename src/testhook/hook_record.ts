/**
 * All that the test hook knows: the last requests, the counts and the cluster's picture.
 *
 * @module
 */
import { type ClusterPicture, EMPTY_PICTURE } from "../event/cluster_picture.ts";
import { drawEvent } from "../event/draw_event.ts";
import { EventOrder } from "../event/event_order.ts";
import type { ShapedEvent } from "./event_shapes.ts";
import type { HookRequest, HookSummary } from "./hook_report.ts";
import type { NodeLedger } from "./node_ledger.ts";
import { RequestLog } from "./request_log.ts";

/** All requests together, in the form in which they are kept. */
const MOST_BYTES = 4 * 1024 * 1024;

/** How a record is kept. */
export interface RecordOptions {
  /** How many of the last requests. */
  readonly keeps: number;
  readonly startedAtMs: number;
  readonly ledger: NodeLedger;
}

/** What is told of what was received. */
export class HookRecord {
  readonly log: RequestLog;
  readonly #startedAt: string;
  readonly #ledger: NodeLedger;
  readonly #order = new EventOrder();
  #picture: ClusterPicture = EMPTY_PICTURE;
  #requests = 0;
  #events = 0;
  #unverified = 0;
  readonly #watchers = new Set<() => void>();

  constructor({ keeps, startedAtMs, ledger }: RecordOptions) {
    this.log = new RequestLog({ count: keeps, bytes: MOST_BYTES });
    this.#startedAt = new Date(startedAtMs).toISOString();
    this.#ledger = ledger;
  }

  /** The number of the newest request. */
  get requests(): number {
    return this.#requests;
  }

  /** Another object as soon as it is another picture. */
  get picture(): ClusterPicture {
    return this.#picture;
  }

  get summary(): HookSummary {
    return {
      started_at: this.#startedAt,
      requests: this.#requests,
      events: this.#events,
      unverified: this.#unverified,
      nodes: this.#ledger.counts(),
    };
  }

  /** Takes a new request, whose number is one higher than that of the one before. */
  add(request: HookRequest): void {
    this.#requests = request.number;
    this.#events += request.event_count;
    if (request.verdicts.some(({ ok }) => !ok)) this.#unverified++;
    this.log.put(request);
    this.#tell();
  }

  /** Draws what events say, as far as nothing newer was said before. */
  draw(events: readonly ShapedEvent[], atMs: number): void {
    for (const { payload, id } of events) {
      if (payload === undefined) continue;
      // In some formats the id stands beside the event.
      const order = this.#order.orderOf({ ...payload, id }, atMs);
      if (order !== undefined) this.#picture = drawEvent(this.#picture, payload, atMs, order);
    }
  }

  /** Takes what more is known of a request, if it is still kept. */
  change(request: HookRequest): void {
    if (!this.log.has(request.number)) return;
    this.log.put(request);
    this.#tell();
  }

  /** Calls back whenever something is new. */
  watch(callback: () => void): Disposable {
    this.#watchers.add(callback);
    return { [Symbol.dispose]: () => void this.#watchers.delete(callback) };
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
