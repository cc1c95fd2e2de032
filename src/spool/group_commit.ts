/**
 * Gathers what happens within a few milliseconds and makes it durable in one transaction, so that
 * durability costs next to nothing per event.
 *
 * @module
 */
import type { SpoolError } from "./errors.ts";
import type { NewEvent, Outcome, SpoolBatch } from "./spool.ts";

/** What the group commit writes to. */
export interface BatchWriter {
  /** @throws {SpoolError} If nothing of the batch could be kept. */
  commit(batch: SpoolBatch): void;
}

/** When to commit, and whom to tell. */
export interface GroupCommitOptions {
  readonly spool: BatchWriter;
  /** Calls back after the time; returns what takes the call back. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
  /** Called after events became durable. */
  readonly onEvents: () => void;
  /** Called when writing begins to fail, and when it works again. */
  readonly onHealth: (health: SpoolHealth) => void;
  readonly maxDelayMs?: number;
  readonly maxEvents?: number;
  readonly retryMs?: number;
  /** How many events to hold in memory while nothing can be written. */
  readonly maxHeld?: number;
}

/** Whether the spool can be written. */
export type SpoolHealth =
  | { readonly ok: false; readonly error: SpoolError }
  | { readonly ok: true; readonly lost: number };

// Dropping one by one would move the whole list for each event.
const DROP_AT_ONCE = 256;

/** Takes events and outcomes one by one and commits them in groups. */
export class GroupCommit {
  readonly #options: Required<GroupCommitOptions>;
  #events: NewEvent[] = [];
  #outcomes: Outcome[] = [];
  #refused = 0;
  #cancel: (() => void) | undefined;
  #failing = false;
  #closed = false;
  #lost = 0;
  #lostInAll = 0;

  constructor(options: GroupCommitOptions) {
    this.#options = { maxDelayMs: 2, maxEvents: 256, retryMs: 1000, maxHeld: 50_000, ...options };
  }

  /** Events that were thrown away because the spool could not be written. */
  get lost(): number {
    return this.#lostInAll;
  }

  /** Events that wait in memory to be written. */
  get held(): number {
    return this.#events.length;
  }

  /** Takes an event; it is durable when `onEvents` is called next. */
  addEvent(event: NewEvent): void {
    this.#events.push(event);
    if (this.#failing && this.#events.length > this.#options.maxHeld) {
      const { length } = this.#events.splice(0, DROP_AT_ONCE);
      this.#lost += length;
      this.#lostInAll += length;
    }
    this.#commitSoon();
  }

  /** Takes the outcome of a delivery. */
  addOutcome(outcome: Outcome): void {
    this.#outcomes.push(outcome);
    this.#commitSoon();
  }

  /** Counts a datagram that was refused. */
  addRefused(): void {
    this.#refused++;
    this.#commitSoon();
  }

  /** Commits what there is now. Returns false if that failed; then it is tried again later. */
  flush(): boolean {
    this.#cancel?.();
    this.#cancel = undefined;
    const batch = { events: this.#events, outcomes: this.#outcomes, refused: this.#refused };
    if (batch.events.length + batch.outcomes.length + batch.refused === 0) return true;
    try {
      this.#options.spool.commit(batch);
    } catch (error) {
      this.#fail(error as SpoolError);
      return false;
    }
    this.#events = [];
    this.#outcomes = [];
    this.#refused = 0;
    if (this.#failing) {
      this.#failing = false;
      this.#options.onHealth({ ok: true, lost: this.#lost });
      this.#lost = 0;
    }
    if (batch.events.length > 0) this.#options.onEvents();
    return true;
  }

  /** Commits what there is a last time. @returns False if it could not be written, and is lost. */
  close(): boolean {
    const isWritten = this.flush();
    this.#closed = true;
    this.#cancel?.();
    return isWritten;
  }

  #commitSoon(): void {
    if (this.#failing || this.#closed) return;
    if (this.#events.length >= this.#options.maxEvents) this.flush();
    else this.#cancel ??= this.#options.schedule(() => this.flush(), this.#options.maxDelayMs);
  }

  #fail(error: SpoolError): void {
    if (!this.#failing) this.#options.onHealth({ ok: false, error });
    this.#failing = true;
    this.#cancel = this.#options.schedule(() => this.flush(), this.#options.retryMs);
  }
}
