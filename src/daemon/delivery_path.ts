/**
 * The way of an event from the intake to the webhooks: the group commit, the spool and the lanes,
 * each of which has to know when another one goes on.
 *
 * @module
 */
import { Dispatcher } from "../dispatcher/dispatcher.ts";
import { type BatchWriter, GroupCommit, type SpoolHealth } from "../spool/group_commit.ts";
import type { DaemonDeps } from "./daemon_options.ts";
import { DeliveryCounts } from "./delivery_counts.ts";
import { Histogram } from "./histogram.ts";
import { type SharedLaneSpool, toLaneSpool } from "./lane_spool.ts";
import { LineBudget } from "./line_budget.ts";
import type { Logger } from "./logger.ts";
import { LossReporter } from "./loss_reporter.ts";
import type { NodeIdentity } from "./node_identity.ts";
import { logLaneNotice, logSpoolHealth } from "./notices.ts";
import type { OpenedSpool } from "./open_spool.ts";
import { schedule } from "./schedule.ts";

/** What the way is made of. */
export interface DeliveryPathOptions
  extends Pick<DaemonDeps, "clock" | "random" | "newId" | "createClient"> {
  readonly version: string;
  readonly opened: OpenedSpool;
  readonly identity: NodeIdentity;
  readonly logger: Logger;
  /** Called after each commit, with how many events were among it. */
  readonly onCommit: (events: number) => void;
}

/** How long after a daemon began to stop its requests may end: all of it has to be done within 5 s. */
const DRAIN_MS = 3500;
/** What is left of it at least, however long all else took. */
const LEAST_DRAIN_MS = 250;

/** Upper ends in seconds: a commit waits for the disk. */
const COMMIT_DURATIONS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** How long requests in flight may still take when a stop began at a time; both of one clock. */
export function drainLeftMs(beganMs: number, nowMs: number): number {
  return Math.max(LEAST_DRAIN_MS, DRAIN_MS - (nowMs - beganMs));
}

/** Connects them; nothing is delivered before the dispatcher has webhooks. */
export class DeliveryPath implements AsyncDisposable {
  readonly commit: GroupCommit;
  readonly dispatcher: Dispatcher;
  readonly counts = new DeliveryCounts();
  /** How long commits took, in seconds. */
  readonly commitDurations = new Histogram(COMMIT_DURATIONS);
  readonly #options: DeliveryPathOptions;
  readonly #lanes: SharedLaneSpool;
  readonly #losses: LossReporter;
  readonly #lineBudget: LineBudget;
  #isSpoolOk = true;
  /** By the steady clock. */
  #stopBeganMs: number | undefined;

  constructor(options: DeliveryPathOptions) {
    const { opened: { spool }, identity, logger, clock, random, newId, createClient } = options;
    this.#options = options;
    this.#lineBudget = new LineBudget(clock.steadyNow);
    this.commit = new GroupCommit({
      spool: timed(spool, clock.steadyNow, this.commitDurations),
      schedule,
      steadyNow: clock.steadyNow,
      onCommit: (events) => this.#committed(events),
      onHealth: (health) => this.#takeHealth(health),
    });
    this.#losses = new LossReporter({
      commit: this.commit,
      node: identity,
      now: clock.now,
      newId,
    });
    const { commit, counts } = this;
    this.#lanes = toLaneSpool({ spool, commit, node: identity, counts });
    this.dispatcher = new Dispatcher({
      spool: this.#lanes,
      createClient,
      clock,
      random,
      userAgent: `gluster-eventing/${options.version}`,
      notify: (notice) => logLaneNotice(logger, notice, this.#lineBudget),
    });
    // Within a commit or a reading, which has to end first.
    spool.onRenewed = () => queueMicrotask(() => this.dispatcher.beginAnew());
  }

  /** Whether the spool could be written when that was last tried. */
  get isSpoolOk(): boolean {
    return this.#isSpoolOk;
  }

  /** Tells the webhooks what is unknown of their events since the spool was opened. */
  tellUnknownLosses(): void {
    for (const reason of this.#options.opened.unknownLosses) this.#losses.unknown(reason);
  }

  /** Does at once what would wait for something else to happen. */
  catchUp(): void {
    this.#lineBudget.catchUp();
    // What is delivered but not written would count as dropped.
    this.commit.flush();
  }

  /** Takes note that the daemon begins to stop, of which the lanes are not the first. */
  beginStop(): void {
    this.#stopBeganMs ??= this.#options.clock.steadyNow();
  }

  /** Lets the requests in flight end, and writes what is left; the rest stays in the spool. */
  async [Symbol.asyncDispose](): Promise<void> {
    const nowMs = this.#options.clock.steadyNow();
    try {
      await this.dispatcher.stop(drainLeftMs(this.#stopBeganMs ?? nowMs, nowMs));
    } finally {
      this.#close();
    }
  }

  #close(): void {
    const { logger } = this.#options;
    if (this.commit.close()) {
      logger.log("INFO", "stopped");
    } else {
      logger.log("ERROR", "stopped, events are lost", { events: this.commit.held });
    }
  }

  #committed(events: number): void {
    if (events > 0 || this.#lanes.isHeldUp) this.dispatcher.wake();
    this.#options.onCommit(events);
  }

  #takeHealth(health: SpoolHealth): void {
    this.#isSpoolOk = health.ok;
    logSpoolHealth(this.#options.logger, health);
    if (health.ok && health.lost > 0) this.#losses.lost(health.lost);
  }
}

/** The same writer, with the time that it takes, be it in vain. */
function timed(
  writer: BatchWriter,
  steadyNow: () => number,
  durations: Histogram,
): BatchWriter {
  return {
    commit(batch) {
      const startedMs = steadyNow();
      try {
        writer.commit(batch);
      } finally {
        durations.observe((steadyNow() - startedMs) / 1000);
      }
    },
  };
}
