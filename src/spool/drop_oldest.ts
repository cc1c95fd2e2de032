/**
 * Drops events that still wait, because there is no room for them.
 *
 * @module
 */
import type { Cursor, CursorDrafts } from "./cursor_book.ts";
import type { SpoolDatabase } from "./database.ts";
import { readBehind } from "./event_rows.ts";
import { addDropped, addFiltered } from "./outcomes.ts";
import { toNumber } from "./rows.ts";
import type { Spool } from "./spool.ts";
import type { SpooledEvent } from "./spool_types.ts";

/** Says whether a webhook's filter lets an event through; `undefined` if it has none. */
export type FilterOf = (webhook: string) => ((event: SpooledEvent) => boolean) | undefined;

/** What it takes to drop events, within a transaction. */
export interface DropWork {
  readonly spool: Spool;
  readonly database: SpoolDatabase;
  readonly drafts: CursorDrafts;
  readonly nowMs: number;
  readonly newId: (nowMs: number) => string;
  readonly filterOf?: FilterOf;
}

const ROWS_AT_ONCE = 64;

/**
 * Drops all up to a place, for all webhooks that wait for some of it. What a webhook's filter
 * leaves out is not missing there: it counts as filtered, and nobody is told of it.
 *
 * @returns How many events each webhook does not get.
 */
export function dropUpTo(end: number, work: DropWork): Map<string, number> {
  const { spool, database, drafts, newId, nowMs } = work;
  const dropped = new Map<string, number>();
  for (const { webhook, doneSeq } of spool.cursors()) {
    const cursor = doneSeq >= end ? undefined : drafts.edit(webhook);
    if (cursor === undefined) continue;
    filterUpTo(end, cursor, work);
    const times = database.first(
      "SELECT min(received_ms) AS from_ms, max(received_ms) AS to_ms FROM events " +
        "WHERE seq > ? AND seq <= ?",
      cursor.finished.doneSeq,
      end,
    );
    const events = cursor.finished.addUpTo(end);
    if (events === 0) continue;
    const [fromMs, toMs] = [toNumber(times, "from_ms"), toNumber(times, "to_ms")];
    addDropped(cursor, { events, fromMs, toMs, id: newId(nowMs), reason: "room" });
    dropped.set(webhook, events);
  }
  return dropped;
}

/** Takes out what a webhook's filter leaves out of what waits up to a place. */
function filterUpTo(
  end: number,
  cursor: Cursor,
  { database, filterOf }: Pick<DropWork, "database" | "filterOf">,
): void {
  const isWanted = filterOf?.(cursor.webhook);
  if (isWanted === undefined) return;
  for (let seq = cursor.finished.doneSeq; seq < end;) {
    const events = readBehind(database, seq, Math.min(end - seq, ROWS_AT_ONCE));
    const filtered = events.filter((event) => event.seq <= end && !isWanted(event));
    addFiltered(cursor, filtered.map((event) => [event.seq, event.seq]));
    seq = events.at(-1)?.seq ?? end;
  }
}
