/**
 * What the listener, the spool and the lanes tell, as log lines.
 *
 * @module
 */
import type { LaneNotice } from "../dispatcher/lane.ts";
import { describeResult } from "../dispatcher/verdict.ts";
import type { ListenerNotice } from "../listener/listener.ts";
import { formatDuration } from "../registry/duration.ts";
import type { SpoolHealth } from "../spool/group_commit.ts";
import type { Logger } from "./logger.ts";

/** Logs what the listener tells. */
export function logListenerNotice(
  logger: Logger,
  notice: ListenerNotice,
  logEvents: boolean,
): void {
  switch (notice.kind) {
    case "event_received": {
      if (!logEvents || !logger.isOn("DEBUG")) return;
      const { id, event, message } = notice.event;
      const text = JSON.stringify(message);
      logger.log("DEBUG", "event received", { event, id, from: notice.from, message: text });
      return;
    }
    case "datagrams_refused": {
      const { count, from } = notice;
      logger.log("WARNING", "datagrams without time and type refused", { count, last_from: from });
      return;
    }
    case "receive_failed":
      logger.log("ERROR", "receiving failed", { error: notice.error.message });
  }
}

/** Logs what the lanes tell. */
export function logLaneNotice(logger: Logger, notice: LaneNotice): void {
  const { webhook } = notice;
  switch (notice.kind) {
    case "attempt": {
      if (!logger.isOn("DEBUG")) return;
      const { result, event: { event, id } } = notice;
      const ms = Math.round(result.durationMs);
      logger.log("DEBUG", "attempt", { webhook, event, id, result: describeResult(result), ms });
      return;
    }
    case "webhook_failing": {
      const { reason, retryInMs, event: { event, id } } = notice;
      const next = `${Math.round(retryInMs)}ms`;
      logger.log("WARNING", "webhook fails", { webhook, reason, event, id, retry_in: next });
      return;
    }
    case "webhook_recovered": {
      const { attempts, givenUp } = notice;
      const after = formatDuration(Math.round(notice.failedForMs / 1000) * 1000);
      const fields = { webhook, after, failed_attempts: attempts, given_up: givenUp };
      logger.log("INFO", "webhook works again", fields);
      return;
    }
    case "event_given_up": {
      // One line for the first; how many it were comes with the recovery and with status.
      const { reason, givenUp, event: { event, id } } = notice;
      const level = givenUp === 1 ? "WARNING" : "DEBUG";
      logger.log(level, "event became a dead letter", { webhook, event, id, reason });
      return;
    }
    case "spool_unreadable":
      logger.log("ERROR", "deliveries wait", { webhook, error: notice.error.message });
  }
}

/** Logs whether the spool can be written. */
export function logSpoolHealth(logger: Logger, health: SpoolHealth): void {
  if (health.ok) {
    logger.log("INFO", "spool works again", { events_lost: health.lost });
  } else {
    const { message, hint } = health.error;
    logger.log("ERROR", "spool fails, events are held in memory", { error: message, hint });
  }
}
