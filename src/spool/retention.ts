/**
 * What the spool forgets, and in which order: old history, then, if the room is short, history of
 * any age, attempts, dead letters, replays, and at last events that still wait. In small steps,
 * since nothing is received meanwhile.
 *
 * @module
 */
import type { CursorDrafts } from "./cursor_book.ts";
import type { SpoolDatabase } from "./database.ts";
import { toNumber, toText } from "./rows.ts";
import { dropUpTo, type FilterOf } from "./drop_oldest.ts";
import { forgetEventIfPruned, IS_UNNEEDED } from "./event_rows.ts";
import { readMark, writeMark } from "./marks.ts";
import { addDropped, deleteLetter } from "./outcomes.ts";
import type { Spool } from "./spool.ts";

/** How much to keep, and how much to do at once. */
export interface RetentionPolicy {
  /** What was received, tried or given up before may go, in milliseconds since 1970. */
  readonly keepFromMs: number;
  /** How much history to keep, in bytes. */
  readonly historyMaxBytes: number;
  /** How much of the disk the spool may use. */
  readonly spoolMaxBytes: number;
  /** Rows per step. */
  readonly limit: number;
  readonly nowMs: number;
  readonly newId: (nowMs: number) => string;
  /** What a webhook's filter says; without one it wants all. Asked only where room is short. */
  readonly filterOf?: FilterOf;
}

/** What a step did. */
export interface RetentionStep {
  /** Whether there is more to do. */
  readonly isMore: boolean;
  /** Events and replays that waited and had to go, by webhook. */
  readonly dropped: ReadonlyMap<string, number>;
}

/** How many attempts to keep; of older ones, only those that failed. */
const ATTEMPTS_KEPT = 500_000;
/** Free room in the file that new rows will use again. */
const FREE_BYTES_KEPT = 32 * 2 ** 20;
const PAGES_AT_ONCE = 500;

/**
 * Makes one step.
 *
 * @throws {SpoolError} If it cannot be written.
 */
export function forgetSome(spool: Spool, policy: RetentionPolicy): RetentionStep {
  let isMore = false;
  const dropped = new Map<string, number>();
  spool.change("tidy up", (database, drafts) => {
    // It is done once more if the file turns out to be damaged.
    dropped.clear();
    const work: Work = { spool, database, drafts, policy, dropped };
    const isOld = [forgetRemoved, forgetOldHistory, forgetOldAttempts, forgetOldDeadLetters]
      .map((forget) => forget(work));
    isMore = isOld.includes(true);
    const { usedBytes, freeBytes } = database.sizes();
    if (usedBytes > policy.spoolMaxBytes) {
      makeRoom(work);
      isMore = true;
    } else if (freeBytes > FREE_BYTES_KEPT) {
      isMore = database.shrink(PAGES_AT_ONCE) || isMore;
    }
  });
  return { isMore, dropped };
}

interface Work {
  readonly spool: Spool;
  readonly database: SpoolDatabase;
  readonly drafts: CursorDrafts;
  readonly policy: RetentionPolicy;
  readonly dropped: Map<string, number>;
}

/** The last event that all webhooks are done with. */
function historyEnd({ spool }: Work): number {
  return Math.min(spool.lastSeq, ...spool.cursors().map(({ doneSeq }) => doneSeq));
}

function forgetOldHistory(work: Work): boolean {
  const { database, policy } = work;
  const prunedSeq = readMark(database, "pruned_seq");
  const end = historyEnd(work);
  if (prunedSeq >= end) return false;
  const size = bytesUpTo(database, end) - readMark(database, "pruned_bytes");
  if (size > policy.historyMaxBytes) return prune(work, end);
  const young = database.first(
    "SELECT seq FROM events WHERE seq > ? AND seq <= ? AND received_ms >= ? ORDER BY seq LIMIT 1",
    prunedSeq,
    // Behind it nothing goes in this step.
    Math.min(end, prunedSeq + policy.limit),
    policy.keepFromMs,
  );
  const oldEnd = young === undefined ? end : toNumber(young, "seq") - 1;
  return oldEnd > prunedSeq && prune(work, oldEnd);
}

