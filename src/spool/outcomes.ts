/**
 * How outcomes and attempts change the tables and the cursors, within a transaction.
 *
 * @module
 */
import type { Cursor, CursorDrafts } from "./cursor_book.ts";
import type { SpoolDatabase } from "./database.ts";
import { toNumber } from "./rows.ts";
import { forgetEventIfPruned } from "./event_rows.ts";
import { Finished, type Range } from "./finished.ts";
import type { Attempt, Gap, Outcome, SpooledEvent } from "./spool_types.ts";

/** Counts events that a webhook does not get; it will be told of them. */
export function addDropped(
  cursor: Cursor,
  { events, fromMs, toMs, id, reason }: Omit<Gap, "upTo">,
): void {
  const before = cursor.gap;
  cursor.dropped += events;
  cursor.gap = {
    id,
    reason,
    fromMs: Math.min(before?.fromMs ?? Infinity, fromMs),
    toMs: Math.max(before?.toMs ?? 0, toMs),
  };
}

/** Counts places that a webhook's filter leaves out. @returns How many were not done before. */
export function addFiltered(cursor: Cursor, ranges: readonly Range[]): number {
  const filtered = ranges.reduce((sum, range) => sum + cursor.finished.addRange(range), 0);
  cursor.filtered += filtered;
  return filtered;
}

/**
 * Counts what waited for a webhook and is not there any more. Nobody can tell whether its filter
 * would have left that out, so all of it counts as dropped: at most so much is missing.
 */
export function dropMissing(
  cursor: Cursor,
  { lastSeq, waiting, nowMs, id }: {
    lastSeq: number;
    waiting: readonly SpooledEvent[];
    nowMs: number;
    id: string;
  },
): void {
  const { finished } = cursor;
  const left = waiting.map(({ seq }) => seq)
    .filter((seq) => seq > cursor.startSeq && !finished.has(seq));
  const { startSeq, delivered, dead, dropped, filtered } = cursor;
  const events = lastSeq - startSeq - delivered - dead - dropped - filtered - left.length;
  cursor.finished = Finished.allBut(lastSeq, left);
  // Replays and dead letters are not taken over.
  cursor.waitingDead = 0;
  cursor.waitingOthers = 0;
  cursor.letters = 0;
  if (events <= 0) return;
  addDropped(cursor, { events, fromMs: nowMs, toMs: nowMs, id, reason: "damage" });
}

/** What is changed together. */
export interface Writing {
  readonly database: SpoolDatabase;
  readonly drafts: CursorDrafts;
}

/** Takes over what changed for a webhook. */
export function applyOutcome(outcome: Outcome, { database, drafts }: Writing): void {
  const cursor = drafts.edit(outcome.webhook);
  // A cursor that was dropped meanwhile stays dropped.
  if (cursor === undefined) return;
  switch (outcome.kind) {
    case "finished":
      finish(database, cursor, outcome);
      return;
    case "filtered":
      addFiltered(cursor, outcome.ranges);
      return;
    case "gap_told":
      cursor.gapTold = Math.max(cursor.gapTold, Math.min(outcome.upTo, cursor.dropped));
      // It may have grown meanwhile.
      if (cursor.gapTold === cursor.dropped) cursor.gap = undefined;
      return;
    case "paused":
      cursor.pause ??= outcome.pause;
      return;
    case "resumed":
      cursor.pause = undefined;
      return;
    case "failing":
      cursor.failing = outcome.failing;
      return;
    case "recovered":
      cursor.failing = undefined;
  }
}

function finish(
  database: SpoolDatabase,
  cursor: Cursor,
  { seq, replay, deadLetter }: Extract<Outcome, { kind: "finished" }>,
): void {
  const counted = replay === undefined
    ? Number(cursor.finished.add(seq))
    : takeReplay(database, cursor, { place: replay, seq });
  // An event counts once, and what was dropped meanwhile stays dropped.
  if (counted === undefined || (replay === undefined && counted === 0)) return;
  if (deadLetter === undefined) {
    cursor.delivered += counted;
    cursor.replayed += 1 - counted;
    if (replay !== undefined) forgetEventIfPruned(database, seq);
    return;
  }
  cursor.dead += counted;
  cursor.letters += 1 - deleteLetter(database, cursor.number, seq);
  database.run(
    "INSERT INTO dead_letters (cursor, seq, reason, given_up_ms, counted) " +
      "VALUES (?, ?, ?, ?, ?)",
    cursor.number,
    seq,
    deadLetter.reason,
    deadLetter.givenUpMs,
    counted,
  );
}

/** Deletes a dead letter, if there is one. @returns How many there were. */
export function deleteLetter(database: SpoolDatabase, cursor: number, seq: number): number {
  return database.run("DELETE FROM dead_letters WHERE cursor = ? AND seq = ?", cursor, seq);
}

/** @returns Whether its event is one of those that matched; `undefined` if it is gone. */
function takeReplay(
  database: SpoolDatabase,
  cursor: Cursor,
  { place, seq }: { place: number; seq: number },
): number | undefined {
  // A new file gives its places away again.
  const row = database.first(
    "DELETE FROM replays WHERE place = ? AND cursor = ? AND seq = ? RETURNING counted",
    place,
    cursor.number,
    seq,
  );
  if (row === undefined) return undefined;
  const counted = toNumber(row, "counted");
  if (counted === 1) cursor.waitingDead--;
  else cursor.waitingOthers--;
  return counted;
}

/** Drops a cursor. What belongs to it goes later, bit by bit: it can be much. */
export function removeCursor({ database, drafts }: Writing, webhook: string): void {
  const cursor = drafts.edit(webhook);
  if (cursor === undefined) return;
  drafts.remove(webhook);
  database.run("INSERT INTO removed_cursors (number) VALUES (?)", cursor.number);
}

/** Keeps a request that was made. */
export function insertAttempt(
  database: SpoolDatabase,
  cursor: Pick<Cursor, "number"> | undefined,
  attempt: Attempt,
): void {
  database.run(
    "INSERT INTO attempts (at_ms, cursor, webhook, ids, events, count, status, error, result, " +
      "duration_ms, answer, outcome, next_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    attempt.atMs,
    cursor?.number ?? null,
    attempt.webhook,
    attempt.ids.join(" "),
    attempt.events.join(" "),
    attempt.ids.length,
    attempt.status ?? null,
    attempt.error ?? null,
    attempt.result,
    attempt.durationMs,
    attempt.answer,
    attempt.outcome,
    attempt.nextMs ?? null,
  );
}
