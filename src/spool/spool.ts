/**
 * The node's durable log of accepted events, with one cursor per webhook, in SQLite. What a commit
 * has returned from survives a killed process and a pulled plug.
 *
 * @module
 */
import { type Cursor, CursorBook, type CursorDrafts } from "./cursor_book.ts";
import { type CursorOwner, planCursors } from "./cursors.ts";
import { type SetAside, setAsideDamaged, SpoolDatabase, toNumber } from "./database.ts";
import { SpoolDamagedError, SpoolError } from "./errors.ts";
import {
  insertEvents,
  readAt,
  readReplays,
  type ReadRequest,
  readUnfinished,
} from "./event_rows.ts";
import { readEndBytes, readTotals, writeMark, writeTotals } from "./marks.ts";
import { applyOutcome, dropMissing, insertAttempt, removeCursor } from "./outcomes.ts";
import { type Leftovers, rescue, rescueFile } from "./rescue.ts";
import type {
  CursorState,
  Gap,
  ReplayedEvent,
  SpoolBatch,
  SpooledEvent,
  SpoolTotals,
} from "./spool_types.ts";

/** What the spool needs and whom it tells. */
export interface SpoolOptions {
  readonly now: () => number;
  readonly newId: (nowMs: number) => string;
  /**
   * Called when the file was no good and is out of the way, with what is taken over into the new
   * one; `undefined` if it is not known any more who waited for what.
   */
  readonly onSetAside: (setAside: SetAside, leftovers: Leftovers | undefined) => void;
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
  #usedBytes: number;
  #isAtWork = false;
  /** Set while the file was moved away and there is no good new one yet. */
  #leftovers: Leftovers | undefined;
  /** Called when there is a new file, and some of what waited may not be in it. */
  onRenewed: () => void = () => {};

