/**
 * Where to begin reading the log.
 *
 * @module
 */
import type { SpoolDatabase } from "./database.ts";
import { readMark } from "./marks.ts";
import { toNumber } from "./rows.ts";
import type { Spool } from "./spool.ts";

/** Where the log begins by now. */
export interface LogEdge {
  /** All up to this place is forgotten, or might be; 0 if nothing ever was. */
  readonly prunedSeq: number;
  /** When the last of that was received, in milliseconds since 1970; 0 if that is not known. */
  readonly prunedMs: number;
  /** When the first event was received that is still there. */
  readonly firstMs?: number;
}

/** A look at as many rows that do not fit takes about a millisecond. */
const ROWS_AT_ONCE = 1000;

/** Looks where the log begins. @throws {SpoolError} If it cannot be read. */
export function readEdge(spool: Spool): LogEdge {
  return spool.read((database) => {
    const prunedSeq = readMark(database, "pruned_seq");
    const first = database.first(
      "SELECT received_ms FROM events WHERE seq > ? ORDER BY seq LIMIT 1",
      prunedSeq,
    );
    return {
      prunedSeq,
      prunedMs: readMark(database, "pruned_ms"),
      ...(first === undefined ? {} : { firstMs: toNumber(first, "received_ms") }),
    };
  });
}

/**
 * Looks step by step for the first event that was received at a time or later.
 *
 * @returns The place before it; that of the newest event, if there is none.
 * @throws {SpoolError} If the log cannot be read.
 */
export function* findStart(spool: Spool, sinceMs: number): Generator<undefined, number> {
  const { prunedSeq } = readEdge(spool);
  const { lastSeq } = spool;
  for (let seq = prunedSeq; seq < lastSeq; seq += ROWS_AT_ONCE) {
    const found = spool.read((database) => findWithin(database, seq, sinceMs));
    if (found !== undefined) return found - 1;
    yield;
  }
  return lastSeq;
}

function findWithin(database: SpoolDatabase, seq: number, sinceMs: number): number | undefined {
  const row = database.first(
    "SELECT seq FROM events WHERE seq > ? AND seq <= ? AND received_ms >= ? ORDER BY seq LIMIT 1",
    seq,
    seq + ROWS_AT_ONCE,
    sinceMs,
  );
  return row === undefined ? undefined : toNumber(row, "seq");
}