/** Makes room: of each kind only when there is nothing left of the one before. */
function makeRoom(work: Work): void {
  const kinds = [makeRoomOfHistory, makeRoomOfAttempts, makeRoomOfDeadLetters, makeRoomOfReplays];
  for (const make of kinds) {
    const isLeft = make(work);
    if (isLeft || work.database.sizes().usedBytes <= work.policy.spoolMaxBytes) return;
  }
  dropOldest(work);
}

/** @returns Whether there is more of it to go; so do the next three. */
function makeRoomOfHistory(work: Work): boolean {
  const end = historyEnd(work);
  if (readMark(work.database, "pruned_seq") >= end) return false;
  prune(work, Math.min(end, endOfExcess(work)));
  return readMark(work.database, "pruned_seq") < end;
}

/** The place up to which events have to go, so that the rest has room; at least one goes. */
function endOfExcess({ spool, database, policy: { limit, spoolMaxBytes } }: Work): number {
  const from = readMark(database, "pruned_seq");
  const excess = database.sizes().usedBytes - spoolMaxBytes;
  const row = database.first(
    "SELECT seq FROM events WHERE seq > ? AND seq <= ? AND end_bytes >= ? ORDER BY seq LIMIT 1",
    from,
    from + limit,
    readMark(database, "pruned_bytes") + excess,
  );
  return row === undefined ? Math.min(spool.lastSeq, from + limit) : toNumber(row, "seq");
}

/** Deletes the oldest events up to a place. @returns Whether some are left before it. */
function prune({ database, policy }: Work, end: number): boolean {
  const from = readMark(database, "pruned_seq");
  const to = Math.min(end, from + policy.limit);
  const bytes = bytesUpTo(database, to);
  const newestMs = receivedMsUpTo(database, to);
  database.run(
    "DELETE FROM events WHERE seq > ? AND seq <= ? " +
      `AND ${IS_UNNEEDED}`,
    from,
    to,
  );
  writeMark(database, "pruned_seq", to);
  writeMark(database, "pruned_bytes", bytes);
  // Of a clock that was set back, the later times.
  writeMark(database, "pruned_ms", Math.max(readMark(database, "pruned_ms"), newestMs));
  return to < end;
}

function receivedMsUpTo(database: SpoolDatabase, seq: number): number {
  const row = database.first(
    "SELECT received_ms FROM events WHERE seq <= ? ORDER BY seq DESC LIMIT 1",
    seq,
  );
  return row === undefined ? 0 : toNumber(row, "received_ms");
}

function bytesUpTo(database: SpoolDatabase, seq: number): number {
  const row = database.first(
    "SELECT end_bytes FROM events WHERE seq <= ? ORDER BY seq DESC LIMIT 1",
    seq,
  );
  const pruned = readMark(database, "pruned_bytes");
  return row === undefined ? pruned : Math.max(pruned, toNumber(row, "end_bytes"));
}

function forgetOldAttempts({ database, policy: { keepFromMs, limit } }: Work): boolean {
  const gone = database.run(
    "DELETE FROM attempts WHERE place IN (SELECT place FROM attempts ORDER BY place LIMIT ?) " +
      "AND at_ms < ?",
    limit,
    keepFromMs,
  );
  const last = database.first("SELECT coalesce(max(place), 0) AS place FROM attempts");
  const thinned = readMark(database, "thinned_place");
  const end = Math.min(toNumber(last, "place") - ATTEMPTS_KEPT, thinned + limit);
  if (end <= thinned) return gone === limit;
  database.run(
    "DELETE FROM attempts WHERE place > ? AND place <= ? AND outcome = 'delivered'",
    thinned,
    end,
  );
  writeMark(database, "thinned_place", end);
  return gone === limit || end === thinned + limit;
}

