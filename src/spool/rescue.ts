/**
 * What can still be had of a damaged spool: where each webhook stands, and what waits for it.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { CursorBook, readCursors } from "./cursor_book.ts";
import type { SpoolDatabase } from "./database.ts";
import { EVENT_COLUMNS, readEvent } from "./event_rows.ts";
import { MalformedError } from "./errors.ts";
import { readMark, readTotals } from "./marks.ts";
import { APPLICATION_ID, SCHEMA_VERSION } from "./schema.ts";
import type { SpooledEvent, SpoolTotals } from "./spool_types.ts";

/** What a new file begins with. */
export interface Leftovers {
  readonly totals: SpoolTotals;
  readonly book: CursorBook;
  /** Events that wait for somebody, oldest first. */
  readonly waiting: readonly SpooledEvent[];
}

type RowReader = Pick<SpoolDatabase, "all" | "first">;

/** Only so much is looked at and taken over, the newest of it: nothing is received meanwhile. */
const MOST_PLACES = 50_000;
const MOST_EVENTS = 20_000;
const MOST_BYTES = 16 * 2 ** 20;
const PLACES_AT_ONCE = 128;

/** The leftovers of a spool whose cursors are known. */
export function rescue(
  database: RowReader,
  { totals, book }: Pick<Leftovers, "totals" | "book">,
): Leftovers {
  const ends = book.all().map(({ finished }) => finished.end);
  // The count may be older than the cursors, and no place is given away twice.
  const received = Math.max(totals.received, ...ends);
  return { book, totals: { ...totals, received }, waiting: readWaiting(database, book, received) };
}

/** The leftovers of a file that is not open; `undefined` if its cursors cannot be read. */
export function rescueFile(path: string): Leftovers | undefined {
  return orElse(undefined, () => {
    using database = new DatabaseSync(path);
    // Opened to be read only, SQLite would leave journals beside it.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA query_only = ON");
    const reader = readerOf(database);
    const [{ application_id: application } = {}] = reader.all("PRAGMA application_id");
    const [{ user_version: version } = {}] = reader.all("PRAGMA user_version");
    if (application !== APPLICATION_ID || version !== SCHEMA_VERSION) return undefined;
    return rescue(reader, { totals: readCounts(reader), book: readBook(reader) });
  });
}

function readBook(reader: RowReader): CursorBook {
  const cursors = readCursors(reader);
  const lastNumber = orElse(0, () => readMark(reader, "last_cursor"));
  return new CursorBook(cursors, Math.max(lastNumber, ...cursors.map(({ number }) => number)));
}

function readCounts(reader: RowReader): SpoolTotals {
  const totals = orElse({ received: 0, refused: 0, lost: 0 }, () => readTotals(reader));
  const row = orElse(undefined, () => reader.first("SELECT max(seq) AS seq FROM events"));
  const lastSeq = row?.["seq"];
  return typeof lastSeq === "number" && lastSeq > totals.received
    ? { ...totals, received: lastSeq }
    : totals;
}

/** What is damaged beyond reading is told by whoever sets the file aside. */
function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return otherwise;
  }
}

function readerOf(database: DatabaseSync): RowReader {
  return {
    all: (sql, ...parameters) => database.prepare(sql).all(...parameters),
    first: (sql, ...parameters) => database.prepare(sql).get(...parameters),
  };
}

function readWaiting(reader: RowReader, book: CursorBook, lastSeq: number): SpooledEvent[] {
  const finished = book.all().map((cursor) => cursor.finished);
  const doneByAll = Math.min(lastSeq, ...finished.map(({ doneSeq }) => doneSeq));
  const beforeFirst = Math.max(doneByAll, lastSeq - MOST_PLACES);
  const newestFirst: SpooledEvent[] = [];
  let bytes = 0;
  for (let end = lastSeq; end > beforeFirst; end -= PLACES_AT_ONCE) {
    const start = Math.max(beforeFirst, end - PLACES_AT_ONCE) + 1;
    for (const event of readRange(reader, start, end).toReversed()) {
      if (finished.every((ended) => ended.has(event.seq))) continue;
      bytes += event.payload.length;
      if (newestFirst.length === MOST_EVENTS || bytes > MOST_BYTES) return newestFirst.toReversed();
      newestFirst.push(event);
    }
  }
  return newestFirst.toReversed();
}

/** What can be read of these places: a bad page must not cost what is on the others. */
function readRange(reader: RowReader, from: number, to: number): SpooledEvent[] {
  try {
    return readSound(reader, from, to);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (from === to) return [];
    const middle = Math.floor((from + to) / 2);
    return [...readRange(reader, from, middle), ...readRange(reader, middle + 1, to)];
  }
}

function readSound(reader: RowReader, from: number, to: number): SpooledEvent[] {
  const events = reader.all(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq`,
    from,
    to,
  ).map(readEvent);
  for (const [index, { seq, payload }] of events.entries()) {
    if (seq < from || seq > to || seq <= (events[index - 1]?.seq ?? 0)) {
      throw new MalformedError("the log is out of order");
    }
    JSON.parse(payload);
  }
  return events;
}
