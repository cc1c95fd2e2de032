/**
 * From a file to a database with the tables of this version.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { MalformedError, SpoolDamagedError, SpoolError, toSpoolError } from "./errors.ts";
import { toNumber, toText } from "./rows.ts";
import { APPLICATION_ID, MIGRATIONS, SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { exists } from "./spool_file.ts";

/** The size of a page. */
export const PAGE_BYTES = 4096;

/**
 * Opens the file, makes it if there is none, brings an older one up to date.
 *
 * @throws {SpoolDamagedError} If it is damaged or belongs to another program.
 * @throws {SpoolError} If it cannot be opened, for example because another process holds it.
 */
export function openDatabase(path: string): DatabaseSync {
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
