/**
 * What lanes tell: how they are doing, and what changes.
 *
 * @module
 */
import type { Pause, SpooledEvent } from "../../spool/spool_types.ts";
import type { AttemptResult } from "../verdict.ts";

/**
 * What a lane does at the moment; it waits when it is done with all events, and retries while
 * attempts fail.
 */
export type LaneActivity = "waiting" | "delivering" | "retrying" | "paused";

/** How a lane is doing. */
export interface LaneState {
  readonly activity: LaneActivity;
  /** Set while attempts fail. */
  readonly failure?: LaneFailure;
  /** Set while nothing is posted because somebody, or the receiver, wants it so. */
  readonly pause?: Pause;
}

/** Attempts fail, and how. Times are milliseconds since 1970. */
export interface LaneFailure {
  readonly sinceMs: number;
  readonly attempts: number;
  /** The last attempt's answer or error. */
  readonly reason: string;
  /** When the next attempt is due. */
  readonly nextAttemptMs: number;
}

/** What a lane has to tell. */
export type LaneNotice =
  | {
    readonly kind: "attempt";
    readonly webhook: string;
    readonly event: SpooledEvent;
    /** How many events the request carried. */
    readonly events: number;
    readonly result: AttemptResult;
  }
  | {
    readonly kind: "webhook_failing";
    readonly webhook: string;
    readonly event: SpooledEvent;
    readonly reason: string;
    readonly retryInMs: number;
  }
  | {
    readonly kind: "webhook_recovered";
    readonly webhook: string;
    readonly failedForMs: number;
    readonly attempts: number;
    /** Events given up on while it failed. */
    readonly givenUp: number;
  }
  | {
    readonly kind: "event_given_up";
    readonly webhook: string;
    readonly event: SpooledEvent;
    readonly reason: string;
    /** Events given up on since attempts began to fail, this one included. */
    readonly givenUp: number;
  }
  | {
    /** It does not learn which events it did not get. */
    readonly kind: "gap_given_up";
    readonly webhook: string;
    readonly event: SpooledEvent;
    readonly reason: string;
  }
  | { readonly kind: "webhook_paused"; readonly webhook: string; readonly reason: string }
  | { readonly kind: "webhook_resumed"; readonly webhook: string }
  | { readonly kind: "spool_unreadable"; readonly webhook: string; readonly error: Error };
