/**
 * The spool's file together with what is known of it in memory, and how a damaged one is replaced.
 *
 * @module
 */
import { CursorBook, type CursorDrafts } from "./cursor_book.ts";
import { SpoolDatabase } from "./database.ts";
import { SpoolDamagedError } from "./errors.ts";
import { insertEvents } from "./event_rows.ts";
import { readEndBytes, readTotals, writeMark, writeTotals } from "./marks.ts";
import { dropMissing } from "./outcomes.ts";
import { type Leftovers, rescue, rescueFile } from "./rescue.ts";
import { type SetAside, setAsideDamaged } from "./spool_file.ts";
import type { SpoolTotals } from "./spool_types.ts";
import { Tail } from "./tail.ts";

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

/** How much there was, since the spool was made. */
export interface Logged {
  readonly totals: SpoolTotals;
  /** With what was forgotten. */
  readonly endBytes: number;
}

/** An open file. One process at a time can hold it. */
export class SpoolStore implements Disposable {
  readonly database: SpoolDatabase;
  readonly #options: SpoolOptions;
  #book: CursorBook;
  #logged: Logged;
  #usedBytes: number;
  #isAtWork = false;
  /** Set while the file was moved away and there is no good new one yet. */
  #leftovers: Leftovers | undefined;
  /** The newest events of this file. */
  readonly tail = new Tail();
  /** Called when there is a new file, and some of what waited may not be in it. */
  onRenewed: () => void = () => {};

  private constructor(database: SpoolDatabase, options: SpoolOptions) {
    this.database = database;
    this.#options = options;
    this.#book = CursorBook.load(database);
    this.#logged = { totals: readTotals(database), endBytes: readEndBytes(database) };
    this.#usedBytes = database.sizes().usedBytes;
  }

  /**
   * Opens the file, or makes one. A damaged one, or one of another program, is moved away first.
   *
   * @throws {SpoolError} If that fails, for example because another process holds it.
   */
  static open(path: string, options: SpoolOptions): SpoolStore {
    if (SpoolDatabase.isEmptyFile(path)) options.onEmpty?.();
    try {
      return SpoolStore.#load(path, options);
    } catch (error) {
      if (!(error instanceof SpoolDamagedError)) throw error;
      const leftovers = rescueFile(path);
      const setAside = setAsideDamaged(path, { reason: error.message, nowMs: options.now() });
      options.onSetAside(setAside, leftovers);
      const store = SpoolStore.#load(path, options);
      if (leftovers !== undefined) store.#beginAnew(leftovers);
      return store;
    }
  }

  static #load(path: string, options: SpoolOptions): SpoolStore {
    const database = SpoolDatabase.open(path);
    try {
      return database.reading(() => new SpoolStore(database, options));
    } catch (error) {
      database[Symbol.dispose]();
      throw error;
    }
  }

  get book(): CursorBook {
    return this.#book;
  }

  get logged(): Logged {
    return this.#logged;
  }

  /** How much of the disk it used after the last change, about. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * Changes tables and cursors together.
   *
   * @param work Returns how much there is then, if that changes.
   * @throws {SpoolError} If it cannot be written; then nothing changes.
   */
  change(
    action: string,
    work: (database: SpoolDatabase, drafts: CursorDrafts) => Logged | void,
  ): void {
    this.guarded(() => {
      const drafts = this.#book.draft();
      const { logged, usedBytes } = this.database.transaction(action, () => {
        const logged = work(this.database, drafts) ?? this.#logged;
        drafts.write(this.database);
        return { logged, usedBytes: this.database.sizes().usedBytes };
      });
      this.#book.adopt(drafts);
      this.#logged = logged;
      this.#usedBytes = usedBytes;
    });
  }

  /**
   * Reads tables. That something cannot be read harms nobody who does not ask for it, so the file
   * stays in use.
   *
   * @throws {SpoolError} If that fails.
   */
  read<T>(work: (database: SpoolDatabase, book: CursorBook) => T): T {
    return this.database.reading(() => work(this.database, this.#book));
  }

  [Symbol.dispose](): void {
    this.database[Symbol.dispose]();
  }

  /** Does the work; if the file turns out to be damaged, on a new one. */
  guarded<T>(work: () => T): T {
    // What is read within a transaction is part of it.
    if (this.#isAtWork) return work();
    this.#isAtWork = true;
    try {
      // Tried again as long as there is no new file, for example because the disk is full.
      if (this.#leftovers !== undefined) this.#renew(this.#leftovers);
      return work();
    } catch (error) {
      if (!(error instanceof SpoolDamagedError)) throw error;
      this.#renew(this.#leftovers ?? this.#setAside(error));
      return work();
    } finally {
      this.#isAtWork = false;
    }
  }

  #setAside({ message: reason }: SpoolDamagedError): Leftovers {
    const { now, onSetAside } = this.#options;
    const { totals } = this.#logged;
    const setAside = this.database.setAside({ reason, nowMs: now() });
    const leftovers = rescue(this.database, { totals, book: this.#book });
    this.#leftovers = leftovers;
    // Not before it is moved: closing would delete the journal.
    this.database.close();
    onSetAside(setAside, leftovers);
    return leftovers;
  }

  #renew(leftovers: Leftovers): void {
    this.tail.clear();
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
    const endBytes = this.database.transaction("write to", () => {
      writeTotals(this.database, totals);
      writeMark(this.database, "last_cursor", book.lastNumber);
      writeMark(this.database, "pruned_seq", (waiting[0]?.seq ?? lastSeq + 1) - 1);
      // What is missing, may be as young as this.
      writeMark(this.database, "pruned_ms", nowMs);
      drafts.write(this.database);
      return insertEvents(this.database, waiting, 0);
    });
    book.adopt(drafts);
    this.#book = book;
    this.#logged = { totals, endBytes };
  }
}
