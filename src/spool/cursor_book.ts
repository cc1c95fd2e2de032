/**
 * The cursors in memory, and how changes of them reach the disk: first there, then here.
 *
 * @module
 */
import { fingerprintUrl } from "./cursors.ts";
import type { SpoolDatabase } from "./database.ts";
import { type Row, toNumber, toText } from "./rows.ts";
import { Finished } from "./finished.ts";
import { readMark, writeMark } from "./marks.ts";
import type { Failing, Gap, GapReason, Pause } from "./spool_types.ts";

/** Where a webhook stands, in a form that can be changed. */
export interface Cursor {
  /** Never that of another one, also of one that is gone. */
  readonly number: number;
  webhook: string;
  url: string;
  readonly startSeq: number;
  finished: Finished;
  delivered: number;
  dead: number;
  dropped: number;
  filtered: number;
  replayed: number;
  /** Replays that wait: of dead letters, which matched, and of others. */
  waitingDead: number;
  waitingOthers: number;
  /** How many dead letters are kept; `NaN` if they could not be counted. */
  letters: number;
  pause: Pause | undefined;
  failing: Failing | undefined;
  /** Of how many of the dropped events the webhook was told. */
  gapTold: number;
  /** Set while there are others. */
  gap: Omit<Gap, "events" | "upTo"> | undefined;
}

/** All cursors by webhook. */
export class CursorBook {
  #cursors = new Map<string, Cursor>();
  #lastNumber: number;

  /** @param lastNumber The last number that was given to a cursor. */
  constructor(cursors: readonly Cursor[], lastNumber: number) {
    for (const cursor of cursors) this.#cursors.set(cursor.webhook, cursor);
    this.#lastNumber = lastNumber;
  }

  /** Reads them from the disk. */
  static load(database: SpoolDatabase): CursorBook {
    const cursors = readCursors(database);
    const waiting = database.all(
      "SELECT cursor, counted, count(*) AS n FROM replays GROUP BY cursor, counted",
    );
    for (const row of waiting) {
      const cursor = cursors.find(({ number }) => number === toNumber(row, "cursor"));
      if (cursor === undefined) continue;
      if (toNumber(row, "counted") === 1) cursor.waitingDead = toNumber(row, "n");
      else cursor.waitingOthers = toNumber(row, "n");
    }
    countLetters(database, cursors);
    return new CursorBook(cursors, readMark(database, "last_cursor"));
  }

  /** The last number that was given to a cursor. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** A webhook's cursor, not to be changed. */
  get(webhook: string): Readonly<Cursor> | undefined {
    return this.#cursors.get(webhook);
  }

  /** All of them, not to be changed. */
  all(): readonly Readonly<Cursor>[] {
    return [...this.#cursors.values()];
  }

  /** Begins changes that hold for all or for none. */
  draft(): CursorDrafts {
    return new CursorDrafts(this);
  }

  /** Takes over what was written. */
  adopt(drafts: CursorDrafts): void {
    for (const name of drafts.removed) this.#cursors.delete(name);
    for (const cursor of drafts.changed) this.#cursors.set(cursor.webhook, cursor);
    this.#lastNumber = drafts.lastNumber;
  }
}

/** Changed copies of cursors, until they are written. */
export class CursorDrafts {
  readonly #book: CursorBook;
  readonly #changed = new Map<string, Cursor>();
  readonly #removed = new Set<string>();
  #lastNumber: number;

  constructor(book: CursorBook) {
    this.#book = book;
    this.#lastNumber = book.lastNumber;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  get changed(): Iterable<Cursor> {
    return this.#changed.values();
  }

  get removed(): ReadonlySet<string> {
    return this.#removed;
  }

  /** The cursor of a webhook as it will be, not to be changed. */
  get(webhook: string): Readonly<Cursor> | undefined {
    const isRemoved = this.#removed.has(webhook);
    return this.#changed.get(webhook) ?? (isRemoved ? undefined : this.#book.get(webhook));
  }

  /** The cursor of a webhook, to be changed. */
  edit(webhook: string): Cursor | undefined {
    const known = this.#changed.get(webhook);
    if (known !== undefined) return known;
    const cursor = this.#book.get(webhook);
    if (cursor === undefined) return undefined;
    const copy = { ...cursor, finished: cursor.finished.copy() };
    this.#changed.set(webhook, copy);
    return copy;
  }

  /** Adds a webhook that begins behind a place. */
  add({ webhook, url, startSeq }: { webhook: string; url: string; startSeq: number }): Cursor {
    const cursor: Cursor = {
      number: ++this.#lastNumber,
      webhook,
      url,
      startSeq,
      finished: new Finished(startSeq),
      delivered: 0,
      dead: 0,
      dropped: 0,
      filtered: 0,
      replayed: 0,
      waitingDead: 0,
      waitingOthers: 0,
      letters: 0,
      pause: undefined,
      failing: undefined,
      gapTold: 0,
      gap: undefined,
    };
    this.#changed.set(webhook, cursor);
    return cursor;
  }

