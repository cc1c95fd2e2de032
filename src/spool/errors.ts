/**
 * What can be wrong with the spool.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";

/** The spool could not be opened, read or written. */
export class SpoolError extends HintedError {
  override readonly name = "SpoolError";
}

/** An error of SQLite or the file system as one that says what to do about it. */
export function toSpoolError(action: string, path: string, error: unknown): SpoolError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SpoolError(`Cannot ${action} the spool ${path}: ${reason}`, hintFor(reason, path), {
    cause: error,
  });
}

function hintFor(reason: string, path: string): string {
  if (/disk is full|os error 28/.test(reason)) return `free space on the file system of ${path}`;
  if (/locked|busy/.test(reason)) {
    return "another daemon uses it: give this one a --state-dir of its own, or stop the other";
  }
  if (/not a database|malformed/.test(reason)) {
    return `the file is damaged or belongs to another program: move it away: mv ${path} ${path}.bad`;
  }
  return "run it as root, or name another folder with --state-dir";
}
