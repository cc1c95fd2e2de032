/**
 * What the daemon tells of its spool: what came in, what was tried, what was given up, and what is
 * to be posted again. Others build on these names: a field once published stays.
 *
 * @module
 */
import type { EventPayload } from "../event/event.ts";

/** Which events are meant. All that is given must fit; nothing given means all. */
export interface EventQuery {
  readonly ids?: readonly string[];
  /** Patterns such as `VOLUME_*`, `!VOLUME_SET` and `group:BRICK`. */
  readonly events?: readonly string[];
  /** This severity or worse. */
  readonly severity?: string;
  /** Received then or later, as RFC 3339. */
  readonly since?: string;
  /** Received before, as RFC 3339. */
  readonly until?: string;
}

/** Asks `GET /v1/history`. */
export interface HistoryQuery extends EventQuery {
  /** Only the newest so many. */
  readonly limit: number;
}

/** Asks `GET /v1/attempts`; its times are those of the attempts. */
export interface AttemptQuery extends HistoryQuery {
  readonly webhook?: string;
  /** Only those that did not deliver. */
  readonly failed?: boolean;
}

/** Asks `GET /v1/dead-letters`. */
export interface DeadLetterQuery extends HistoryQuery {
  readonly webhook?: string;
}

/** Asks `POST /v1/replay`. */
export interface ReplayRequest extends EventQuery {
  readonly webhook: string;
  /** Only what was given up on for this webhook. */
  readonly dead_letters?: boolean;
  /** Only say what would be done. */
  readonly dry_run?: boolean;
}

/**
 * An event as webhooks get it, and when this node received it. Those that an older version stored
 * have no `host`.
 */
export interface HistoryEvent
  extends Omit<EventPayload, "host">, Partial<Pick<EventPayload, "host">> {
  readonly received_at: string;
}

/** One request that was made. */
export interface AttemptReport {
  /** When it began. */
  readonly at: string;
  readonly webhook: string;
  /** The id of its event; of the first one, if it carried several. */
  readonly id: string;
  readonly event: string;
  /** How many events it carried. */
  readonly events: number;
  /** `null` if there was no answer. */
  readonly status: number | null;
  /** Why there was no answer: `dns`, `refused`, `reset`, `timeout`, `tls` or `network`. */
  readonly error: string | null;
  /** The status or the error in words. */
  readonly result: string;
  readonly duration_ms: number;
  /** The first bytes of the answer's body. */
  readonly answer: string;
  /** What became of the event. */
  readonly outcome: "delivered" | "retry" | "dead" | "paused";
  /** When it is tried again; `null` if it is not. */
  readonly next_attempt_at: string | null;
}

/** An event that was given up on. */
export interface DeadLetterReport extends HistoryEvent {
  readonly webhook: string;
  readonly given_up_at: string;
  readonly reason: string;
}

/** What a replay did, or would do. */
export interface ReplayReport {
  readonly webhook: string;
  readonly dry_run: boolean;
  /** How many events are posted again, dead letters included. */
  readonly events: number;
  /** How many of them were dead letters; they count as pending again. */
  readonly dead_letters: number;
  /** How many were left out because they wait for this webhook already. */
  readonly waiting: number;
  /** Ids that the spool does not know. */
  readonly unknown_ids: readonly string[];
  /** The first and last of them. */
  readonly sample: readonly HistoryEvent[];
}
