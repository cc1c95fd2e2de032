/**
 * The node's durable log of accepted events, with one cursor per webhook, in SQLite. What a commit
 * has returned from survives a killed process and a pulled plug.
 *
 * @module
 */
import type { Cursor, CursorBook } from "./cursor_book.ts";
import { type CursorOwner, fingerprintUrl, planCursors } from "./cursors.ts";
import type { SpoolDatabase } from "./database.ts";
import { SpoolError } from "./errors.ts";
import {
  hasReplay,
  insertEvents,
  readAt,
  readBehind,
  readReplays,
  type ReadRequest,
  readUnfinished,
} from "./event_rows.ts";
import { writeTotals } from "./marks.ts";
import { applyOutcome, insertAttempt, removeCursor } from "./outcomes.ts";
import { toNumber } from "./rows.ts";
import type { SetAside } from "./spool_file.ts";
import { type SpoolOptions, SpoolStore } from "./spool_store.ts";
import type {
  CursorState,
  Gap,
  ReplayedEvent,
  SpoolBatch,
  SpooledEvent,
  SpoolTotals,
} from "./spool_types.ts";

/** The spool's file, open. One process at a time can hold it. */
export class Spool implements Disposable {
  readonly #store: SpoolStore;
  readonly #now: () => number;

  private constructor(store: SpoolStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Opens the spool, or makes one. A damaged file, or one of another program, is moved away first.
   *
   * @throws {SpoolError} If that fails, for example because another process holds it.
   */
  static open(path: string, options: SpoolOptions): Spool {
    return new Spool(SpoolStore.open(path, options), options.now);
  }

  /** Called when there is a new file, and some of what waited may not be in it. */
  set onRenewed(onRenewed: () => void) {
    this.#store.onRenewed = onRenewed;
  }

  get path(): string {
    return this.#store.database.path;
  }

  /** The place of the newest event, which is also how many there were; 0 if there never was one. */
  get lastSeq(): number {
    return this.totals.received;
  }

  /** What came in since the spool was made. */
  get totals(): SpoolTotals {
    return this.#store.logged.totals;
  }

  /** Whether somebody has deleted the file, or put another one in its place. */
  get isGone(): boolean {
    return this.#store.database.isGone;
  }

  /** How much of the disk it used after the last change, about. */
  get usedBytes(): number {
    return this.#store.usedBytes;
  }

  /**
   * Makes a batch durable, all of it or nothing.
   *
   * @throws {SpoolError} If that fails; then nothing of the batch is kept.
   */
  commit(batch: SpoolBatch): void {
    let events: readonly SpooledEvent[] = [];
    this.change("write to", (database, drafts) => {
      const { received, refused, lost } = this.totals;
      events = batch.events.map((event, index) => ({ ...event, seq: received + index + 1 }));
      const endBytes = insertEvents(database, events, this.#store.logged.endBytes);
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
      return { totals, endBytes };
    });
    this.#store.tail.push(events);
  }

  /**
   * The events behind a place that a webhook is not done with, oldest first, and up to which place
   * that was looked for.
   */
  readWaiting(
    webhook: string,
    request: ReadRequest,
  ): { readonly events: readonly SpooledEvent[]; readonly readTo: number } {
    return this.#store.guarded(() => {
      const finished = this.#store.book.get(webhook)?.finished;
      return this.read((database) => {
        const read = (seq: number, limit: number) =>
          this.#store.tail.behind(seq, limit) ?? readBehind(database, seq, limit);
        return readUnfinished(read, finished, request);
      });
    });
  }

  /** The log behind a place, oldest first: what is forgotten is missing. @throws {SpoolError} */
  readLog(afterSeq: number, limit: number): readonly SpooledEvent[] {
    return this.#store.tail.behind(afterSeq, limit) ??
      this.read((database) => readBehind(database, afterSeq, limit));
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
    return this.#store.guarded(() => {
      const cursor = this.#store.book.get(webhook);
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
    const owners = wanted.map(({ name, url }) => ({ name, url: fingerprintUrl(url) }));
    const { keep, add, drop } = planCursors(this.owners(), owners);
    const gone = keepGone ? [] : drop;
    const dropped = this.cursors().filter(({ webhook }) => gone.includes(webhook));
    this.change("write to", (database, drafts) => {
      for (const name of gone) removeCursor({ database, drafts }, name);
      for (const { from, owner } of keep) {
        if (from !== owner.name) drafts.rename(from, owner.name);
      }
      for (const { from, owner } of keep) {
        if (from === owner.name && this.#store.book.get(from)?.url === owner.url) continue;
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

  /** The webhooks that have cursors, with the fingerprints of their URLs. */
  owners(): CursorOwner[] {
    return this.#store.book.all().map(({ webhook, url }) => ({ name: webhook, url }));
  }

  /** Where each webhook stands. */
  cursors(): CursorState[] {
    return this.#store.book.all().map((cursor) => this.#stateOf(cursor));
  }

  /** Where a webhook stands. */
  cursor(webhook: string): CursorState | undefined {
    const cursor = this.#store.book.get(webhook);
    return cursor === undefined ? undefined : this.#stateOf(cursor);
  }

  /** How many dead letters are kept of a webhook; `undefined` if that is not known. */
  deadLettersOf(webhook: string): number | undefined {
    const letters = this.#store.book.get(webhook)?.letters ?? NaN;
    return Number.isNaN(letters) ? undefined : letters;
  }

  /** What a webhook did not get and was not told of yet. */
  gapOf(webhook: string): Gap | undefined {
    const cursor = this.#store.book.get(webhook);
    return cursor && describeGap(cursor);
  }

  /**
   * Writes the file once more, from what is still open.
   *
   * @returns What somebody had put in its place, and where that is now.
   * @throws {SpoolError} If that fails; then what is open stays open.
   */
  async writeAgain(): Promise<SetAside | undefined> {
    return await this.#store.database.writeAgain(this.#now());
  }

  /** Whether a replay waits for a webhook, as far as that can be read. */
  isReplayWaiting(webhook: string, { place, seq }: Pick<ReplayedEvent, "place" | "seq">): boolean {
    try {
      return this.#store.guarded(() => {
        const cursor = this.#store.book.get(webhook);
        return cursor !== undefined &&
          this.read((database) => hasReplay(database, cursor.number, { place, seq }));
      });
    } catch (error) {
      if (!(error instanceof SpoolError)) throw error;
      // It is not known to be gone; who reads on tells what is wrong.
      return true;
    }
  }

  /** Whether an event waits for a webhook in its turn. */
  isWaiting(webhook: string, seq: number): boolean {
    const cursor = this.#store.book.get(webhook);
    return cursor !== undefined && seq > cursor.startSeq && !cursor.finished.has(seq);
  }

  /**
   * Changes tables and cursors together.
   *
   * @throws {SpoolError} If it cannot be written; then nothing changes.
   */
  change(action: string, work: Parameters<SpoolStore["change"]>[1]): void {
    this.#store.change(action, work);
  }

  /**
   * Reads tables. That something cannot be read harms nobody who does not ask for it, so the file
   * stays in use.
   *
   * @throws {SpoolError} If that fails.
   */
  read<T>(work: (database: SpoolDatabase, book: CursorBook) => T): T {
    return this.#store.read(work);
  }

  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]();
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
      filtered: cursor.filtered,
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
}

/** What a webhook did not get and was not told of. */
function describeGap({ gap, dropped, gapTold }: Readonly<Cursor>): Gap | undefined {
  return gap && { ...gap, events: dropped - gapTold, upTo: dropped };
}
