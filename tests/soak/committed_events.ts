/**
 * What the daemon says it has taken in.
 *
 * @module
 */
import type { Message } from "../../src/event/event.ts";
import { assert } from "../support/assert.ts";
import type { CommittedEvent } from "./arrival_checks.ts";
import type { SoakDaemon } from "./daemon_process.ts";
import { numberOf } from "./load_sender.ts";

/** A row of `history --json`, as far as it is looked at. */
interface HistoryRow {
  readonly id: string;
  readonly message: Message;
  readonly received_at: string;
}

/** So many are asked for at once; the command has a limit. */
const PAGE = 20_000;

/** All events in the daemon's history, oldest first. Nothing may come in meanwhile. */
export async function readHistory(daemon: SoakDaemon): Promise<CommittedEvent[]> {
  const events: CommittedEvent[] = [];
  const known = new Set<string>();
  for (let until: string[] = [];;) {
    const text = await daemon.command("history", "--json", "--limit", String(PAGE), ...until);
    const rows = JSON.parse(text).output as HistoryRow[];
    const older = rows.filter(({ id }) => !known.has(id));
    for (const { id } of older) known.add(id);
    events.unshift(...older.map(({ id, message }) => ({ id, number: numberOf(message) })));
    const [oldest] = rows;
    if (rows.length < PAGE || oldest === undefined) return events;
    assert(older.length > 0, `the history has more than ${PAGE} events of ${oldest.received_at}`);
    // Others of the same millisecond may stand on the next page.
    const untilMs = Date.parse(oldest.received_at) + 1;
    until = ["--until", new Date(untilMs).toISOString()];
  }
}