  private constructor(database: SpoolDatabase, options: SpoolOptions) {
    this.#database = database;
    this.#options = options;
    this.#book = CursorBook.load(database);
    this.#totals = readTotals(database);
    this.#endBytes = readEndBytes(database);
    this.#usedBytes = database.sizes().usedBytes;
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
      const leftovers = rescueFile(path);
      const setAside = setAsideDamaged(path, { reason: error.message, nowMs: options.now() });
      options.onSetAside(setAside, leftovers);
      const spool = Spool.#load(path, options);
      if (leftovers !== undefined) spool.#beginAnew(leftovers);
      return spool;
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

  /** Whether somebody has deleted the file, or put another one in its place. */
  get isGone(): boolean {
    return this.#database.isGone;
  }

  /** How much of the disk it used after the last change, about. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * Makes a batch durable, all of it or nothing.
   *
   * @throws {SpoolError} If that fails; then nothing of the batch is kept.
   */
  commit(batch: SpoolBatch): void {
    this.change("write to", (database, drafts) => {
      const { received, refused, lost } = this.#totals;
      const events = batch.events.map((event, index) => ({ ...event, seq: received + index + 1 }));
      const endBytes = insertEvents(database, events, this.#endBytes);
      for (const outcome of batch.outcomes) applyOutcome(outcome, { database, drafts });
      for (const attempt of batch.attempts) {
        insertAttempt(database, drafts.get(attempt.webhook), attempt);
      }
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
    return this.#guarded(() => {
      const finished = this.#book.get(webhook)?.finished;
      return this.read((database) => readUnfinished(database, finished, request));
    });
  }

  /** The events at these places. */
  eventsAt(seqs: readonly number[]): SpooledEvent[] {
    return this.read((database) => readAt(database, seqs));
  }

  /** The replays that wait for a webhook behind a place, oldest first. */
  readReplays(
    webhook: string,
    request: { readonly afterPlace: number; readonly limit: number },
  ): readonly ReplayedEvent[] {
    return this.#guarded(() => {
      const cursor = this.#book.get(webhook);
      if (cursor === undefined || cursor.waitingDead + cursor.waitingOthers === 0) return [];
      return this.read((database) => readReplays(database, cursor.number, request));
    });
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
        if (from !== owner.name) drafts.rename(from, owner.name);
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

  /** What a webhook did not get and was not told of yet. */
  gapOf(webhook: string): Gap | undefined {
    const cursor = this.#book.get(webhook);
    return cursor && describeGap(cursor);
  }

  /**
   * Writes the file once more, from what is still open.
   *
   * @returns What somebody had put in its place, and where that is now.
   * @throws {SpoolError} If that fails; then what is open stays open.
   */
  writeAgain(): SetAside | undefined {
    return this.#database.writeAgain(this.#options.now());
  }

  /** Whether a replay waits for a webhook. */
  isReplayWaiting(webhook: string, { place, seq }: Pick<ReplayedEvent, "place" | "seq">): boolean {
    return this.#guarded(() => {
      const cursor = this.#book.get(webhook);
      return cursor !== undefined && this.read((database) =>
            database.first(
              "SELECT 1 FROM replays WHERE place = ? AND cursor = ? AND seq = ?",
              place,
              cursor.number,
              seq,
            )
          ) !== undefined;
    });
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
        return { result, usedBytes: this.#database.sizes().usedBytes };
      });
      this.#book.adopt(drafts);
      this.#usedBytes = committed.usedBytes;
      committed.result?.();
    });
  }

  /**
   * Reads tables. That something cannot be read harms nobody who does not ask for it, so the file
   * stays in use.
   *
   * @throws {SpoolError} If that fails.
   */
  read<T>(work: (database: SpoolDatabase, book: CursorBook) => T): T {
    return this.#database.reading(() => work(this.#database, this.#book));
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #stateOf(cursor: Readonly<Cursor>): CursorState {
    const { finished, pause, failing } = cursor;
    const gap = describeGap(cursor);
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
    try {
      const row = this.read((database) =>
        database.first("SELECT received_ms FROM events WHERE seq = ?", seq)
      );
      return row === undefined ? undefined : toNumber(row, "received_ms");
    } catch (error) {
      if (!(error instanceof SpoolError)) throw error;
      // How many wait is known all the same, and the lane that needs it tells why it cannot.
      return undefined;
    }
  }

  /** Does the work; if the file turns out to be damaged, on a new one. */
  #guarded<T>(work: () => T): T {
    // What is read within a transaction is part of it.
    if (this.#isAtWork) return work();
    this.#isAtWork = true;
    try {
      // Tried again as long as there is no new file, for example because the disk is full.
      if (this.#leftovers !== undefined) this.#reopen(this.#leftovers);
      return work();
    } catch (error) {
      if (!(error instanceof SpoolDamagedError)) throw error;
      this.#reopen(this.#leftovers ?? this.#setAside(error));
      return work();
    } finally {
      this.#isAtWork = false;
    }
  }

  #setAside({ message: reason }: SpoolDamagedError): Leftovers {
    const { now, onSetAside } = this.#options;
    const leftovers = rescue(this.#database, { totals: this.#totals, book: this.#book });
    const setAside = this.#database.setAside({ reason, nowMs: now() });
    this.#leftovers = leftovers;
    onSetAside(setAside, leftovers);
    return leftovers;
  }

  #reopen(leftovers: Leftovers): void {
    this.#database.reopen();
    this.#beginAnew(leftovers);
    this.#leftovers = undefined;
    this.onRenewed();
  }

  /** Fills a new file. What waited and cannot be had any more counts as dropped, and is told of. */
  #beginAnew({ totals, book, waiting }: Leftovers): void {
    const { now, newId } = this.#options;
    const lastSeq = totals.received;
    const nowMs = now();
    const drafts = book.draft();
    for (const { webhook } of book.all()) {
      const cursor = drafts.edit(webhook);
      if (cursor !== undefined) dropMissing(cursor, { lastSeq, waiting, nowMs, id: newId(nowMs) });
    }
    this.#endBytes = this.#database.transaction("write to", () => {
      writeTotals(this.#database, totals);
      writeMark(this.#database, "last_cursor", book.lastNumber);
      writeMark(this.#database, "pruned_seq", (waiting[0]?.seq ?? lastSeq + 1) - 1);
      drafts.write(this.#database);
      return insertEvents(this.#database, waiting, 0);
    });
    book.adopt(drafts);
    this.#book = book;
    this.#totals = totals;
  }
}

/** What a webhook did not get and was not told of. */
function describeGap({ gap, dropped, gapTold }: Readonly<Cursor>): Gap | undefined {
  return gap && { ...gap, events: dropped - gapTold, upTo: dropped };
}