  /** Gives a cursor another name. */
  rename(from: string, to: string): void {
    const cursor = this.edit(from);
    if (cursor === undefined) return;
    this.remove(from);
    cursor.webhook = to;
    this.#changed.set(to, cursor);
  }

  remove(webhook: string): void {
    this.#changed.delete(webhook);
    this.#removed.add(webhook);
  }

  /** Writes all changes. */
  write(database: SpoolDatabase): void {
    for (const name of this.#removed) database.run("DELETE FROM cursors WHERE webhook = ?", name);
    for (const cursor of this.#changed.values()) writeCursor(database, cursor);
    if (this.#lastNumber === this.#book.lastNumber) return;
    writeMark(database, "last_cursor", this.#lastNumber);
  }
}

/**
 * Reads them without the replays that wait and the dead letters.
 *
 * @throws {MalformedError} If one makes no sense.
 */
export function readCursors(database: Pick<SpoolDatabase, "all">): Cursor[] {
  return database.all("SELECT * FROM cursors").map(readCursor);
}

/** Damage of this table is found by whoever changes it: until then all else works. */
function countLetters(database: Pick<SpoolDatabase, "all">, cursors: readonly Cursor[]): void {
  const sql = "SELECT cursor, count(*) AS n FROM dead_letters GROUP BY cursor";
  try {
    const counts = new Map(
      database.all(sql).map((row) => [toNumber(row, "cursor"), toNumber(row, "n")]),
    );
    for (const cursor of cursors) cursor.letters = counts.get(cursor.number) ?? 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    for (const cursor of cursors) cursor.letters = NaN;
  }
}

function writeCursor(database: SpoolDatabase, cursor: Cursor): void {
  const { finished, pause, failing, gap } = cursor;
  database.run(
    "INSERT OR REPLACE INTO cursors (number, webhook, url, start_seq, done_seq, done_beyond, " +
      "delivered, dead, dropped, filtered, replayed, paused_ms, pause_reason, failing_since_ms, " +
      "failing_for_ms, failing_attempts, failing_reason, wait_until_ms, wait_ms, gap_id, " +
      "gap_told, gap_reason, gap_from_ms, gap_to_ms) " +
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    cursor.number,
    cursor.webhook,
    cursor.url,
    cursor.startSeq,
    finished.doneSeq,
    finished.toText(),
    cursor.delivered,
    cursor.dead,
    cursor.dropped,
    cursor.filtered,
    cursor.replayed,
    pause?.sinceMs ?? null,
    pause?.reason ?? null,
    failing?.sinceMs ?? null,
    failing?.forMs ?? 0,
    failing?.attempts ?? 0,
    failing?.reason ?? null,
    failing?.waitUntilMs ?? 0,
    failing?.waitMs ?? 0,
    gap?.id ?? null,
    cursor.gapTold,
    gap?.reason ?? null,
    gap?.fromMs ?? 0,
    gap?.toMs ?? 0,
  );
}

function readCursor(row: Row): Cursor {
  const { gap_id: gapId, pause_reason: reason, failing_reason: failingReason } = row;
  return {
    number: toNumber(row, "number"),
    webhook: toText(row, "webhook"),
    // Versions before this one kept the URL itself.
    url: fingerprintUrl(toText(row, "url")),
    startSeq: toNumber(row, "start_seq"),
    finished: Finished.read(toNumber(row, "done_seq"), toText(row, "done_beyond")),
    delivered: toNumber(row, "delivered"),
    dead: toNumber(row, "dead"),
    dropped: toNumber(row, "dropped"),
    filtered: toNumber(row, "filtered"),
    replayed: toNumber(row, "replayed"),
    waitingDead: 0,
    waitingOthers: 0,
    letters: 0,
    pause: typeof reason === "string" ? { reason, sinceMs: toNumber(row, "paused_ms") } : undefined,
    failing: typeof failingReason !== "string" ? undefined : {
      sinceMs: toNumber(row, "failing_since_ms"),
      forMs: toNumber(row, "failing_for_ms"),
      attempts: toNumber(row, "failing_attempts"),
      reason: failingReason,
      waitUntilMs: toNumber(row, "wait_until_ms"),
      waitMs: toNumber(row, "wait_ms"),
    },
    gapTold: toNumber(row, "gap_told"),
    gap: typeof gapId !== "string" ? undefined : {
      id: gapId,
      reason: toText(row, "gap_reason") as GapReason,
      fromMs: toNumber(row, "gap_from_ms"),
      toMs: toNumber(row, "gap_to_ms"),
    },
  };
}
