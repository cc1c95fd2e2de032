/**
 * The spool as the lanes see it.
 *
 * @module
 */
import type { LaneSpool } from "../dispatcher/lanes/lane_spool.ts";
import type { ReportingNode } from "../event/event.ts";
import type { GroupCommit } from "../spool/group_commit.ts";
import type { Spool } from "../spool/spool.ts";
import type { DeliveryCounts } from "./delivery_counts.ts";
import { describeDropped } from "./gap_events.ts";

/** More outcomes than this are not left to chance: after a crash their events come again. */
const MOST_OUTCOMES_HELD = 10_000;

/** The spool of all lanes. */
export interface SharedLaneSpool extends LaneSpool {
  /** Whether a lane has to be told when there is room for outcomes again. */
  readonly isHeldUp: boolean;
}

/** What it is made of. */
export interface LaneSpoolParts {
  readonly spool: Spool;
  readonly commit: GroupCommit;
  readonly node: ReportingNode;
  readonly counts: DeliveryCounts;
}

/** Reads from the spool, and counts and writes with the group commit. */
export function toLaneSpool({ spool, commit, node, counts }: LaneSpoolParts): SharedLaneSpool {
  let isHeldUp = false;
  return {
    get isHeldUp() {
      return isHeldUp;
    },
    readWaiting: (webhook, request) => spool.readWaiting(webhook, request),
    readReplays: (webhook, request) => spool.readReplays(webhook, request),
    isWaiting: (webhook, seq) => spool.isWaiting(webhook, seq),
    isReplayWaiting: (webhook, replay) => spool.isReplayWaiting(webhook, replay),
    gapOf: (webhook) => spool.gapOf(webhook),
    describeGap: (webhook, gap) => describeDropped(gap, { webhook, node }),
    addOutcome: (outcome) => {
      counts.addOutcome(outcome);
      commit.addOutcome(outcome);
    },
    addAttempt: (attempt, received) => {
      counts.addAttempt(attempt, received);
      commit.addAttempt(attempt);
    },
    mayPost: () => {
      isHeldUp = commit.heldOutcomes >= MOST_OUTCOMES_HELD;
      return !isHeldUp;
    },
  };
}
