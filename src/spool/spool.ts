/**
 * The node's durable log of accepted events, with one cursor per webhook, in SQLite. What a commit
 * has returned from survives a killed process and a pulled plug.
 *
 * @module
 */
import { type Cursor, CursorBook, type CursorDrafts } from "./cursor_book.ts";
import { type CursorOwner, planCursors } from "./cursors.ts";
import { type SetAside, setAsideDamaged, SpoolDatabase, toNumber } from "./database.ts";
import { SpoolDamagedError } from "./errors.ts";
import { readAt, readReplays, type ReadRequest, readUnfinished } from "./event_rows.ts";
import { readEndBytes, readTotals, writeMark, writeTotals } from "./marks.ts";
import { addDropped, applyOutcome, insertAttempt, removeCursor, renameCursor } from "./outcomes.ts";
import { ROW_BYTES } from "./schema.ts";
import type {
  CursorState,
  Gap,
  NewEvent,
  ReplayedEvent,
  SpoolBatch,
  SpooledEvent,
  SpoolTotals,
} from "./spool_types.ts";

/** What the spool needs and whom it tells. */
export interface SpoolOptions {
  readonly now: () => number;
  readonly newId: (nowMs: number) => string;
  /** Called when the file was no good and is out of the way. */
  readonly onSetAside: (setAside: SetAside) => void;
  /** Called when there was a file, but nothing in it. */
  readonly onEmpty?: () => void;
}

/** The spool's file, open. One process at a time can hold it. */
export class Spool implements Disposable {
  readonly #database: SpoolDatabase;
  readonly #options: SpoolOptions;
  #book: CursorBook;
  #totals: SpoolTotals;
  #endBytes: number;
  #isAtWork = false;
  /** Whether the file was moved away and there is no good new one yet. */
  #isSetAside = false;

  private constructor(database: SpoolDatabase, options: SpoolOptions) {
    this.#database = database;
    this.#options = options;
    this.#book = CursorBook.load(database);
    this.#totals = readTotals(database);
    this.#endBytes = readEndBytes(database);
  }

  /**
   * Opens the spool, or makes one. A damaged file, or one of another program, is moved away first.
   *
   * @throws {SpoolError} If that fails, for example because another process holds it.
   */
  static open(path: string, options: SpoolOptions): Spool {
    if (SpoolDatabase.isEmptyFile(path)) options.onEmpty?.();
    try {
      return Spool.#load(path, options);
    } catch (error) {
      if (!(error instanceof SpoolDamagedError)) throw error;
      options.onSetAside(setAsideDamaged(path, { reason: error.message, nowMs: options.now() }));
      return Spool.#load(path, options);
    }
  }