function makeRoomOfAttempts({ database, policy: { limit } }: Work): boolean {
  return database.run(
    "DELETE FROM attempts WHERE place IN (SELECT place FROM attempts ORDER BY place LIMIT ?)",
    limit,
  ) === limit;
}

function forgetOldDeadLetters(work: Work): boolean {
  return forgetDeadLetters(work, work.policy.keepFromMs) === work.policy.limit;
}

function makeRoomOfDeadLetters(work: Work): boolean {
  return forgetDeadLetters(work, Number.MAX_SAFE_INTEGER) === work.policy.limit;
}

function forgetDeadLetters({ database, drafts, policy }: Work, beforeMs: number): number {
  const rows = database.all(
    "SELECT cursor, seq, webhook FROM dead_letters LEFT JOIN cursors ON number = cursor " +
      "WHERE given_up_ms < ? ORDER BY given_up_ms LIMIT ?",
    beforeMs,
    policy.limit,
  );
  for (const row of rows) {
    const seq = toNumber(row, "seq");
    const deleted = deleteLetter(database, toNumber(row, "cursor"), seq);
    const { webhook } = row;
    const owner = typeof webhook === "string" ? drafts.edit(webhook) : undefined;
    if (owner !== undefined) owner.letters -= deleted;
    forgetEventIfPruned(database, seq);
  }
  return rows.length;
}

function makeRoomOfReplays(work: Work): boolean {
  const { database, drafts, policy: { limit, newId, nowMs } } = work;
  const rows = database.all(
    "SELECT place, seq, counted, received_ms, webhook FROM replays JOIN events USING (seq) " +
      "JOIN cursors ON number = cursor ORDER BY place LIMIT ?",
    limit,
  );
  for (const row of rows) {
    database.run("DELETE FROM replays WHERE place = ?", toNumber(row, "place"));
    const webhook = toText(row, "webhook");
    const cursor = drafts.edit(webhook);
    if (cursor === undefined) continue;
    const counted = toNumber(row, "counted");
    cursor.waitingDead -= counted;
    cursor.waitingOthers -= 1 - counted;
    if (counted === 1) {
      const receivedMs = toNumber(row, "received_ms");
      const times = { fromMs: receivedMs, toMs: receivedMs };
      addDropped(cursor, { events: 1, ...times, id: newId(nowMs), reason: "room" });
    }
    countDropped(work, webhook, 1);
    forgetEventIfPruned(database, toNumber(row, "seq"));
  }
  return rows.length > 0;
}

/** What removed webhooks had. */
function forgetRemoved({ database, policy: { limit } }: Work): boolean {
  const removed = database.first("SELECT number FROM removed_cursors LIMIT 1");
  if (removed === undefined) return false;
  const number = toNumber(removed, "number");
  const rows = ["dead_letters", "replays"].flatMap((table) =>
    database.all(
      `DELETE FROM ${table} WHERE (cursor, seq) IN ` +
        `(SELECT cursor, seq FROM ${table} WHERE cursor = ? LIMIT ?) RETURNING seq`,
      number,
      limit,
    )
  );
  for (const row of rows) forgetEventIfPruned(database, toNumber(row, "seq"));
  if (rows.length < limit) database.run("DELETE FROM removed_cursors WHERE number = ?", number);
  return true;
}

/** Drops the oldest events that wait, for all webhooks that wait for them. */
function dropOldest(work: Work): void {
  const end = endOfExcess(work);
  for (const [webhook, events] of dropUpTo(end, { ...work, ...work.policy })) {
    countDropped(work, webhook, events);
  }
  prune(work, end);
}

function countDropped({ dropped }: Work, webhook: string, events: number): void {
  dropped.set(webhook, (dropped.get(webhook) ?? 0) + events);
}
