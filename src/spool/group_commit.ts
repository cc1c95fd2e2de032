/**
 * Gathers what happens within a few milliseconds and makes it durable in one transaction, so that
 * durability costs next to nothing per event.
 *
 * @module
 */
import type { SpoolError } from "./errors.ts";
import type { Attempt, NewEvent, Outcome, SpoolBatch } from "./spool_types.ts";

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
  /** Milliseconds by a clock that does not jump. */
  readonly steadyNow: () => number;
  /** Called after something became durable, with how many events were among it. */
  readonly onCommit: (events: number) => void;
  /** Called when writing begins to fail, and when it works again. */
  readonly onHealth: (health: SpoolHealth) => void;
  /** How long events wait for others; one that comes that long after all others does not. */
  readonly maxDelayMs?: number;
  /**
   * How long outcomes wait for events or for more of them: every commit waits for the disk, and
   * what has just come waits with it. After a crash, their events are posted again.
   */
  readonly maxOutcomeDelayMs?: number;
  readonly maxEvents?: number;
  readonly maxOutcomes?: number;
  readonly retryMs?: number;
  /** How many events to hold in memory while nothing can be written. */
  readonly maxHeld?: number;
  /** How much their payloads may take. */
  readonly maxHeldBytes?: number;
}

/** Whether the spool can be written. */
export type SpoolHealth =
  | { readonly ok: false; readonly error: SpoolError }
  | { readonly ok: true; readonly lost: number };

/** Rows of each kind in one transaction. */
const MOST_AT_ONCE = 1000;
/** Attempts are for looking back: of those that cannot be written, only the last are held. */
const MOST_ATTEMPTS_HELD = 10_000;

/** Takes events and outcomes one by one and commits them in groups. */
export class GroupCommit {
  readonly #options: Required<GroupCommitOptions>;
  readonly #events = new Queue<NewEvent>();
  readonly #outcomes = new Queue<Outcome>();
  readonly #attempts = new Queue<Attempt>();
  #heldBytes = 0;
  #refused = 0;
  #lost = 0;
  /** When events were committed last. */
  #committedMs: number;
  #lostSinceFailing = 0;
  #cancel: (() => void) | undefined;
  /** After how long what is scheduled happens. */
  #delayMs = Infinity;
  #isFailing = false;
  #isClosed = false;

