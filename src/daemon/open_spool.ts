/**
 * Opens the spool, and keeps what has to be told of its file.
 *
 * @module
 */
import { toSpoolError } from "../spool/errors.ts";
import { Spool } from "../spool/spool.ts";
import type { SetAside } from "../spool/spool_file.ts";
import type { Logger } from "./logger.ts";
import { logSetAside } from "./notices.ts";

/** The spool, and what became of files that were no good. */
export interface OpenedSpool {
  readonly spool: Spool;
  /** Grows when that turns out later. */
  readonly setAsides: readonly SetAside[];
  /** Why nobody knows any more what waited. */
  readonly unknownLosses: readonly string[];
}

/** What to open it with. */
export interface OpenSpoolDeps {
  readonly now: () => number;
  readonly newId: (nowMs: number) => string;
  readonly logger: Logger;
}

/**
 * Opens the spool in the state directory, which it makes if there is none.
 *
 * @throws {SpoolError} If that fails, for example because another process holds it.
 */
export async function openSpool(
  stateDir: string,
  { now, newId, logger }: OpenSpoolDeps,
): Promise<OpenedSpool> {
  const path = `${stateDir}/spool.db`;
  await makeStateDir(stateDir, path);
  const setAsides: SetAside[] = [];
  const unknownLosses: string[] = [];
  const spool = Spool.open(path, {
    now,
    newId,
    onEmpty: () => {
      unknownLosses.push("the spool was empty, which no daemon leaves");
      logger.log("WARNING", "the spool's file was empty, which no daemon leaves", { path });
    },
    onSetAside: (setAside, leftovers) => {
      if (leftovers === undefined) unknownLosses.push("the spool was set aside");
      logSetAside(logger, setAside, leftovers);
      setAsides.push(setAside);
    },
  });
  return { spool, setAsides, unknownLosses };
}

async function makeStateDir(stateDir: string, path: string): Promise<void> {
  try {
    await Deno.mkdir(stateDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toSpoolError("make the folder of", path, error);
  }
}
