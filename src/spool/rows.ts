/**
 * Rows as SQLite returns them.
 *
 * @module
 */
import { MalformedError } from "./errors.ts";

/** A row as SQLite returns it. */
export type Row = Readonly<Record<string, unknown>>;

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
