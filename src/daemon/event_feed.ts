/**
 * The events of this node as they come in. Whoever follows them has a place in the spool's log and
 * nothing else: what is behind it is read when it is asked for, so that it costs the same whether one
 * is quick or slow, and nobody waits for anybody.
 *
 * @module
 */
import { formatTime } from "../api/rfc3339.ts";
import type { StreamItem, StreamQuery } from "../api/event_stream.ts";
import type { HistoryEvent } from "../api/spool_reports.ts";
import { formatPosition } from "../api/stream_start.ts";
import type { Clock } from "../dispatcher/clock.ts";
import type { ReportingNode } from "../event/event.ts";
import { type EventFilter, matchesEvent, parseEventFilter } from "../event/event_filter.ts";
import { SpoolError } from "../spool/errors.ts";
import type { GroupCommit } from "../spool/group_commit.ts";
import { readEdge } from "../spool/log_start.ts";
import type { Spool } from "../spool/spool.ts";
import type { SpooledEvent } from "../spool/spool_types.ts";
import { ulidBefore } from "../std/ulid.ts";
import { describeEdge, type FeedStart, findFeedStart } from "./feed_start.ts";

/** What the feed works with. */
export interface EventFeedDeps {
  readonly spool: Spool;
  readonly commit: Pick<GroupCommit, "flush">;
  readonly node: ReportingNode;
  readonly clock: Pick<Clock, "now" | "steadyNow">;
  /** Lets everything else go on for a moment. */
  readonly breathe: () => Promise<void>;
  /** Calls back after the time; returns what takes the call back. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
}

/** A row can hold 64 KiB. */
const ROWS_AT_ONCE = 32;
/** For so long nothing else happens, however many read. */
const SLICE_MS = 5;
/** When the log cannot be read, it is tried again after this, or when something was written. */
const RETRY_MS = 1000;
/** A commit takes milliseconds, and seldom longer. */
const UNCOMMITTED_MS = 1000;

/** How far somebody has read. */
interface Place {
  seq: number;
  /** The id of the event there, as far as it is known. */
  id: string | undefined;
  /** Where the past ends that was asked for. */
  readonly pastEnd: number;
  /** Of the past, what was received before is left out. */
  readonly sinceMs: number;
  /** Up to where it was said that events are missing. */
  toldTo: number;
  isLive: boolean;
}

/** What those who follow see. */
export class EventFeed {
  readonly #deps: EventFeedDeps;
  readonly #waiting = new Set<() => void>();
  /** What is read once for all who follow. */
  readonly #parsed = new WeakMap<SpooledEvent, HistoryEvent>();
  /** When reading began that nothing has interrupted yet. */
  #sliceMs = -Infinity;
  #breath: Promise<void> | undefined;

  constructor(deps: EventFeedDeps) {
    this.#deps = deps;
  }

  /** Has to be called after each commit. */
  committed(): void {
    // Most commits find nobody.
    for (const wake of [...this.#waiting]) wake();
  }

  /** Follows the events, until the signal. @throws {InvalidFilterError} If no event can match. */
  follow(query: StreamQuery, signal: AbortSignal): AsyncIterable<readonly StreamItem[]> {
    const { events, severity, since } = query;
    const filter = parseEventFilter({
      ...(events === undefined ? {} : { events }),
      ...(severity === undefined ? {} : { severity }),
    });
    // What comes from now on is in it, whenever it is read.
    return this.#follow({ filter, since, lastSeq: this.#deps.spool.lastSeq }, signal);
  }

  async *#follow(
    { filter, since, lastSeq }: {
      readonly filter: EventFilter;
      readonly since: string | undefined;
      readonly lastSeq: number;
    },
    signal: AbortSignal,
  ): AsyncGenerator<readonly StreamItem[]> {
    const start = since === undefined
      ? { afterSeq: lastSeq, sinceMs: -Infinity }
      : await this.#patiently(signal, () => this.#findStart(since));
    if (start === undefined) return;
    if (start.gap !== undefined) yield [this.#gap(start.gap)];
    const place = await this.#patiently(signal, () => this.#placeOf(start, since));
    if (place === undefined) return;
    while (!signal.aborted) {
      await this.#takeTurn();
      const read = await this.#patiently(signal, () => this.#read(place, filter));
      if (read === undefined) return;
      if (read.items.length > 0) yield read.items;
      if (read.isEnd && !signal.aborted && place.seq === this.#deps.spool.lastSeq) {
        await this.#news(signal);
      }
    }
  }

  async #findStart(since: string): Promise<FeedStart> {
    const { spool, commit, node } = this.#deps;
    // What happened in the last milliseconds is to be found too.
    commit.flush();
    const search = findFeedStart(spool, { since, nodeId: node.id });
    for (let step = search.next();; step = search.next()) {
      if (step.done === true) return step.value;
      await this.#takeTurn();
    }
  }

  #placeOf({ afterSeq, sinceMs, gap }: FeedStart, since: string | undefined): Place {
    const { spool } = this.#deps;
    const toldTo = gap === undefined ? 0 : readEdge(spool).prunedSeq;
    const [before] = spool.eventsAt([afterSeq]);
    const pastEnd = since === undefined ? afterSeq : spool.lastSeq;
    return { seq: afterSeq, id: before?.id, pastEnd, sinceMs, toldTo, isLive: false };
  }

