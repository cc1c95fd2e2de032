/**
 * The spool's file as a file: where it is, which one it is, and out of the way.
 *
 * @module
 */
import { toSpoolError } from "./errors.ts";

/** A file that was moved away because it was no good spool. */
export interface SetAside {
  readonly movedTo: string;
  readonly reason: string;
}

/** What SQLite keeps beside a file. */
export const JOURNALS = ["-wal", "-shm", "-journal"];

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
export function identityOf(path: string): string | undefined {
  if (!exists(path)) return undefined;
  const { dev, ino } = Deno.statSync(path);
  return `${dev} ${ino}`;
}

export function removeIfThere(path: string): void {
  if (exists(path)) Deno.removeSync(path);
}

/** Has what was written on the disk. */
export function sync(path: string): void {
  using file = Deno.openSync(path);
  file.syncSync();
}

export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
