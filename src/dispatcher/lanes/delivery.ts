/**
 * An event on its way to a webhook.
 *
 * @module
 */
import type { Order } from "../../registry/schema.ts";
import type { Outcome, SpooledEvent } from "../../spool/spool_types.ts";
import { volumeOf } from "../../event/volume_of.ts";

/** Where an event comes from: the log in its turn, a replay, or a gap that is told of. */
export type Source =
  | { readonly kind: "log" }
  | { readonly kind: "replay"; readonly place: number }
  | { readonly kind: "gap"; readonly upTo: number };

/** An event on its way, with what has happened to it so far. Times are those of the steady clock. */
export class Delivery {
  readonly event: SpooledEvent;
  readonly source: Source;
  /** Deliveries with the same key do not overtake each other; without one, anything may. */
  key: string | undefined;
  isInFlight = false;
  /** How many attempts failed in a row because the receiver could not take it. */
  failures = 0;
  /** How often the receiver rejected it. */
  rejections = 0;
  /** When its first attempt failed. */
  failedSinceMs: number | undefined;
  /** Since when it is known to wait while attempts fail. */
  waitsSinceMs: number | undefined;
  /** How its last attempt ended. */
  lastFailure: string | undefined;
  /** When it may be tried next. */
  notBeforeMs = 0;
  /** It goes without others because the receiver rejected them together. */
  isAlone = false;
  /** What it was tried together with, and is tried together with again. */
  group: readonly Delivery[] | undefined;

  constructor(event: SpooledEvent, source: Source, order: Order) {
    this.event = event;
    this.source = source;
    this.setOrder(order);
  }

  setOrder(order: Order): void {
    // An event can be about no volume: the key of those is not the one that stands for all.
    const volumeKey = () => `volume ${volumeOf(this.event.payload)}`;
    this.key = order === "none" ? undefined : order === "fifo" ? "" : volumeKey();
  }

  /** Takes over what happened to another one that this one stands for. */
  goOnFrom({ failures, rejections, failedSinceMs, waitsSinceMs, ...before }: Delivery): void {
    this.failures = failures;
    this.rejections = rejections;
    this.failedSinceMs = failedSinceMs;
    this.waitsSinceMs = waitsSinceMs;
    this.lastFailure = before.lastFailure;
    this.notBeforeMs = before.notBeforeMs;
  }

  /** Forgets what happened so far. */
  begin(): void {
    this.failures = 0;
    this.rejections = 0;
    this.failedSinceMs = undefined;
    this.lastFailure = undefined;
    this.notBeforeMs = 0;
    this.isAlone = false;
  }

  /** What its end changes in the spool. */
  outcome(
    webhook: string,
    deadLetter?: { readonly reason: string; readonly givenUpMs: number },
  ): Outcome {
    const { source, event: { seq } } = this;
    if (source.kind === "gap") return { kind: "gap_told", webhook, upTo: source.upTo };
    return {
      kind: "finished",
      webhook,
      seq,
      ...(source.kind === "replay" ? { replay: source.place } : {}),
      ...(deadLetter === undefined ? {} : { deadLetter }),
    };
  }
}

/** When the events of those were received that go in their turn, in milliseconds since 1970. */
export function receivedInTurn(deliveries: readonly Delivery[]): number[] {
  const received: number[] = [];
  for (const { source, event } of deliveries) {
    if (source.kind === "log") received.push(event.receivedMs);
  }
  return received;
}
