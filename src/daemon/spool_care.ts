/**
 * Keeps the spool within its limits, and its file in its place.
 *
 * @module
 */
import type { Clock } from "../dispatcher/clock.ts";
import type { SharedConfig, Webhook } from "../registry/schema.ts";
import { SpoolError } from "../spool/errors.ts";
import { forgetSome } from "../spool/retention.ts";
import type { Spool } from "../spool/spool.ts";
import type { Logger } from "./logger.ts";
import { filterOf } from "./webhook_filters.ts";

/** What the care works with. */
export interface SpoolCareDeps {
  readonly spool: Spool;
  readonly clock: Clock;
  readonly newId: (nowMs: number) => string;
  readonly logger: Logger;
  readonly config: () => SharedConfig;
  readonly webhooks: () => readonly Webhook[];
  /** Called when waiting events were dropped. */
  readonly onDropped: () => void;
}

const FORGET_AT_ONCE = 1000;
const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 100;
const ROOM_SETTLED_MS = 55_000;

/** Takes one short step after the other. */
export class SpoolCare {
  readonly #deps: SpoolCareDeps;
  readonly #startedMs: number;
  readonly #startedSteadyMs: number;
  /** When events were last dropped, by the steady clock, until that is over. */
  #droppedMs: number | undefined;
  /** When to try again to write a file that is gone, by the steady clock. */
  #writeAgainMs = -Infinity;
  #writeAgainWaitMs = 0;
  /** When the file was last looked for, which not every commit has to do. */
  #lookedMs = -Infinity;

  constructor(deps: SpoolCareDeps) {
    this.#deps = deps;
    this.#startedMs = deps.clock.now();
    this.#startedSteadyMs = deps.clock.steadyNow();
  }

  /** Whether the spool is larger than it may be, or was not where it should be a moment ago. */
  get isUrgent(): boolean {
    const { spool, clock, config } = this.#deps;
    if (spool.usedBytes > config().spoolMaxBytes) return true;
    const nowMs = clock.steadyNow();
    if (nowMs - this.#lookedMs < LOOK_EVERY_MS) return false;
    this.#lookedMs = nowMs;
    return this.#isToWriteAgain;
  }

  /** Makes one step. @returns Whether there is more to do. @throws {SpoolError} If it fails. */
  step(): boolean {
    if (this.#isToWriteAgain) {
      void this.#writeAgain();
      return true;
    }
    const { spool, clock, newId, config, webhooks, onDropped } = this.#deps;
    const { historyMaxAgeMs, historyMaxBytes, spoolMaxBytes } = config();
    const nowMs = clock.now();
    // A clock that was set forward while this runs makes nothing old.
    const believedMs = this.#startedMs + clock.steadyNow() - this.#startedSteadyMs;
    const { isMore, dropped } = forgetSome(spool, {
      keepFromMs: Math.min(nowMs, believedMs) - historyMaxAgeMs,
      historyMaxBytes,
      spoolMaxBytes,
      limit: FORGET_AT_ONCE,
      nowMs,
      newId,
      filterOf: (name) => filterOf(webhooks(), name),
    });
    if (dropped.size > 0) onDropped();
    this.#tellDropping(dropped.size > 0);
    return isMore;
  }

  /** A copy of the file is much work, so it is not tried all the time. */
  get #isToWriteAgain(): boolean {
    const { spool, clock } = this.#deps;
    return clock.steadyNow() >= this.#writeAgainMs && spool.isGone;
  }

  /** Says once that the file is gone. */
  async #writeAgain(): Promise<void> {
    const { spool, clock, logger } = this.#deps;
    const nowMs = clock.steadyNow();
    this.#writeAgainMs = Infinity;
    try {
      const movedTo = (await spool.writeAgain())?.movedTo;
      const message = "somebody removed the spool's file, it was written again";
      logger.log("ERROR", message, { path: spool.path, found_in_its_place: movedTo });
      this.#writeAgainWaitMs = 0;
      this.#writeAgainMs = nowMs;
    } catch (error) {
      if (!(error instanceof SpoolError)) throw error;
      const { message, hint } = error;
      if (this.#writeAgainWaitMs === 0) {
        logger.log("ERROR", "somebody removed the spool's file", { error: message, hint });
      }
      this.#writeAgainWaitMs = Math.min(2 * this.#writeAgainWaitMs + MINUTE_MS, 60 * MINUTE_MS);
      this.#writeAgainMs = nowMs + this.#writeAgainWaitMs;
    }
  }

  /** Says once that events are dropped, and, when none were for a while, how many it were. */
  #tellDropping(isDropping: boolean): void {
    const { spool, clock, logger } = this.#deps;
    const nowMs = clock.steadyNow();
    if (isDropping) {
      if (this.#droppedMs === undefined) {
        const hint = "raise spool-max-size, or mend or delete the webhook that waits";
        const message = "spool-max-size reached, the oldest waiting events are dropped";
        logger.log("WARNING", message, { hint });
      }
      this.#droppedMs = nowMs;
    } else if (this.#droppedMs !== undefined && nowMs - this.#droppedMs >= ROOM_SETTLED_MS) {
      this.#droppedMs = undefined;
      const inAll = spool.cursors().filter(({ dropped }) => dropped > 0)
        .map(({ webhook, dropped }) => `${webhook}:${dropped}`).join(",");
      logger.log("INFO", "no events are dropped any more", { dropped_in_all: inAll });
    }
  }
}
