/**
 * What a lane sees of the spool.
 *
 * @module
 */
import type {
  Attempt,
  Failing,
  Gap,
  Outcome,
  Pause,
  SpooledEvent,
} from "../../spool/spool_types.ts";

/** Where a lane's events come from, and what it tells of them. */
export interface LaneSpool {
  /** The events behind a place that wait in their turn, and how far was read. */
  readonly readWaiting: (
    webhook: string,
    request: { afterSeq: number; limit: number; maxBytes: number },
  ) => { readonly events: readonly SpooledEvent[]; readonly readTo: number };
  /** The events behind a place among the replays. */
  readonly readReplays: (
    webhook: string,
    request: { afterPlace: number; limit: number },
  ) => readonly (SpooledEvent & { readonly place: number })[];
  readonly isWaiting: (webhook: string, seq: number) => boolean;
  readonly isReplayWaiting: (webhook: string, replay: { place: number; seq: number }) => boolean;
  /** What the webhook did not get for want of room, if it was not told of it yet. */
  readonly gapOf: (webhook: string) => Gap | undefined;
  /** The event that tells of it. */
  readonly describeGap: (webhook: string, gap: Gap) => SpooledEvent;
  readonly addOutcome: (outcome: Outcome) => void;
  /**
   * Takes an attempt.
   *
   * @param received When the events in it were received, in milliseconds since 1970, as far as they
   *   went in their turn: replays, and events that tell of a gap, are as late as they are.
   */
  readonly addAttempt: (attempt: Attempt, received: readonly number[]) => void;
  /** False while so much waits to be written that no more should be posted. */
  readonly mayPost: () => boolean;
}

/** How a webhook was doing when its lane was last stopped. */
export interface LaneMemory {
  readonly pause?: Pause;
  readonly failing?: Failing;
}
