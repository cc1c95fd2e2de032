/**
 * Events as rows of the log.
 *
 * @module
 */
import type { SpoolDatabase } from "./database.ts";
import { type Row, toNumber, toText } from "./rows.ts";
import { MalformedError } from "./errors.ts";
import type { Finished } from "./finished.ts";
import { readMark } from "./marks.ts";
import { ROW_BYTES } from "./schema.ts";
import type { ReplayedEvent, SpooledEvent } from "./spool_types.ts";

/** Where to go on reading, and how much. */
export interface ReadRequest {
  readonly afterSeq: number;
  readonly limit: number;
  /** Reading ends once it has so much, or a little more. */
  readonly maxBytes: number;
}

// A row can hold 64 KiB.
const ROWS_AT_ONCE = 32;

/** The columns that `readEvent` reads. */
export const EVENT_COLUMNS = "seq, id, received_ms, event, payload";

/** True of an event that neither a dead letter nor a replay needs. */
export const IS_UNNEEDED =
  "NOT EXISTS (SELECT 1 FROM dead_letters WHERE dead_letters.seq = events.seq) " +
  "AND NOT EXISTS (SELECT 1 FROM replays WHERE replays.seq = events.seq)";

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

/**
 * Adds events to the log.
 *
 * @param endBytes How much was logged before.
 * @returns How much is logged then.
 */
export function insertEvents(
  database: SpoolDatabase,
  events: readonly SpooledEvent[],
  endBytes: number,
): number {
  for (const { seq, id, receivedMs, event, payload } of events) {
    endBytes += payload.length + ROW_BYTES;
    database.run(
      "INSERT INTO events (seq, id, received_ms, event, payload, end_bytes) " +
        "VALUES (?, ?, ?, ?, ?, ?)",
      seq,
      id,
      receivedMs,
      event,
      payload,
      endBytes,
    );
  }
  return endBytes;
}

/** Deletes an event that the history has lost already, unless something else needs it. */
export function forgetEventIfPruned(database: SpoolDatabase, seq: number): void {
  if (seq > readMark(database, "pruned_seq")) return;
  database.run(
    "DELETE FROM events WHERE seq = ? " +
      `AND ${IS_UNNEEDED}`,
    seq,
  );
}

/** Reads events in the order of the log. */
export type ReadBehind = (seq: number, limit: number) => readonly SpooledEvent[];

/** Reads the log on the disk. */
export function readBehind(database: SpoolDatabase, seq: number, limit: number): SpooledEvent[] {
  return database.all(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`,
    seq,
    limit,
  ).map(readEvent);
}

/** The events behind a place that are not finished, oldest first, and how far was read. */
export function readUnfinished(
  read: ReadBehind,
  finished: Finished | undefined,
  { afterSeq, limit, maxBytes }: ReadRequest,
): { readonly events: readonly SpooledEvent[]; readonly readTo: number } {
  const events: SpooledEvent[] = [];
  let readTo = afterSeq;
  let bytes = 0;
  while (events.length < limit && bytes < maxBytes) {
    // Beyond an event that waits for long there can be many that are done.
    readTo = finished?.doneBehind(readTo) ?? readTo;
    const asked = Math.min(limit - events.length, ROWS_AT_ONCE);
    const found = read(readTo, asked);
    for (const event of found) {
      // Reading on from there would never end.
      if (event.seq <= readTo) throw new MalformedError("the log is out of order");
      readTo = event.seq;
      if (finished?.has(event.seq) === true) continue;
      events.push(event);
      bytes += event.payload.length;
    }
    if (found.length < asked) break;
  }
  return { events, readTo };
}

/** The events at these places. */
export function readAt(database: SpoolDatabase, seqs: readonly number[]): SpooledEvent[] {
  return seqs.flatMap((seq) =>
    database.all(`SELECT ${EVENT_COLUMNS} FROM events WHERE seq = ?`, seq)
  ).map(readEvent);
}

/** The replays that wait for a webhook behind a place, oldest first. */
export function readReplays(
  database: SpoolDatabase,
  cursor: number,
  { afterPlace, limit }: { readonly afterPlace: number; readonly limit: number },
): ReplayedEvent[] {
  return database.all(
    `SELECT place, ${EVENT_COLUMNS} FROM replays JOIN events USING (seq) ` +
      "WHERE cursor = ? AND place > ? ORDER BY place LIMIT ?",
    cursor,
    afterPlace,
    limit,
  ).map((row) => ({ ...readEvent(row), place: toNumber(row, "place") }));
}

/** Whether a replay waits. */
export function hasReplay(
  database: SpoolDatabase,
  cursor: number,
  { place, seq }: { readonly place: number; readonly seq: number },
): boolean {
  return database.first(
    "SELECT 1 FROM replays WHERE place = ? AND cursor = ? AND seq = ?",
    place,
    cursor,
    seq,
  ) !== undefined;
}
