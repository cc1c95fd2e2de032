/**
 * What can be wrong with the spool.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";

/** The spool could not be opened, read or written. */
export class SpoolError extends HintedError {
  override readonly name: string = "SpoolError";
}

/** The file holds no spool, or a damaged one: what is in it cannot be relied on. */
export class SpoolDamagedError extends SpoolError {
  override readonly name = "SpoolDamagedError";
}

/** What was read is not what was written. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
}

// SQLite's result codes are not on all of its errors here, its texts are. No place is given away
// twice, so that one is taken already means that the file has lost what was written later.
const DAMAGE = new RegExp(
  "malformed|not a database|unsupported file format|no such (?:table|column)|has no column|" +
    "schema is corrupt|too large to be represented|blob too big|UNIQUE constraint failed",
);

/** An error of SQLite or the file system as one that says what to do about it. */
export function toSpoolError(action: string, path: string, error: unknown): SpoolError {
  if (error instanceof SpoolError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const ErrorType = DAMAGE.test(reason) || error instanceof MalformedError
    ? SpoolDamagedError
    : SpoolError;
  const message = `Cannot ${action} the spool ${path}: ${reason}`;
  return new ErrorType(message, hintFor(reason, path), { cause: error });
}

function hintFor(reason: string, path: string): string {
  if (/disk is full|os error 28/.test(reason)) return `free space on the file system of ${path}`;
  if (/locked|busy/.test(reason)) {
    return "another daemon uses it: give this one a --state-dir of its own, or stop the other";
  }
  if (/readonly|read-only|os error 30/i.test(reason)) {
    return `see why the file system of ${path} is read-only: dmesg; mount it writable again`;
  }
  if (/disk I\/O/.test(reason)) return `see what the disk of ${path} reports: dmesg`;
  return "run it as root, or name another folder with --state-dir";
}
