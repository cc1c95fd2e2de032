/**
 * Whether a webhook takes events, and how careful a lane has to be.
 *
 * @module
 */

import type { Failing } from "../../spool/spool_types.ts";
import type { Clock } from "../clock.ts";
import type { LaneFailure } from "./lane_notice.ts";

/** Attempts fail, and how. */
export interface Outage {
  /** When it began, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** The same by the steady clock. */
  readonly sinceSteadyMs: number;
  /** From when on it counts for `retry-for`, by the steady clock. */
  readonly countedFromMs: number;
  /** How many attempts have failed since. */
  readonly attempts: number;
  /** The last attempt's answer or error. */
  readonly reason: string;
}

/** An attempt that failed. */
export interface FailedAttempt {
  /** When it began and when it ended, by the steady clock. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** When it ended, in milliseconds since 1970. */
  readonly atMs: number;
  readonly reason: string;
}

/**
 * While a webhook fails, one request at a time probes it. When it works again, each success allows
 * one more at the same time, so that a receiver that has just come up is not overrun.
 */
export class LaneHealth {
  #outage: Outage | undefined;
  #backOffs = 0;
  #lastFailureMs = -Infinity;
  #allowed = Infinity;
  #backOffUntilMs = 0;
  #askedUntilMs = 0;

  /** Set while attempts fail. */
  get outage(): Outage | undefined {
    return this.#outage;
  }

  /** When the next request may be made, by the steady clock. */
  get notBeforeMs(): number {
    return Math.max(this.#backOffUntilMs, this.#askedUntilMs);
  }

  /** Goes on as a lane that failed before it was stopped. */
  restore({ forMs, waitUntilMs, waitMs, ...failing }: Failing, clock: Clock): void {
    const nowMs = clock.steadyNow();
    const sinceMs = nowMs - forMs;
    this.#outage = { ...failing, sinceSteadyMs: sinceMs, countedFromMs: sinceMs };
    this.#allowed = 1;
    // A clock that was set back meanwhile does not make it longer.
    this.leaveAloneUntil(nowMs + Math.min(waitUntilMs - clock.now(), waitMs));
  }

  /** What the next daemon has to know. */
  toMemory(clock: Clock): Failing | undefined {
    if (this.#outage === undefined) return undefined;
    const { sinceMs, countedFromMs, attempts, reason } = this.#outage;
    const nowMs = clock.steadyNow();
    const waitMs = Math.max(0, this.#askedUntilMs - nowMs);
    const waitUntilMs = clock.now() + waitMs;
    return { sinceMs, forMs: nowMs - countedFromMs, attempts, reason, waitUntilMs, waitMs };
  }

  /**
   * What people have to know of the outage.
   *
   * @param startMs When there is something to post, by the steady clock; `Infinity` if nobody knows.
   */
  toFailure(clock: Clock, startMs: number): LaneFailure | undefined {
    if (this.#outage === undefined) return undefined;
    const { sinceMs, attempts, reason } = this.#outage;
    const nowMs = clock.steadyNow();
    const nextMs = Math.max(this.notBeforeMs, startMs === Infinity ? nowMs : startMs, nowMs);
    return { sinceMs, attempts, reason, nextAttemptMs: clock.now() + nextMs - nowMs };
  }

  /** How many requests may be under way. */
  mostInFlight(concurrency: number): number {
    return Math.min(concurrency, this.#allowed);
  }

  /** Takes note of a failed attempt. @returns Whether it is the first. */
  fail({ startedMs, endedMs, atMs, reason }: FailedAttempt): boolean {
    const before = this.#outage;
    this.#outage = {
      sinceMs: before?.sinceMs ?? atMs,
      sinceSteadyMs: before?.sinceSteadyMs ?? endedMs,
      countedFromMs: before?.countedFromMs ?? endedMs,
      attempts: (before?.attempts ?? 0) + 1,
      reason,
    };
    this.#allowed = 1;
    // Requests that were under way together fail together: they are one failure.
    if (startedMs >= this.#lastFailureMs || this.#backOffs === 0) this.#backOffs++;
    this.#lastFailureMs = endedMs;
    return before === undefined;
  }

  /** How many failures in a row count for the back-off. */
  get backOffs(): number {
    return this.#backOffs;
  }

  /** Makes no request before a time. */
  backOffUntil(steadyMs: number): void {
    this.#backOffUntilMs = Math.max(this.#backOffUntilMs, steadyMs);
  }

  /** Makes no request before a time that the receiver asked for. */
  leaveAloneUntil(steadyMs: number): void {
    this.#askedUntilMs = Math.max(this.#askedUntilMs, steadyMs);
  }

  /**
   * Takes note of a success.
   *
   * @param startedMs When the attempt began: one that was under way when another failed says
   *   nothing about now.
   * @returns What it ends.
   */
  succeed(startedMs: number): Outage | undefined {
    if (startedMs < this.#lastFailureMs) return undefined;
    const ended = this.#outage;
    this.#outage = undefined;
    this.#backOffs = 0;
    this.#backOffUntilMs = 0;
    this.#askedUntilMs = 0;
    this.#allowed++;
    return ended;
  }

  /** Tries again as soon as the receiver allows, as if attempts began to fail now. */
  beginAnew(nowMs: number): void {
    if (this.#outage !== undefined) this.#outage = { ...this.#outage, countedFromMs: nowMs };
    this.#backOffs = 0;
    this.#backOffUntilMs = 0;
  }

  /** Does not wait for what the receiver asked for. */
  forgetAsked(): void {
    this.#askedUntilMs = 0;
  }
}
