/**
 * What a lane sees of the spool.
 *
 * @module
 */
import type { Attempt, Failing, Outcome, Pause } from "../spool/spool_types.ts";
import type { DeliveryReader } from "./lane_queue.ts";

/** Where a lane's events come from, and what it tells of them. */
export interface LaneSpool extends DeliveryReader {
  readonly addOutcome: (outcome: Outcome) => void;
  readonly addAttempt: (attempt: Attempt) => void;
  /** False while so much waits to be written that no more should be posted. */
  readonly mayPost: () => boolean;
}

/** How a webhook was doing when its lane was last stopped. */
export interface LaneMemory {
  readonly pause?: Pause;
  readonly failing?: Failing;
}
