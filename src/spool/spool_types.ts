/**
 * What goes into the spool and what comes out of it.
 *
 * @module
 */

/** An event to be kept. */
export interface NewEvent {
  readonly id: string;
  readonly receivedMs: number;
  /** The type's name. */
  readonly event: string;
  /** The payload as JSON. */
  readonly payload: string;
}

/** An event in the log. */
export interface SpooledEvent extends NewEvent {
  /** Its place in the log; later events have greater ones. */
  readonly seq: number;
}

/** An event that is posted once more; `place` is its place among the replays. */
export interface ReplayedEvent extends SpooledEvent {
  readonly place: number;
}

/** Why a webhook did not get events: for want of room, or because the file was damaged. */
export type GapReason = "room" | "damage";

/** Events that a webhook did not get and was not told of. */
export interface Gap {
  /** Another one whenever the count grows. */
  readonly id: string;
  readonly events: number;
  /** How many were dropped since the webhook was added, these included. */
  readonly upTo: number;
  /** Why the last of them were. */
  readonly reason: GapReason;
  /** When the first and the last of them were received. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Since when a webhook is paused, and why. */
export interface Pause {
  readonly sinceMs: number;
  readonly reason: string;
}

/** A webhook fails. */
export interface Failing {
  /** When it began, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** For how long it was tried since then; a daemon that is down does not try. */
  readonly forMs: number;
  readonly attempts: number;
  /** The last attempt's answer or error. */
  readonly reason: string;
  /** Until when the receiver asked to be left alone, in milliseconds since 1970; 0 if it did not. */
  readonly waitUntilMs: number;
  /** How long that was when it was written: a clock that is set back must not make it longer. */
  readonly waitMs: number;
}

/** What changed for a webhook. */
export type Outcome =
  | {
    readonly kind: "finished";
    readonly webhook: string;
    readonly seq: number;
    /** The place of the replay that ended; absent for an event in its turn. */
    readonly replay?: number;
    /** Set if the event was given up on. */
    readonly deadLetter?: { readonly reason: string; readonly givenUpMs: number };
  }
  | {
    readonly kind: "filtered";
    readonly webhook: string;
    /** Places that the webhook's filter leaves out; what is done already stays what it is. */
    readonly ranges: readonly (readonly [from: number, to: number])[];
  }
  | {
    readonly kind: "gap_told";
    readonly webhook: string;
    /** The webhook knows of so many dropped events, or does not want to. */
    readonly upTo: number;
  }
  | { readonly kind: "paused"; readonly webhook: string; readonly pause: Pause }
  | { readonly kind: "resumed"; readonly webhook: string }
  | { readonly kind: "failing"; readonly webhook: string; readonly failing: Failing }
  | { readonly kind: "recovered"; readonly webhook: string };

/** One request that was made. */
export interface Attempt {
  readonly atMs: number;
  readonly webhook: string;
  /** The ids of the events in it. */
  readonly ids: readonly string[];
  /** The names of the events in it, each once. */
  readonly events: readonly string[];
  readonly status?: number;
  /** The class of the error, if there was no answer. */
  readonly error?: string;
  readonly result: string;
  readonly durationMs: number;
  /** The first bytes of the answer's body. */
  readonly answer: string;
  readonly outcome: "delivered" | "retry" | "dead" | "paused";
  /** When the next one is due. */
  readonly nextMs?: number;
}

/** What one transaction makes durable. */
export interface SpoolBatch {
  readonly events: readonly NewEvent[];
  readonly outcomes: readonly Outcome[];
  readonly attempts: readonly Attempt[];
  /** Datagrams that were refused since the last batch. */
  readonly refused: number;
  /** Events that were given up since the last batch because nothing could be written. */
  readonly lost: number;
}

/**
 * Where a webhook stands. Always:
 * `lastSeq - startSeq = delivered + pending + dead + dropped + filtered`.
 */
export interface CursorState {
  readonly webhook: string;
  /** The last event before its first. */
  readonly startSeq: number;
  /** The last event before the first that it is not done with. */
  readonly doneSeq: number;
  readonly delivered: number;
  readonly dead: number;
  /** Events that there was no room for, or that went with a damaged file. */
  readonly dropped: number;
  /** Events that its filter leaves out. */
  readonly filtered: number;
  /**
   * Events that wait for it, dead letters that are replayed among them, and those that its filter
   * was not asked about yet.
   */
  readonly pending: number;
  /** Events that were posted once more than they matched, and those that wait to be. */
  readonly replayed: number;
  readonly replaying: number;
  /** When the oldest waiting one was received, in milliseconds since 1970. */
  readonly oldestPendingMs?: number;
  /** Set if the daemon paused it. */
  readonly pause?: Pause;
  /** Set if the last attempts failed. */
  readonly failing?: Failing;
  readonly gap?: Gap;
}

/** Counts since the spool was made. */
export interface SpoolTotals {
  /** Events that were accepted. */
  readonly received: number;
  /** Datagrams that were no events. */
  readonly refused: number;
  /** Events that could not be kept because nothing could be written. */
  readonly lost: number;
}
