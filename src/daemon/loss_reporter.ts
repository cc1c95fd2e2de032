/**
 * Tells all webhooks of losses, by events in the log like any other.
 *
 * @module
 */
import type { ReportingNode } from "../event/event.ts";
import type { GroupCommit } from "../spool/group_commit.ts";
import { describeLost, describeUnknown, type LossOrigin } from "./gap_events.ts";

/** What the reporter works with. */
export interface LossReporterDeps {
  readonly commit: Pick<GroupCommit, "addEvent">;
  readonly node: ReportingNode;
  readonly now: () => number;
  readonly newId: (nowMs: number) => string;
}

/** Makes the events. */
export class LossReporter {
  readonly #deps: LossReporterDeps;

  constructor(deps: LossReporterDeps) {
    this.#deps = deps;
  }

  /** So many events could not be kept. */
  lost(count: number): void {
    this.#deps.commit.addEvent(describeLost(count, this.#origin()));
  }

  /** Nobody knows any more what waited. */
  unknown(reason: string): void {
    this.#deps.commit.addEvent(describeUnknown(reason, this.#origin()));
  }

  #origin(): LossOrigin {
    const { node, now, newId } = this.#deps;
    const atMs = now();
    return { node, id: newId(atMs), atMs };
  }
}
