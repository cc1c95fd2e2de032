/**
 * The SQL of the spool, and how to read what it returns.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The prepared statements by name. */
export type Statements = Readonly<Record<StatementName, StatementSync>>;

type StatementName =
  | "lastSeq"
  | "insertEvent"
  | "addTotal"
  | "finish"
  | "insertDeadLetter"
  | "readAfter"
  | "receivedAfter"
  | "readOwners"
  | "readCursors"
  | "addCursor"
  | "setUrl"
  | "renameCursor"
  | "renameDeadLetters"
  | "dropCursor"
  | "dropDeadLetters"
  | "readTotals"
  | "prune";
type Row = Readonly<Record<string, unknown>> | undefined;

/** Prepares all statements for a database that has the spool's tables. */
export function prepareAll(database: DatabaseSync): Statements {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    lastSeq: prepare(
      "SELECT coalesce(max(value), 0) AS seq FROM totals WHERE name = 'received'",
    ),
    insertEvent: prepare(
      "INSERT INTO events (seq, id, received_ms, event, payload) VALUES (?, ?, ?, ?, ?)",
    ),
    addTotal: prepare(
      "INSERT INTO totals (name, value) VALUES (?, ?) " +
        "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
    ),
    finish: prepare(
      "UPDATE cursors SET done_seq = ?, delivered = delivered + ?, dead = dead + ? " +
        "WHERE webhook = ? AND done_seq < ?",
    ),
    insertDeadLetter: prepare(
      "INSERT INTO dead_letters (webhook, seq, reason, given_up_ms) VALUES (?, ?, ?, ?)",
    ),
    readAfter: prepare(
      "SELECT seq, id, received_ms, event, payload FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
    ),
    receivedAfter: prepare(
      "SELECT received_ms FROM events WHERE seq > ? ORDER BY seq LIMIT 1",
    ),
    readOwners: prepare("SELECT webhook, url FROM cursors"),
    readCursors: prepare("SELECT webhook, start_seq, done_seq, delivered, dead FROM cursors"),
    addCursor: prepare(
      "INSERT INTO cursors (webhook, url, start_seq, done_seq) VALUES (?, ?, ?, ?)",
    ),
    setUrl: prepare("UPDATE cursors SET url = ? WHERE webhook = ?"),
    renameCursor: prepare("UPDATE cursors SET webhook = ? WHERE webhook = ?"),
    renameDeadLetters: prepare("UPDATE dead_letters SET webhook = ? WHERE webhook = ?"),
    dropCursor: prepare("DELETE FROM cursors WHERE webhook = ?"),
    dropDeadLetters: prepare("DELETE FROM dead_letters WHERE webhook = ?"),
    readTotals: prepare("SELECT name, value FROM totals"),
    // Bounded by one place in the log, since a condition on the time would read all of the history.
    prune: prepare(
      "DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE seq <= min(" +
        "(SELECT coalesce(min(done_seq), ?) FROM cursors), " +
        "coalesce((SELECT seq - 1 FROM events WHERE received_ms >= ? ORDER BY seq LIMIT 1), " +
        `${Number.MAX_SAFE_INTEGER})) ` +
        "AND seq NOT IN (SELECT seq FROM dead_letters) ORDER BY seq LIMIT ?)",
    ),
  };
}

/** The number in a column. @throws {TypeError} If there is none. */
export function readNumber(row: Row, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") throw new TypeError(`The spool's ${column} is no number`);
  return value;
}

/** The text in a column. @throws {TypeError} If there is none. */
export function readText(row: Row, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") throw new TypeError(`The spool's ${column} is no text`);
  return value;
}
