/**
 * How the deliveries of a lane end, as it is told to the spool and to whoever watches.
 *
 * @module
 */
import type { Webhook } from "../../registry/schema.ts";
import type { Clock } from "../clock.ts";
import type { Delivery } from "./delivery.ts";
import { describeExpiry, leftMs } from "./expiry.ts";
import { rejectedForGood } from "./failed_together.ts";
import type { Outage } from "./lane_health.ts";
import type { LaneNotice } from "./lane_notice.ts";
import type { LaneQueue } from "./lane_queue.ts";
import type { LaneSpool } from "./lane_spool.ts";

/** What the endings need of a lane. */
export interface LaneEndingsDeps {
  readonly queue: LaneQueue;
  readonly spool: Pick<LaneSpool, "addOutcome" | "mayPost">;
  readonly clock: Clock;
  readonly notify: (notice: LaneNotice) => void;
}

/** Takes deliveries out of the queue when they end. */
export class LaneEndings {
  readonly #deps: LaneEndingsDeps;
  /** How far the machine's clock was ahead of the steady one at the start. */
  readonly #wallAheadMs: number;
  #givenUp = 0;
  /** Whether something may have to be given up because it is too old. */
  #mayExpire = false;

  constructor(deps: LaneEndingsDeps) {
    this.#deps = deps;
    this.#wallAheadMs = deps.clock.now() - deps.clock.steadyNow();
  }

  /** The receiver has it. */
  deliver(delivery: Delivery, { name }: Webhook): void {
    const { queue, spool } = this.#deps;
    queue.remove(delivery);
    spool.addOutcome(delivery.outcome(name));
  }

  /** The receiver does not get it. */
  giveUp(delivery: Delivery, { name: webhook }: Webhook, reason: string): void {
    const { queue, spool, clock, notify } = this.#deps;
    const { event, source } = delivery;
    queue.remove(delivery);
    spool.addOutcome(delivery.outcome(webhook, { reason, givenUpMs: clock.now() }));
    if (source.kind === "gap") notify({ kind: "gap_given_up", webhook, event, reason });
    else notify({ kind: "event_given_up", webhook, event, reason, givenUp: ++this.#givenUp });
  }

  /** Gives up those that the receiver has rejected once too often. */
  giveUpRejected(deliveries: readonly Delivery[], webhook: Webhook): void {
    for (const delivery of rejectedForGood(deliveries)) {
      const { lastFailure, rejections } = delivery;
      this.giveUp(delivery, webhook, `${lastFailure}, rejected ${rejections} times`);
    }
  }

  /**
   * Gives up what was retried for as long as `retry-for` says. Where attempts fail, that counts
   * for what waits behind them too.
   *
   * @returns When to look again, by the steady clock.
   */
  giveUpOld(nowMs: number, outage: Outage | undefined, webhook: Webhook): number {
    const { queue, spool, clock } = this.#deps;
    if (!this.#mayExpire && outage === undefined) return Infinity;
    // Given up is what cannot be written either, and there is more of it than memory.
    if (!spool.mayPost()) return Infinity;
    this.#mayExpire = false;
    // A clock that is set forward makes nothing old.
    const wallMs = Math.min(clock.now(), this.#wallAheadMs + nowMs);
    const question = { nowMs, wallMs, outage, settings: webhook };
    let nextMs = Infinity;
    for (const delivery of queue.all()) {
      const ms = leftMs(delivery, question);
      if (ms === undefined) continue;
      this.#mayExpire = true;
      if (delivery.isInFlight) continue;
      if (ms > 0) {
        nextMs = Math.min(nextMs, nowMs + ms);
      } else {
        this.giveUp(delivery, webhook, describeExpiry(delivery, question));
        // There is room for more, which may be as old.
        nextMs = nowMs;
      }
    }
    return nextMs;
  }

  /** The webhook takes events again. */
  recover({ attempts, sinceSteadyMs }: Outage, { name: webhook }: Webhook): void {
    const { spool, clock, notify } = this.#deps;
    spool.addOutcome({ kind: "recovered", webhook });
    const failedForMs = clock.steadyNow() - sinceSteadyMs;
    notify({ kind: "webhook_recovered", webhook, failedForMs, attempts, givenUp: this.#givenUp });
    this.#givenUp = 0;
  }
}
