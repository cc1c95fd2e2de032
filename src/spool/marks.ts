/**
 * Single numbers that the spool remembers by name.
 *
 * @module
 */
import type { SpoolDatabase } from "./database.ts";
import { toNumber } from "./rows.ts";
import type { SpoolTotals } from "./spool_types.ts";

/**
 * What is remembered: counts since the spool was made, the last cursor's number, and how
 * far the housekeeping is.
 */
export type Mark =
  | "received"
  | "refused"
  | "lost"
  | "last_cursor"
  | "pruned_seq"
  | "pruned_bytes"
  | "pruned_ms"
  | "thinned_place";

/** The number; 0 if it was never written. */
export function readMark(database: Pick<SpoolDatabase, "first">, name: Mark): number {
  const row = database.first("SELECT value FROM totals WHERE name = ?", name);
  return row === undefined ? 0 : toNumber(row, "value");
}

/** Remembers a number, within a transaction. */
export function writeMark(database: SpoolDatabase, name: Mark, value: number): void {
  database.run("INSERT OR REPLACE INTO totals (name, value) VALUES (?, ?)", name, value);
}

/** The counts since the spool was made. */
export function readTotals(database: Pick<SpoolDatabase, "first">): SpoolTotals {
  return {
    received: readMark(database, "received"),
    refused: readMark(database, "refused"),
    lost: readMark(database, "lost"),
  };
}

/** Writes the counts, within a transaction. */
export function writeTotals(
  database: SpoolDatabase,
  { received, refused, lost }: SpoolTotals,
): void {
  writeMark(database, "received", received);
  writeMark(database, "refused", refused);
  writeMark(database, "lost", lost);
}

/** How much was logged since the spool was made. */
export function readEndBytes(database: SpoolDatabase): number {
  const row = database.first("SELECT end_bytes FROM events ORDER BY seq DESC LIMIT 1");
  const prunedBytes = readMark(database, "pruned_bytes");
  // The last row can be an old dead letter, kept where the log around it is gone.
  return row === undefined ? prunedBytes : Math.max(prunedBytes, toNumber(row, "end_bytes"));
}
