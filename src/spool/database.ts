/**
 * The spool's file: opening, migrating, setting aside, transactions.
 *
 * @module
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { MalformedError, SpoolDamagedError, SpoolError, toSpoolError } from "./errors.ts";
import { APPLICATION_ID, MIGRATIONS, SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/** A row as SQLite returns it. */
export type Row = Readonly<Record<string, unknown>>;

/** What can stand for a `?`. */
export type Parameter = string | number | null;

/** A file that was moved away because it was no good spool. */
export interface SetAside {
  readonly movedTo: string;
  readonly reason: string;
}

/** An open database. One process at a time can hold it. */
export class SpoolDatabase implements Disposable {
  readonly path: string;
  #database: DatabaseSync;
  #identity: string | undefined;
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
   * Moves the file away, with a name that says so. `reopen` begins with a new one.
   *
   * @throws {SpoolError} If that fails; then the file stays open.
   */
  setAside({ reason, nowMs }: { reason: string; nowMs: number }): SetAside {
    const setAside = setAsideDamaged(this.path, { reason, nowMs });
    // Not before: closing would delete the journal.
    this.#close();
    return setAside;
  }

  /** Opens the file again, if it is closed. @throws {SpoolError} If that fails. */
  reopen(): void {
    if (this.#database.isOpen) return;
    this.#database = openDatabase(this.path);
    this.#identity = identityOf(this.path);
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
   * @throws {SpoolError} If that fails; then what is open stays open.
   */
  writeAgain(nowMs: number): SetAside | undefined {
    const newPath = `${this.path}.new`;
    const reason = "somebody put it where the spool was";
    try {
      const folder = this.path.slice(0, this.path.lastIndexOf("/"));
      Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#copyTo(newPath);
      const setAside = exists(this.path)
        ? setAsideDamaged(this.path, { reason, nowMs })
        : undefined;
      // The journal of the file that is gone must not be taken for that of the new one.
      for (const journal of JOURNALS) removeIfThere(this.path + journal);
      Deno.renameSync(newPath, this.path);
      sync(folder);
      this.#close();
      this.reopen();
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
    this.#close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Leaves all of it there, or nothing. */
  #copyTo(path: string): void {
    // A daemon may have been killed while it wrote one.
    removeIfThere(path);
    try {
      this.#database.prepare("VACUUM INTO ?").run(path);
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

  #close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }
}

const PAGE_BYTES = 4096;
const JOURNALS = ["-wal", "-shm", "-journal"];

/**
 * Moves a damaged file away, with its journal.
 *
 * @throws {SpoolError} If that fails.
 */
export function setAsideDamaged(
  path: string,
  { reason, nowMs }: { reason: string; nowMs: number },
): SetAside {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, "");
  try {
    let movedTo = `${path}.damaged-${stamp}`;
    for (let count = 2; exists(movedTo); count++) movedTo = `${path}.damaged-${stamp}-${count}`;
    Deno.renameSync(path, movedTo);
    for (const journal of JOURNALS) {
      if (exists(path + journal)) Deno.renameSync(path + journal, movedTo + journal);
    }
    return { movedTo, reason };
  } catch (error) {
    throw toSpoolError("set aside", path, error);
  }
}

/** Tells a file from every other one; `undefined` if there is none. */
function identityOf(path: string): string | undefined {
  if (!exists(path)) return undefined;
  const { dev, ino } = Deno.statSync(path);
  return `${dev} ${ino}`;
}

function removeIfThere(path: string): void {
  if (exists(path)) Deno.removeSync(path);
}

/** Has what was written on the disk. */
function sync(path: string): void {
  using file = Deno.openSync(path);
  file.syncSync();
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    // What comes behind it changes the file, so it must be known whose it is.
    const version = readVersion(path, database);
    if (version === 0) {
      database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL`);
    }
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216");
    prepareSchema(database, version);
    return database;
  } catch (error) {
    database?.close();
    throw toSpoolError("open", path, whyNotOpened(path, error));
  }
}

/** SQLite does not say why a file cannot be opened; the file system does. */
function whyNotOpened(path: string, error: unknown): unknown {
  if (!(error instanceof Error && error.message.includes("unable to open"))) return error;
  try {
    if (exists(path) && Deno.statSync(path).isDirectory) {
      return new MalformedError("it is a folder");
    }
    Deno.openSync(path, { read: true, write: true, create: true }).close();
    return error;
  } catch (reason) {
    return reason;
  }
}

/** The version of the tables; 0 if there are none. */
function readVersion(path: string, database: DatabaseSync): number {
  const application = toNumber(database.prepare("PRAGMA application_id").get(), "application_id");
  const version = toNumber(database.prepare("PRAGMA user_version").get(), "user_version");
  const tables = toNumber(database.prepare("SELECT count(*) AS n FROM sqlite_schema").get(), "n");
  if (application === 0 && tables === 0) return 0;
  if (application !== APPLICATION_ID) {
    throw new SpoolDamagedError(
      `Cannot open the spool ${path}: the file is the database of another program`,
      "see what it is, and move it to where it belongs",
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new SpoolError(
      `Cannot open the spool ${path}: it has version ${version}, this program knows versions up ` +
        `to ${SCHEMA_VERSION}`,
      `a newer gluster-eventing made it: use that one, or begin anew: mv ${path} ${path}.newer`,
    );
  }
  if (version !== SCHEMA_VERSION && MIGRATIONS[version] === undefined) {
    throw new SpoolDamagedError(
      `Cannot open the spool ${path}: there is no version ${version}`,
      "see who wrote the file",
    );
  }
  return version;
}

function prepareSchema(database: DatabaseSync, version: number): void {
  if (version === 0) {
    change(database, SCHEMA);
    return;
  }
  const migration = MIGRATIONS[version];
  if (migration !== undefined) change(database, migration);
  checkSmallTables(database);
}

function change(database: DatabaseSync, sql: string): void {
  database.exec(`BEGIN IMMEDIATE; ${sql}
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${SCHEMA_VERSION};
    COMMIT`);
}

/** What the daemon cannot start without; to check the log too would take minutes. */
function checkSmallTables(database: DatabaseSync): void {
  for (const table of ["cursors", "totals"]) {
    const result = toText(database.prepare(`PRAGMA quick_check(${table})`).get(), "quick_check");
    if (result === "ok") continue;
    // The reason becomes one line of the log.
    throw new MalformedError(`the table ${table} is malformed: ${result.replaceAll("\n", " ")}`);
  }
}

/** The number in a column. @throws {MalformedError} If there is none. */
export function toNumber(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") throw new MalformedError(`the column ${column} holds no number`);
  return value;
}

/** The text in a column. @throws {MalformedError} If there is none. */
export function toText(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") throw new MalformedError(`the column ${column} holds no text`);
  return value;
}