  /** Reads on a little. */
  #read(
    place: Place,
    filter: EventFilter,
  ): { readonly items: readonly StreamItem[]; readonly isEnd: boolean } {
    const { spool } = this.#deps;
    const items: StreamItem[] = [];
    const rows = spool.readLog(place.seq, ROWS_AT_ONCE);
    for (const row of rows) {
      items.push(...this.#hole(place, row.seq));
      place.seq = row.seq;
      place.id = row.id;
      const isBefore = row.seq <= place.pastEnd && row.receivedMs < place.sinceMs;
      if (!isBefore && matchesEvent(filter, row.event)) items.push(this.#toItem(row));
    }
    const isEnd = rows.length < ROWS_AT_ONCE;
    if (isEnd && spool.lastSeq > place.seq) {
      // The newest are lost with a file that was damaged.
      items.push(...this.#hole(place, spool.lastSeq + 1));
      place.seq = spool.lastSeq;
    }
    if (!place.isLive && place.seq >= place.pastEnd) {
      place.isLive = true;
      items.push(this.#live(place));
    }
    return { items, isEnd };
  }

  /** Says that events are missing before a place, once: of what is forgotten, some may be left. */
  #hole(place: Place, nextSeq: number): StreamItem[] {
    if (nextSeq === place.seq + 1 || nextSeq - 1 <= place.toldTo) return [];
    const edge = readEdge(this.#deps.spool);
    place.toldTo = Math.max(edge.prunedSeq, nextSeq - 1);
    return [this.#gap(describeEdge(edge))];
  }

  #live({ id }: Place): StreamItem {
    const { node, clock } = this.#deps;
    const notice = { notice: "live", node: node.id, host: node.host } as const;
    // Where there is no event before, what was received a moment ago is not committed yet.
    const place = id ?? ulidBefore(clock.now() - UNCOMMITTED_MS);
    return { kind: "notice", notice, position: formatPosition([[node.id, place]]) };
  }

  #gap(reason: string): StreamItem {
    const { id, host } = this.#deps.node;
    return { kind: "notice", notice: { notice: "gap", node: id, host, reason } };
  }

  #toItem(row: SpooledEvent): StreamItem {
    let event = this.#parsed.get(row);
    if (event === undefined) {
      event = toHistoryEvent(row);
      this.#parsed.set(row, event);
    }
    return { kind: "event", event, position: formatPosition([[this.#deps.node.id, row.id]]) };
  }

  /** Does it as soon as the log can be read; `undefined` if the signal comes first. */
  async #patiently<T>(
    signal: AbortSignal,
    work: () => T | Promise<T>,
  ): Promise<T | undefined> {
    while (!signal.aborted) {
      try {
        return await work();
      } catch (error) {
        // Whoever writes tells what is wrong with it.
        if (!(error instanceof SpoolError)) throw error;
        await this.#news(signal, RETRY_MS);
      }
    }
    return undefined;
  }

  /** All who read share the time, so that many of them hold up nothing longer than one does. */
  async #takeTurn(): Promise<void> {
    const { clock, breathe } = this.#deps;
    while (clock.steadyNow() - this.#sliceMs >= SLICE_MS) {
      this.#breath ??= breathe().then(() => {
        this.#breath = undefined;
        this.#sliceMs = clock.steadyNow();
      });
      await this.#breath;
    }
  }

  /** Waits for the next commit, the time or the signal. */
  async #news(signal: AbortSignal, limitMs = Infinity): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // A race of promises would hold on to all that ever waited for the signal.
    const cancel = limitMs === Infinity ? () => {} : this.#deps.schedule(resolve, limitMs);
    const onEnd = () => resolve();
    this.#waiting.add(resolve);
    signal.addEventListener("abort", onEnd);
    await promise;
    cancel();
    this.#waiting.delete(resolve);
    signal.removeEventListener("abort", onEnd);
  }
}

/** An event as it is shown. */
export function toHistoryEvent({ payload, receivedMs }: SpooledEvent): HistoryEvent {
  return { ...JSON.parse(payload), received_at: formatTime(receivedMs) };
}