  static #load(path: string, options: SpoolOptions): Spool {
    const database = SpoolDatabase.open(path);
    try {
      return database.reading(() => new Spool(database, options));
    } catch (error) {
      database[Symbol.dispose]();
      throw error;
    }
  }

  get path(): string {
    return this.#database.path;
  }

  /** The place of the newest event, which is also how many there were; 0 if there never was one. */
  get lastSeq(): number {
    return this.#totals.received;
  }

  /** What came in since the spool was made. */
  get totals(): SpoolTotals {
    return this.#totals;
  }

  /** How much of the disk it uses, about. */
  get usedBytes(): number {
    return this.#guarded(() => this.#database.reading(() => this.#database.sizes().usedBytes));
  }

  /**
   * Makes a batch durable, all of it or nothing.
   *
   * @throws {SpoolError} If that fails; then nothing of the batch is kept.
   */
  commit(batch: SpoolBatch): void {
    this.change("write to", (database, drafts) => {
      const { received, refused, lost } = this.#totals;
      const endBytes = this.#insertEvents(batch.events);
      for (const outcome of batch.outcomes) applyOutcome(outcome, { database, drafts });
      for (const attempt of batch.attempts) insertAttempt(database, attempt);
      const totals = {
        received: received + batch.events.length,
        refused: refused + batch.refused,
        lost: lost + batch.lost,
      };
      if (batch.events.length + batch.refused + batch.lost > 0) writeTotals(database, totals);
      return () => {
        this.#totals = totals;
        this.#endBytes = endBytes;
      };
    });
  }

  /**
   * The events behind a place that a webhook is not done with, oldest first, and up to which place
   * that was looked for.
   */
  readWaiting(
    webhook: string,
    request: ReadRequest,
  ): { readonly events: readonly SpooledEvent[]; readonly readTo: number } {
    const finished = this.#book.get(webhook)?.finished;
    return this.#read((database) => readUnfinished(database, finished, request));
  }

  /** The events at these places. */
  eventsAt(seqs: readonly number[]): SpooledEvent[] {
    return this.#read((database) => readAt(database, seqs));
  }

  /** The replays that wait for a webhook behind a place, oldest first. */
  readReplays(
    webhook: string,
    request: { readonly afterPlace: number; readonly limit: number },
  ): readonly ReplayedEvent[] {
    const cursor = this.#book.get(webhook);
    if (cursor === undefined || cursor.waitingDead + cursor.waitingOthers === 0) return [];
    return this.#read((database) => readReplays(database, webhook, request));
  }

  /**
   * Makes the cursors fit the webhooks: a new one begins with the next event, a changed one goes on
   * where it was, one whose webhook is gone is dropped with its dead letters.
   *
   * @param options.keepGone Leaves those whose webhook is gone.
   * @returns Where the dropped ones stood.
   * @throws {SpoolError} If that cannot be written; then nothing changes.
   */
  setWebhooks(
    wanted: readonly CursorOwner[],
    { keepGone = false }: { keepGone?: boolean } = {},
  ): CursorState[] {
    const { keep, add, drop } = planCursors(this.owners(), wanted);
    const gone = keepGone ? [] : drop;
    const dropped = this.cursors().filter(({ webhook }) => gone.includes(webhook));
    this.change("write to", (database, drafts) => {
      for (const name of gone) removeCursor({ database, drafts }, name);
      for (const { from, owner } of keep) {
        if (from !== owner.name) renameCursor({ database, drafts }, { from, to: owner.name });
      }
      for (const { from, owner } of keep) {
        if (from === owner.name && this.#book.get(from)?.url === owner.url) continue;
        const cursor = drafts.edit(owner.name);
        if (cursor === undefined) continue;
        // Another receiver has not said 410, and did not fail.
        if (cursor.url !== owner.url) {
          cursor.pause = undefined;
          cursor.failing = undefined;
        }
        cursor.url = owner.url;
      }
      for (const { name, url } of add) {
        drafts.add({ webhook: name, url, startSeq: this.lastSeq });
      }
    });
    return dropped;
  }

  /** The webhooks that have cursors. */
  owners(): CursorOwner[] {
    return this.#book.all().map(({ webhook, url }) => ({ name: webhook, url }));
  }

  /** Where each webhook stands. */
  cursors(): CursorState[] {
    return this.#book.all().map((cursor) => this.#stateOf(cursor));
  }

  /** Where a webhook stands. */
  cursor(webhook: string): CursorState | undefined {
    const cursor = this.#book.get(webhook);
    return cursor === undefined ? undefined : this.#stateOf(cursor);
  }

  /** What a webhook did not get for want of room and was not told of yet. */
  gapOf(webhook: string): Gap | undefined {
    return this.#book.get(webhook)?.gap;
  }

  /**
   * Looks whether the file is still there, and writes it again if not.
   *
   * @returns Whether it had to.
   * @throws {SpoolError} If it had to and cannot.
   */
  writeAgainIfGone(): boolean {
    if (!this.#database.isGone) return false;
    const { now, onSetAside } = this.#options;
    const setAside = this.#database.writeAgain(now());
    if (setAside !== undefined) onSetAside(setAside);
    return true;
  }

  /** Whether an event waits for a webhook in its turn. */
  isWaiting(webhook: string, seq: number): boolean {
    const cursor = this.#book.get(webhook);
    return cursor !== undefined && seq > cursor.startSeq && !cursor.finished.has(seq);
  }

  /**
   * Changes tables and cursors together.
   *
   * @param work Returns what to do once it is durable.
   * @throws {SpoolError} If it cannot be written; then nothing changes.
   */
  change(
    action: string,
    work: (database: SpoolDatabase, drafts: CursorDrafts) => (() => void) | void,
  ): void {
    this.#guarded(() => {
      const drafts = this.#book.draft();
      const committed = this.#database.transaction(action, () => {
        const result = work(this.#database, drafts);
        drafts.write(this.#database);
        return result;
      });
      this.#book.adopt(drafts);
      committed?.();
    });
  }

  /** Reads tables. @throws {SpoolError} If that fails. */
  read<T>(work: (database: SpoolDatabase) => T): T {
    return this.#read(work);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #read<T>(work: (database: SpoolDatabase) => T): T {
    return this.#guarded(() => this.#database.reading(() => work(this.#database)));
  }

  #insertEvents(events: readonly NewEvent[]): number {
    let seq = this.lastSeq;
    let endBytes = this.#endBytes;
    for (const { id, receivedMs, event, payload } of events) {
      endBytes += payload.length + ROW_BYTES;
      this.#database.run(
        "INSERT INTO events (seq, id, received_ms, event, payload, end_bytes) " +
          "VALUES (?, ?, ?, ?, ?, ?)",
        ++seq,
        id,
        receivedMs,
        event,
        payload,
        endBytes,
      );
    }
    return endBytes;
  }

  #stateOf(cursor: Readonly<Cursor>): CursorState {
    const { finished, pause, failing, gap } = cursor;
    const unfinished = this.lastSeq - finished.doneSeq - finished.beyondCount;
    const oldestPendingMs = unfinished === 0 ? undefined : this.#receivedMs(finished.doneSeq + 1);
    return {
      webhook: cursor.webhook,
      startSeq: cursor.startSeq,
      doneSeq: finished.doneSeq,
      delivered: cursor.delivered,
      dead: cursor.dead,
      dropped: cursor.dropped,
      pending: unfinished + cursor.waitingDead,
      replayed: cursor.replayed,
      replaying: cursor.waitingOthers,
      ...(oldestPendingMs === undefined ? {} : { oldestPendingMs }),
      ...(pause === undefined ? {} : { pause }),
      ...(failing === undefined ? {} : { failing }),
      ...(gap === undefined ? {} : { gap }),
    };
  }

  #receivedMs(seq: number): number | undefined {
    const row = this.#read((database) =>
      database.first("SELECT received_ms FROM events WHERE seq = ?", seq)
    );
    return row === undefined ? undefined : toNumber(row, "received_ms");
  }

  /** Does the work; if the file turns out to be damaged, on a new one. */
  #guarded<T>(work: () => T): T {
    // What is read within a transaction is part of it.
    if (this.#isAtWork) return work();
    this.#isAtWork = true;
    try {
      // Tried again as long as there is no new file, for example because the disk is full.
      if (this.#isSetAside) this.#beginAnew();
      return work();
    } catch (error) {
      if (!(error instanceof SpoolDamagedError)) throw error;
      const { now, onSetAside } = this.#options;
      const setAside = this.#database.setAside({ reason: error.message, nowMs: now() });
      this.#isSetAside = true;
      onSetAside(setAside);
      this.#beginAnew();
      return work();
    } finally {
      this.#isAtWork = false;
    }
  }

  /** What waited is in the file that was moved away: it counts as dropped, and is told of as such. */
  #beginAnew(): void {
    this.#database.reopen();
    const { now, newId } = this.#options;
    const nowMs = now();
    const drafts = this.#book.draft();
    for (const { webhook } of this.#book.all()) {
      const cursor = drafts.edit(webhook);
      if (cursor === undefined) continue;
      const events = cursor.finished.addUpTo(this.lastSeq) + cursor.waitingDead;
      cursor.waitingDead = 0;
      cursor.waitingOthers = 0;
      if (events > 0) addDropped(cursor, { events, fromMs: nowMs, toMs: nowMs, id: newId(nowMs) });
    }
    this.#database.transaction("write to", () => {
      writeTotals(this.#database, this.#totals);
      writeMark(this.#database, "pruned_seq", this.lastSeq);
      drafts.write(this.#database);
    });
    this.#book.adopt(drafts);
    this.#endBytes = 0;
    this.#isSetAside = false;
  }
}
