/**
 * The spool's database: statements, transactions, and its file when that is damaged or gone.
 *
 * @module
 */
import { backup, type DatabaseSync, type StatementSync } from "node:sqlite";
import { SpoolError, toSpoolError } from "./errors.ts";
import { openDatabase, PAGE_BYTES } from "./open_database.ts";
import { type Row, toNumber } from "./rows.ts";
import {
  exists,
  identityOf,
  JOURNALS,
  removeIfThere,
  type SetAside,
  setAsideDamaged,
  sync,
} from "./spool_file.ts";

/** What can stand for a `?`. */
export type Parameter = string | number | null;

const ALL_PAGES = 2 ** 31 - 1;

/** An open database. One process at a time can hold it. */
export class SpoolDatabase implements Disposable {
  readonly path: string;
  #database: DatabaseSync;
  #identity: string | undefined;
  #isDisposed = false;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(path: string, database: DatabaseSync) {
    this.path = path;
    this.#database = database;
    this.#identity = identityOf(path);
  }

  /**
   * Opens the file, makes it if there is none, brings an older one up to date.
   *
   * @throws {SpoolDamagedError} If it is damaged or belongs to another program.
   * @throws {SpoolError} If it cannot be opened, for example because another process holds it.
   */
  static open(path: string): SpoolDatabase {
    return new SpoolDatabase(path, openDatabase(path));
  }

  /** Whether there is a file with nothing in it: SQLite takes it for a new one. */
  static isEmptyFile(path: string): boolean {
    try {
      return Deno.statSync(path).size === 0;
    } catch {
      // What is wrong with it is told by opening it.
      return false;
    }
  }

  /**
   * Moves the file away, with a name that says so. It stays open until `close`, and then a new one
   * takes its place.
   *
   * @throws {SpoolError} If that fails.
   */
  setAside({ reason, nowMs }: { reason: string; nowMs: number }): SetAside {
    return setAsideDamaged(this.path, { reason, nowMs });
  }

  /** Closes the file; whoever needs it next has it opened again. */
  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  /** Whether somebody has deleted the file, or put another one in its place. */
  get isGone(): boolean {
    return this.#database.isOpen && identityOf(this.path) !== this.#identity;
  }

  /**
   * Writes the file once more, from what is still open, and goes on with that one. It takes the
   * place when it is complete; a file that is there is moved away.
   *
   * @returns What was moved away.
   * @throws {SpoolError} If that fails, or something was written meanwhile; then what is open stays open.
   */
  async writeAgain(nowMs: number): Promise<SetAside | undefined> {
    const newPath = `${this.path}.new`;
    const reason = "somebody put it where the spool was";
    try {
      const folder = this.path.slice(0, this.path.lastIndexOf("/"));
      Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
      await this.#copyTo(newPath);
      const setAside = exists(this.path)
        ? setAsideDamaged(this.path, { reason, nowMs })
        : undefined;
      // The journal of the file that is gone must not be taken for that of the new one.
      for (const journal of JOURNALS) removeIfThere(this.path + journal);
      Deno.renameSync(newPath, this.path);
      sync(folder);
      this.close();
      this.#reopen();
      return setAside;
    } catch (error) {
      throw toSpoolError("write again", this.path, error);
    }
  }

  /** All rows. */
  all(sql: string, ...parameters: readonly Parameter[]): Row[] {
    return this.#prepared(sql).all(...parameters);
  }

  /** The first row. */
  first(sql: string, ...parameters: readonly Parameter[]): Row | undefined {
    return this.#prepared(sql).get(...parameters);
  }

  /**
   * Runs a statement. Numbers are rounded: the tables hold whole ones only, and a fraction of a
   * millisecond must not keep a batch from being written.
   *
   * @returns How many rows it changed.
   */
  run(sql: string, ...parameters: readonly Parameter[]): number {
    const whole = parameters.map((value) => typeof value === "number" ? Math.round(value) : value);
    return Number(this.#prepared(sql).run(...whole).changes);
  }

  /**
   * Does all of the work or nothing of it.
   *
   * @throws {SpoolError} If it fails.
   */
  transaction<T>(action: string, work: () => T): T {
    try {
      this.#reopen();
      this.#database.exec("BEGIN IMMEDIATE");
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#rollBack();
      throw toSpoolError(action, this.path, error);
    }
  }

  /** Reads. @throws {SpoolError} If that fails. */
  reading<T>(work: () => T): T {
    try {
      this.#reopen();
      return work();
    } catch (error) {
      throw toSpoolError("read", this.path, error);
    }
  }

  /** How much of the file is in use, and how much of it is free again. */
  sizes(): { readonly usedBytes: number; readonly freeBytes: number } {
    const pages = toNumber(this.first("PRAGMA page_count"), "page_count");
    const free = toNumber(this.first("PRAGMA freelist_count"), "freelist_count");
    return { usedBytes: (pages - free) * PAGE_BYTES, freeBytes: free * PAGE_BYTES };
  }

  /** Gives free pages back to the file system. @returns Whether it could; an old file cannot. */
  shrink(pages: number): boolean {
    const { freeBytes } = this.sizes();
    // It frees a page whenever a row is asked for.
    this.all(`PRAGMA incremental_vacuum(${pages})`);
    return this.sizes().freeBytes < freeBytes;
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.close();
  }

  /** Opens the file again if it is closed, be it that this failed the last time. */
  #reopen(): void {
    if (this.#database.isOpen || this.#isDisposed) return;
    this.#database = openDatabase(this.path);
    this.#identity = identityOf(this.path);
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Leaves all of it there, or nothing. */
  async #copyTo(path: string): Promise<void> {
    // A daemon may have been killed while it wrote one.
    removeIfThere(path);
    try {
      const database = this.#database;
      const before = countChanges(database);
      // VACUUM INTO attaches a database, which Deno allows only a program that may do everything.
      await backup(database, path, { rate: ALL_PAGES });
      if (countChanges(database) !== before) {
        const message = `Cannot write again the spool ${this.path}: it was written to meanwhile`;
        throw new SpoolError(message, "nothing is lost, it is tried again");
      }
      sync(path);
    } catch (error) {
      removeIfThere(path);
      throw error;
    }
  }

  #rollBack(): void {
    // SQLite rolls some failures back by itself.
    if (!this.#database.isOpen || !this.#database.isTransaction) return;
    this.#database.exec("ROLLBACK");
  }
}

/** How many rows were changed since it was opened. */
function countChanges(database: DatabaseSync): number {
  return toNumber(database.prepare("SELECT total_changes() AS n").get(), "n");
}
