/**
 * Single numbers that the spool remembers by name.
 *
 * @module
 */
import { type SpoolDatabase, toNumber } from "./database.ts";

/** What is remembered: counts since the spool was made, and how far the housekeeping is. */
export type Mark =
  | "received"
  | "refused"
  | "lost"
  | "pruned_seq"
  | "pruned_bytes"
  | "thinned_place";

/** The number; 0 if it was never written. */
export function readMark(database: SpoolDatabase, name: Mark): number {
  const row = database.first("SELECT value FROM totals WHERE name = ?", name);
  return row === undefined ? 0 : toNumber(row, "value");
}

/** Remembers a number, within a transaction. */
export function writeMark(database: SpoolDatabase, name: Mark, value: number): void {
  database.run("INSERT OR REPLACE INTO totals (name, value) VALUES (?, ?)", name, value);
}
