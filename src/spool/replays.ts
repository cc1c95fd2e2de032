/**
 * Events that are posted once more.
 *
 * @module
 */
import type { SpoolDatabase } from "./database.ts";
import { toNumber } from "./rows.ts";
import type { Cursor } from "./cursor_book.ts";
import { readAt } from "./event_rows.ts";
import { addFiltered, deleteLetter } from "./outcomes.ts";
import type { Spool } from "./spool.ts";
import type { SpooledEvent } from "./spool_types.ts";

/** What to post again. */
export interface ReplayRequest {
  readonly webhook: string;
  /** Places in the log, in the order in which they are to be posted. */
  readonly seqs: readonly number[];
  /** Only count. */
  readonly isDryRun: boolean;
  /**
   * What the webhook's filter says. An event that waits and that it leaves out would never be
   * posted in its turn: it counts as filtered, and is posted because it is asked for.
   */
  readonly isWanted?: (event: SpooledEvent) => boolean;
}

/** What became of it. */
export interface ReplayCount {
  /** The places that will be posted, dead letters among them. */
  readonly queued: readonly number[];
  readonly deadLetters: number;
  /** Those that wait for the webhook already. */
  readonly waiting: number;
  /** Those that the log does not have any more. */
  readonly forgotten: number;
}

/**
 * Queues events for a webhook. A dead letter counts as pending again; any other event is counted
 * apart, since it has had its turn.
 *
 * @throws {SpoolError} If it cannot be written.
 */
export function queueReplays(spool: Spool, request: ReplayRequest): ReplayCount {
  const { webhook, isDryRun, isWanted } = request;
  const seqs = new Set(request.seqs);
  const queued: number[] = [];
  let deadLetters = 0;
  let waiting = 0;
  const isLetThrough = (database: SpoolDatabase, seq: number) =>
    isWanted === undefined || readAt(database, [seq]).every(isWanted);
  const sortOut = (database: SpoolDatabase, cursor: Readonly<Cursor>, add?: Add) => {
    for (const seq of seqs) {
      const comesInTurn = spool.isWaiting(webhook, seq) && isLetThrough(database, seq);
      if (comesInTurn || isQueued(database, cursor, seq)) {
        waiting++;
      } else if (isInLog(database, seq)) {
        const counted = countedDeadLetter(database, cursor, seq);
        queued.push(seq);
        if (counted !== undefined) deadLetters++;
        add?.(seq, counted ?? 0);
      }
    }
  };
  if (isDryRun) {
    spool.read((database, book) => {
      const cursor = book.get(webhook);
      if (cursor !== undefined) sortOut(database, cursor);
    });
  } else {
    spool.change("queue replays in", (database, drafts) => {
      const cursor = drafts.edit(webhook);
      if (cursor === undefined) return;
      sortOut(database, cursor, (seq, counted) => {
        if (spool.isWaiting(webhook, seq)) addFiltered(cursor, [[seq, seq]]);
        queue(database, cursor, { seq, counted });
      });
    });
  }
  return { queued, deadLetters, waiting, forgotten: seqs.size - queued.length - waiting };
}

type Add = (seq: number, counted: number) => void;

function queue(
  database: SpoolDatabase,
  cursor: Cursor,
  { seq, counted }: { seq: number; counted: number },
): void {
  cursor.letters -= deleteLetter(database, cursor.number, seq);
  database.run(
    "INSERT INTO replays (cursor, seq, counted) VALUES (?, ?, ?)",
    cursor.number,
    seq,
    counted,
  );
  cursor.dead -= counted;
  cursor.waitingDead += counted;
  cursor.waitingOthers += 1 - counted;
}

function isQueued(database: SpoolDatabase, { number }: Readonly<Cursor>, seq: number): boolean {
  return database.first("SELECT 1 FROM replays WHERE cursor = ? AND seq = ?", number, seq) !==
    undefined;
}

/** The history is forgotten while what fits is looked for. */
function isInLog(database: SpoolDatabase, seq: number): boolean {
  return database.first("SELECT 1 FROM events WHERE seq = ?", seq) !== undefined;
}

/** @returns `undefined` if it is no dead letter. */
function countedDeadLetter(
  database: SpoolDatabase,
  { number }: Readonly<Cursor>,
  seq: number,
): number | undefined {
  const row = database.first(
    "SELECT counted FROM dead_letters WHERE cursor = ? AND seq = ?",
    number,
    seq,
  );
  return row === undefined ? undefined : toNumber(row, "counted");
}
