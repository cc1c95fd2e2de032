/**
 * How outcomes and attempts change the tables and the cursors, within a transaction.
 *
 * @module
 */
import type { Cursor, CursorDrafts } from "./cursor_book.ts";
import { type SpoolDatabase, toNumber } from "./database.ts";
import { forgetEventIfPruned } from "./event_rows.ts";
import type { Attempt, Gap, Outcome } from "./spool_types.ts";

/** Counts events that a webhook does not get; it will be told of them. */
export function addDropped(
  cursor: Cursor,
  dropped: { events: number; fromMs: number; toMs: number; id: string },
): void {
  const before = cursor.gap;
  cursor.dropped += dropped.events;
  cursor.gap = {
    id: dropped.id,
    events: (before?.events ?? 0) + dropped.events,
    fromMs: Math.min(before?.fromMs ?? Infinity, dropped.fromMs),
    toMs: Math.max(before?.toMs ?? 0, dropped.toMs),
  };
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
    case "gap_told":
      cursor.gap = gapLeft(cursor.gap, outcome);
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
  database.run(
    "INSERT OR REPLACE INTO dead_letters (webhook, seq, reason, given_up_ms, counted) " +
      "VALUES (?, ?, ?, ?, ?)",
    cursor.webhook,
    seq,
    deadLetter.reason,
    deadLetter.givenUpMs,
    counted,
  );
}

/** @returns Whether its event is one of those that matched; `undefined` if it is gone. */
function takeReplay(
  database: SpoolDatabase,
  cursor: Cursor,
  { place, seq }: { place: number; seq: number },
): number | undefined {
  // A new file gives its places away again.
  const row = database.first(
    "DELETE FROM replays WHERE place = ? AND webhook = ? AND seq = ? RETURNING counted",
    place,
    cursor.webhook,
    seq,
  );
  if (row === undefined) return undefined;
  const counted = toNumber(row, "counted");
  if (counted === 1) cursor.waitingDead--;
  else cursor.waitingOthers--;
  return counted;
}

/** Gives a cursor another name, with all that belongs to it. */
export function renameCursor(
  { database, drafts }: Writing,
  { from, to }: { from: string; to: string },
): void {
  drafts.rename(from, to);
  database.run("UPDATE dead_letters SET webhook = ? WHERE webhook = ?", to, from);
  database.run("UPDATE replays SET webhook = ? WHERE webhook = ?", to, from);
}

/** Drops a cursor, with all that belongs to it. */
export function removeCursor({ database, drafts }: Writing, webhook: string): void {
  drafts.remove(webhook);
  const rows = ["dead_letters", "replays"].flatMap((table) =>
    database.all(`DELETE FROM ${table} WHERE webhook = ? RETURNING seq`, webhook)
  );
  for (const row of rows) forgetEventIfPruned(database, toNumber(row, "seq"));
}

/** What is still to be told: the gap may have grown while the webhook was told of it. */
function gapLeft(
  gap: Gap | undefined,
  told: { readonly gapId: string; readonly events: number },
): Gap | undefined {
  if (gap === undefined || gap.id === told.gapId || gap.events <= told.events) return undefined;
  return { ...gap, events: gap.events - told.events };
}

/** Keeps a request that was made. */
export function insertAttempt(database: SpoolDatabase, attempt: Attempt): void {
  database.run(
    "INSERT INTO attempts (at_ms, webhook, ids, events, count, status, error, result, " +
      "duration_ms, answer, outcome, next_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    attempt.atMs,
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