  constructor(options: GroupCommitOptions) {
    this.#options = {
      maxDelayMs: 2,
      maxOutcomeDelayMs: 100,
      maxEvents: 256,
      maxOutcomes: 256,
      retryMs: 1000,
      maxHeld: 50_000,
      maxHeldBytes: 32 * 2 ** 20,
      ...options,
    };
    this.#committedMs = options.steadyNow();
  }

  /** Events that were given up because nothing could be written, and are not counted on disk. */
  get lost(): number {
    return this.#lost;
  }

  /** Events that wait in memory to be written. */
  get held(): number {
    return this.#events.length;
  }

  /** Outcomes that wait in memory to be written: after a crash, their events are posted again. */
  get heldOutcomes(): number {
    return this.#outcomes.length;
  }

  /** Takes an event; it is durable when `onCommit` is called next. */
  addEvent(event: NewEvent): void {
    this.#events.push(event);
    this.#heldBytes += event.payload.length;
    if (this.#isFailing) this.#giveUpWhatIsTooMuch();
    const { length } = this.#events;
    const { maxEvents, maxDelayMs, steadyNow } = this.#options;
    const isAlone = length === 1 && steadyNow() - this.#committedMs > maxDelayMs;
    // More than a part is being written already, one after the other.
    const isFull = length >= maxEvents && length <= MOST_AT_ONCE;
    if (isAlone || isFull) this.#commitNow();
    else this.#commitIn(maxDelayMs);
  }

  /** Takes what changed for a webhook. It is not committed before whoever tells it is through. */
  addOutcome(outcome: Outcome): void {
    this.#outcomes.push(outcome);
    const { maxOutcomes, maxOutcomeDelayMs } = this.#options;
    this.#commitIn(this.#outcomes.length >= maxOutcomes ? 0 : maxOutcomeDelayMs);
  }

  /** Takes a request that was made. */
  addAttempt(attempt: Attempt): void {
    this.#attempts.push(attempt);
    if (this.#attempts.length > MOST_ATTEMPTS_HELD) this.#attempts.drop(1);
    this.#commitIn(this.#options.maxOutcomeDelayMs);
  }

  /** Counts a datagram that was refused. */
  addRefused(): void {
    this.#refused++;
    this.#commitIn(this.#options.maxOutcomeDelayMs);
  }

  /** Commits all there is now. Returns false if that failed; then it is tried again later. */
  flush(): boolean {
    while (this.#flushPart()) if (this.#isEmpty) return true;
    return false;
  }

  /** Commits what there is a last time. @returns False if it could not be written, and is lost. */
  close(): boolean {
    const isWritten = this.flush();
    this.#isClosed = true;
    this.#cancel?.();
    return isWritten;
  }

  get #isEmpty(): boolean {
    return this.#events.length + this.#outcomes.length + this.#attempts.length + this.#refused +
        this.#lost === 0;
  }

  /**
   * Commits one part: a long outage may leave more than can be written without anything else
   * happening meanwhile. What is left goes as soon as that had its turn.
   */
  #flushPart(): boolean {
    this.#cancelScheduled();
    if (this.#isEmpty) return true;
    let events: number;
    try {
      events = this.#commitPart();
    } catch (error) {
      this.#fail(error as SpoolError);
      return false;
    }
    if (!this.#isEmpty) this.#schedule(0);
    else if (this.#isFailing) this.#recover();
    this.#options.onCommit(events);
    return true;
  }

  #recover(): void {
    this.#isFailing = false;
    const lost = this.#lostSinceFailing;
    this.#lostSinceFailing = 0;
    this.#options.onHealth({ ok: true, lost });
  }

  /** @returns How many events were among it. */
  #commitPart(): number {
    const batch = {
      events: this.#events.first(MOST_AT_ONCE),
      outcomes: this.#outcomes.first(MOST_AT_ONCE),
      attempts: this.#attempts.first(MOST_AT_ONCE),
      refused: this.#refused,
      lost: this.#lost,
    };
    this.#options.spool.commit(batch);
    for (const { payload } of batch.events) this.#heldBytes -= payload.length;
    this.#events.drop(batch.events.length);
    this.#outcomes.drop(batch.outcomes.length);
    this.#attempts.drop(batch.attempts.length);
    this.#refused -= batch.refused;
    this.#lost -= batch.lost;
    if (batch.events.length > 0) this.#committedMs = this.#options.steadyNow();
    return batch.events.length;
  }

  #giveUpWhatIsTooMuch(): void {
    const { maxHeld, maxHeldBytes } = this.#options;
    while (this.#events.length > maxHeld || this.#heldBytes > maxHeldBytes) {
      const [oldest] = this.#events.first(1);
      if (oldest === undefined) return;
      this.#events.drop(1);
      this.#heldBytes -= oldest.payload.length;
      this.#lost++;
      this.#lostSinceFailing++;
    }
  }

  #fail(error: SpoolError): void {
    if (!this.#isFailing) this.#options.onHealth({ ok: false, error });
    this.#isFailing = true;
    this.#schedule(this.#options.retryMs);
  }

  #commitNow(): void {
    if (!this.#isFailing && !this.#isClosed) this.#flushPart();
  }

  /** Commits within a time, if that is not to happen sooner anyway. */
  #commitIn(delayMs: number): void {
    if (this.#isFailing || this.#isClosed) return;
    if (delayMs < this.#delayMs) this.#schedule(delayMs);
  }

  #schedule(delayMs: number): void {
    this.#cancelScheduled();
    this.#delayMs = delayMs;
    this.#cancel = this.#options.schedule(() => this.#flushPart(), delayMs);
  }

  #cancelScheduled(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#delayMs = Infinity;
  }
}

/** First in, first out; dropping from the front costs little however long it is. */
class Queue<T> {
  #items: T[] = [];
  #start = 0;

  get length(): number {
    return this.#items.length - this.#start;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  first(count: number): T[] {
    return this.#items.slice(this.#start, this.#start + count);
  }

  drop(count: number): void {
    this.#start += count;
    if (this.#start === this.#items.length) {
      this.#items = [];
      this.#start = 0;
    } else if (this.#start > 1000 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
  }
}
