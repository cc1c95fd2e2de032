/**
 * Looking back: which events came in, what was tried, what was given up. Long searches go step by
 * step, so that the intake goes on in between.
 *
 * @module
 */
import { type Row, toNumber, toText } from "./rows.ts";
import { EVENT_COLUMNS, readEvent } from "./event_rows.ts";
import type { Spool } from "./spool.ts";
import type { Attempt, SpooledEvent } from "./spool_types.ts";

/** Which rows are looked for; all that is given must fit. */
export interface Search {
  /** The ids of events. */
  readonly ids?: readonly string[];
  /** By the name of the event. */
  readonly isWanted: (event: string) => boolean;
  /** Not before, in milliseconds since 1970. */
  readonly sinceMs?: number;
  /** Before, in milliseconds since 1970. */
  readonly untilMs?: number;
}

/** Which attempts are looked for. */
export interface AttemptSearch extends Search {
  readonly webhook?: string;
  /** Only those that did not deliver. */
  readonly isFailed: boolean;
}

/** An event that was given up on. */
export interface DeadLetter {
  readonly webhook: string;
  readonly event: SpooledEvent;
  readonly reason: string;
  readonly givenUpMs: number;
}

// A row can hold 64 KiB: all rows of a step are in memory, and nothing else happens meanwhile.
const ROWS_AT_ONCE = 64;
const EVER = Number.MAX_SAFE_INTEGER;

/** The events that are looked for, newest first, a list for each step. */
export function* searchEvents(spool: Spool, search: Search): Generator<SpooledEvent[]> {
  if (search.ids !== undefined) {
    yield findEvents(spool, search.ids).filter((event) => fits(search, event)).toReversed();
    return;
  }
  const { sinceMs = -EVER, untilMs = EVER } = search;
  let end = spool.lastSeq;
  while (true) {
    // Bounded by places, so that a step is short however few rows fit.
    const first = spool.read((database) =>
      database.first(
        "SELECT min(seq) AS seq FROM (SELECT seq FROM events WHERE seq <= ? " +
          "ORDER BY seq DESC LIMIT ?)",
        end,
        ROWS_AT_ONCE,
      )
    );
    const start = first?.["seq"];
    if (typeof start !== "number") return;
    const rows = spool.read((database) =>
      database.all(
        `SELECT ${EVENT_COLUMNS} FROM events ` +
          "WHERE seq BETWEEN ? AND ? AND received_ms >= ? AND received_ms < ? ORDER BY seq DESC",
        start,
        end,
        sinceMs,
        untilMs,
      )
    );
    yield rows.map(readEvent).filter(({ event }) => search.isWanted(event));
    end = start - 1;
  }
}

/** The events with these ids, in the order of the log. */
export function findEvents(spool: Spool, ids: readonly string[]): SpooledEvent[] {
  return spool.read((database) =>
    [...new Set(ids)].flatMap((id) =>
      database.all(`SELECT ${EVENT_COLUMNS} FROM events WHERE id = ?`, id)
    )
  ).map(readEvent).sort((a, b) => a.seq - b.seq);
}

/** The attempts that are looked for, newest first, a list for each step. */
export function* searchAttempts(spool: Spool, search: AttemptSearch): Generator<Attempt[]> {
  let end = EVER;
  while (true) {
    const rows = spool.read((database) =>
      database.all(
        "SELECT attempts.*, coalesce(cursors.webhook, attempts.webhook) AS name " +
          "FROM attempts LEFT JOIN cursors ON cursors.number = attempts.cursor " +
          "WHERE place < ? ORDER BY place DESC LIMIT ?",
        end,
        ROWS_AT_ONCE,
      )
    );
    if (rows.length === 0) return;
    end = toNumber(rows.at(-1), "place");
    yield rows.map(readAttempt).filter((attempt) => fitsAttempt(search, attempt));
  }
}

/** The dead letters that are looked for, the last given up first, a list for each step. */
export function* searchDeadLetters(
  spool: Spool,
  { webhook, ...search }: Search & { readonly webhook?: string },
): Generator<DeadLetter[]> {
  let end: readonly [number, number, number] = [EVER, EVER, EVER];
  while (true) {
    const rows = spool.read((database) =>
      database.all(
        `SELECT cursor, webhook, reason, given_up_ms, ${EVENT_COLUMNS} ` +
          "FROM dead_letters JOIN events USING (seq) JOIN cursors ON number = cursor " +
          "WHERE (given_up_ms, seq, cursor) < (?, ?, ?) " +
          "ORDER BY given_up_ms DESC, seq DESC, cursor DESC LIMIT ?",
        ...end,
        ROWS_AT_ONCE,
      )
    );
    const letters = rows.map((row): DeadLetter => ({
      webhook: toText(row, "webhook"),
      event: readEvent(row),
      reason: toText(row, "reason"),
      givenUpMs: toNumber(row, "given_up_ms"),
    }));
    const last = rows.at(-1);
    if (last === undefined) return;
    end = [toNumber(last, "given_up_ms"), toNumber(last, "seq"), toNumber(last, "cursor")];
    yield letters.filter((letter) =>
      (webhook === undefined || letter.webhook === webhook) && fits(search, letter.event)
    );
  }
}

function fits({ ids, isWanted, sinceMs, untilMs }: Search, event: SpooledEvent): boolean {
  return (ids === undefined || ids.includes(event.id)) && isWanted(event.event) &&
    isBetween(event.receivedMs, sinceMs, untilMs);
}

function fitsAttempt(search: AttemptSearch, attempt: Attempt): boolean {
  const { ids, isWanted, sinceMs, untilMs, webhook, isFailed } = search;
  return (webhook === undefined || attempt.webhook === webhook) &&
    (!isFailed || attempt.outcome !== "delivered") &&
    (ids === undefined || attempt.ids.some((id) => ids.includes(id))) &&
    attempt.events.some(isWanted) && isBetween(attempt.atMs, sinceMs, untilMs);
}

function isBetween(timeMs: number, sinceMs = -EVER, untilMs = EVER): boolean {
  return timeMs >= sinceMs && timeMs < untilMs;
}

function readAttempt(row: Row): Attempt {
  const { status, error, next_ms: nextMs } = row;
  return {
    atMs: toNumber(row, "at_ms"),
    webhook: toText(row, "name"),
    ids: toText(row, "ids").split(" "),
    events: toText(row, "events").split(" "),
    ...(typeof status === "number" ? { status } : {}),
    ...(typeof error === "string" ? { error } : {}),
    result: toText(row, "result"),
    durationMs: toNumber(row, "duration_ms"),
    answer: toText(row, "answer"),
    outcome: toText(row, "outcome") as Attempt["outcome"],
    ...(typeof nextMs === "number" ? { nextMs } : {}),
  };
}
