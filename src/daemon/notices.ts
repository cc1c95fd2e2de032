/**
 * What the listener, the spool and the lanes tell, as log lines.
 *
 * @module
 */
import type { LaneNotice } from "../dispatcher/lanes/lane_notice.ts";
import { describeResult } from "../dispatcher/verdict.ts";
import type { ListenerNotice } from "../listener/listener.ts";
import { formatDuration } from "../registry/duration.ts";
import { formatSize } from "../registry/size.ts";
import type { SpoolHealth } from "../spool/group_commit.ts";
import type { LogLevel } from "../registry/schema.ts";
import type { Leftovers } from "../spool/rescue.ts";
import type { SetAside } from "../spool/spool_file.ts";
import type { LineBudget } from "./line_budget.ts";
import type { LogFields, Logger } from "./logger.ts";

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
    case "datagrams_denied": {
      const { count, from } = notice;
      const hint = "see what is allowed: gluster-eventing config-get --name allow-from";
      const fields = { count, last_from: from, hint };
      logger.log("WARNING", "datagrams from sources that allow-from does not list", fields);
      return;
    }
    case "datagrams_refused": {
      const { count, from } = notice;
      logger.log("WARNING", "datagrams without time and type refused", { count, last_from: from });
      return;
    }
    case "kernel_dropped": {
      const { count, drops } = notice;
      const hint = "raise receive-buffer, or see what keeps this machine busy";
      const message = "the kernel threw datagrams away, their events are lost";
      logger.log("ERROR", message, { count, in_all: drops, hint });
      return;
    }
    case "buffer_small": {
      const { wantedBytes, bytes } = notice;
      const message = "the receive buffer is smaller than wanted, a burst of events may not fit";
      const hint = bytes === undefined
        ? `sysctl -w net.core.rmem_default=${wantedBytes}, and restart`
        : `run as root, or: sysctl -w net.core.rmem_max=${wantedBytes}, and restart`;
      const has = bytes === undefined ? "unknown" : formatSize(bytes);
      logger.log("WARNING", message, { wanted: formatSize(wantedBytes), has, hint });
      return;
    }
    case "receive_failed":
      logger.log("ERROR", "receiving failed", { error: notice.error.message });
  }
}

/** Logs what the lanes tell, within what the budget allows for each webhook. */
export function logLaneNotice(logger: Logger, notice: LaneNotice, budget: LineBudget): void {
  const { webhook } = notice;
  if (notice.kind === "attempt") {
    logAttempt(logger, notice);
    return;
  }
  const { level, message, fields } = describeNotice(notice);
  // Somebody has to do something about a pause, or has done it.
  if (level === "DEBUG" || notice.kind === "webhook_paused" || notice.kind === "webhook_resumed") {
    logger.log(level, message, { webhook, ...fields });
    return;
  }
  budget.spend(webhook, {
    write: ({ unlogged, isLast }) =>
      logger.log(level, message, {
        webhook,
        ...fields,
        unlogged_before: unlogged === 0 ? undefined : unlogged,
        from_now_on: isLast ? "one line an hour" : undefined,
      }),
  });
}

type Attempt = Extract<LaneNotice, { kind: "attempt" }>;

function logAttempt(logger: Logger, { webhook, event: { event, id }, events, result }: Attempt) {
  if (!logger.isOn("DEBUG")) return;
  logger.log("DEBUG", "attempt", {
    webhook,
    event,
    id,
    events: events === 1 ? undefined : events,
    result: describeResult(result),
    ms: Math.round(result.durationMs),
  });
}

interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

function describeNotice(notice: Exclude<LaneNotice, Attempt>): Line {
  switch (notice.kind) {
    case "webhook_failing": {
      const { reason, retryInMs, event: { event, id } } = notice;
      const fields = { reason, event, id, retry_in: describeDuration(retryInMs) };
      return { level: "WARNING", message: "webhook fails", fields };
    }
    case "webhook_recovered": {
      const { attempts, givenUp } = notice;
      const after = describeDuration(notice.failedForMs);
      const fields = { after, failed_attempts: attempts, given_up: givenUp };
      return { level: "INFO", message: "webhook works again", fields };
    }
    case "event_given_up": {
      // One line for the first; how many it were comes with the recovery and with status.
      const { reason, givenUp, event: { event, id } } = notice;
      const level = givenUp === 1 ? "WARNING" : "DEBUG";
      return { level, message: "event became a dead letter", fields: { event, id, reason } };
    }
    case "gap_given_up": {
      const { reason, event: { event, id } } = notice;
      const message = "webhook was not told which events it misses";
      return { level: "WARNING", message, fields: { event, id, reason } };
    }
    case "webhook_paused": {
      const hint = `gluster-eventing webhook-resume ${notice.webhook}`;
      const fields = { reason: notice.reason, hint };
      return { level: "WARNING", message: "webhook is paused, its events wait", fields };
    }
    case "webhook_resumed":
      return { level: "INFO", message: "webhook goes on", fields: {} };
    case "spool_unreadable":
      return {
        level: "ERROR",
        message: "deliveries wait",
        fields: { error: notice.error.message },
      };
  }
}

/** To the millisecond if it is short, else to the second. */
function describeDuration(durationMs: number): string {
  const precisionMs = durationMs < 10_000 ? 1 : 1000;
  return formatDuration(Math.round(durationMs / precisionMs) * precisionMs);
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

/** Logs that the spool's file was no good. */
export function logSetAside(
  logger: Logger,
  { movedTo, reason }: SetAside,
  leftovers: Leftovers | undefined,
): void {
  logger.log("ERROR", "spool set aside, a new one is in use", {
    moved_to: movedTo,
    error: reason,
    waiting_events_kept: leftovers?.waiting.length ?? 0,
  });
}
