/**
 * Events that are posted once more.
 *
 * @module
 */
import { type SpoolDatabase, toNumber } from "./database.ts";
import type { CursorDrafts } from "./cursor_book.ts";
import type { Spool } from "./spool.ts";

/** What to post again. */
export interface ReplayRequest {
  readonly webhook: string;
  /** Places in the log, in the order in which they are to be posted. */
  readonly seqs: readonly number[];
  /** Only count. */
  readonly isDryRun: boolean;
}

/** What became of it. */
export interface ReplayCount {
  /** The places that will be posted, dead letters among them. */
  readonly queued: readonly number[];
  readonly deadLetters: number;
  /** Those that wait for the webhook already. */
  readonly waiting: number;
}

/**
 * Queues events for a webhook. A dead letter counts as pending again; any other event is counted
 * apart, since it has had its turn.
 *
 * @throws {SpoolError} If it cannot be written.
 */
export function queueReplays(spool: Spool, request: ReplayRequest): ReplayCount {
  const { webhook, isDryRun } = request;
  const seqs = new Set(request.seqs);
  const queued: number[] = [];
  let deadLetters = 0;
  const sortOut = (database: SpoolDatabase, drafts?: CursorDrafts) => {
    for (const seq of seqs) {
      if (spool.isWaiting(webhook, seq) || isQueued(database, webhook, seq)) continue;
      const counted = countedDeadLetter(database, webhook, seq);
      queued.push(seq);
      if (counted !== undefined) deadLetters++;
      if (drafts !== undefined) queue(database, drafts, { webhook, seq, counted });
    }
  };
  if (isDryRun) {
    spool.read((database) => sortOut(database));
  } else {
    spool.change("queue replays in", (database, drafts) => sortOut(database, drafts));
  }
  return { queued, deadLetters, waiting: seqs.size - queued.length };
}

function queue(
  database: SpoolDatabase,
  drafts: CursorDrafts,
  { webhook, seq, counted = 0 }: { webhook: string; seq: number; counted: number | undefined },
): void {
  const cursor = drafts.edit(webhook);
  if (cursor === undefined) return;
  database.run("DELETE FROM dead_letters WHERE webhook = ? AND seq = ?", webhook, seq);
  database.run(
    "INSERT INTO replays (webhook, seq, counted) VALUES (?, ?, ?)",
    webhook,
    seq,
    counted,
  );
  cursor.dead -= counted;
  cursor.waitingDead += counted;
  cursor.waitingOthers += 1 - counted;
}

function isQueued(database: SpoolDatabase, webhook: string, seq: number): boolean {
  return database.first(
    "SELECT 1 AS n FROM replays WHERE webhook = ? AND seq = ?",
    webhook,
    seq,
  ) !== undefined;
}

/** @returns `undefined` if it is no dead letter. */
function countedDeadLetter(
  database: SpoolDatabase,
  webhook: string,
  seq: number,
): number | undefined {
  const row = database.first(
    "SELECT counted FROM dead_letters WHERE webhook = ? AND seq = ?",
    webhook,
    seq,
  );
  return row === undefined ? undefined : toNumber(row, "counted");
}
