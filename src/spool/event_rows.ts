/**
 * Events as rows of the log.
 *
 * @module
 */
import { type Row, type SpoolDatabase, toNumber, toText } from "./database.ts";
import { readMark } from "./marks.ts";
import type { SpooledEvent } from "./spool_types.ts";

/** An event from its row. */
export function readEvent(row: Row): SpooledEvent {
  return {
    seq: toNumber(row, "seq"),
    id: toText(row, "id"),
    receivedMs: toNumber(row, "received_ms"),
    event: toText(row, "event"),
    payload: toText(row, "payload"),
  };
}

/** Deletes an event that the history has lost already, unless something else needs it. */
export function forgetEventIfPruned(database: SpoolDatabase, seq: number): void {
  if (seq > readMark(database, "pruned_seq")) return;
  database.run(
    "DELETE FROM events WHERE seq = ? " +
      "AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE dead_letters.seq = events.seq) " +
      "AND NOT EXISTS (SELECT 1 FROM replays WHERE replays.seq = events.seq)",
    seq,
  );
}
