/**
 * Reads the spool's log on behalf of one who follows it.
 *
 * @module
 */
import type { StreamItem } from "../api/event_stream.ts";
import { formatTime } from "../api/rfc3339.ts";
import type { HistoryEvent } from "../api/spool_reports.ts";
import { formatPosition } from "../api/stream_start.ts";
import type { Clock } from "../dispatcher/clock.ts";
import type { ReportingNode } from "../event/event.ts";
import { type EventFilter, matchesEvent } from "../event/event_filter.ts";
import { readEdge } from "../spool/log_start.ts";
import type { Spool } from "../spool/spool.ts";
import type { SpooledEvent } from "../spool/spool_types.ts";
import { ulidBefore } from "../std/ulid.ts";
import { describeEdge, type FeedStart } from "./feed_start.ts";

/** What a reader works with. */
export interface FeedReaderDeps {
  readonly spool: Spool;
  readonly node: ReportingNode;
  readonly clock: Pick<Clock, "now">;
  /** Events as they are shown: read once for all who follow. */
  readonly shown: WeakMap<SpooledEvent, HistoryEvent>;
}

/** Where to begin, and what to look for. */
export interface FeedReading extends FeedStart {
  readonly filter: EventFilter;
  /** The place where the past ends that was asked for. */
  readonly pastEnd: number;
}

/** What was read, and whether there is nothing more at present. */
export interface ReadItems {
  readonly items: readonly StreamItem[];
  readonly isEnd: boolean;
}

/** A row can hold 64 KiB. */
const ROWS_AT_ONCE = 32;
/** A commit takes milliseconds, and seldom longer. */
const UNCOMMITTED_MS = 1000;

/** How far was read. */
interface Place {
  seq: number;
  /** The id of the event there, as far as it is known. */
  id: string | undefined;
  /** Up to where it was said that events are missing. */
  toldTo: number;
  isLive: boolean;
}

/** Has a place in the log. */
export class FeedReader {
  readonly #deps: FeedReaderDeps;
  readonly #reading: FeedReading;
  #place: Place;

  private constructor(deps: FeedReaderDeps, reading: FeedReading, place: Partial<Place>) {
    this.#deps = deps;
    this.#reading = reading;
    this.#place = { seq: reading.afterSeq, id: undefined, toldTo: 0, isLive: false, ...place };
  }

  /** Begins to read. @throws {SpoolError} If the log cannot be read. */
  static begin(deps: FeedReaderDeps, reading: FeedReading): FeedReader {
    const [before] = deps.spool.eventsAt([reading.afterSeq]);
    return new FeedReader(deps, reading, {
      id: before?.id,
      toldTo: reading.gap === undefined ? 0 : readEdge(deps.spool).prunedSeq,
    });
  }

  /** Begins to read without looking at what is before. */
  static beginBlindly(deps: FeedReaderDeps, reading: FeedReading): FeedReader {
    return new FeedReader(deps, reading, {});
  }

  /** Whether all of the log was read. */
  get isAtEnd(): boolean {
    return this.#place.seq === this.#deps.spool.lastSeq;
  }

  /** Reads on a little. @throws {SpoolError} If the log cannot be read; then it is as before. */
  read(): ReadItems {
    const { spool } = this.#deps;
    const { filter, pastEnd, sinceMs } = this.#reading;
    const place = { ...this.#place };
    const items: StreamItem[] = [];
    const rows = spool.readLog(place.seq, ROWS_AT_ONCE);
    for (const row of rows) {
      items.push(...this.#live(place), ...this.#hole(place, row.seq));
      place.seq = row.seq;
      place.id = row.id;
      const isBefore = row.seq <= pastEnd && row.receivedMs < sinceMs;
      if (!isBefore && matchesEvent(filter, row.event)) items.push(this.#toItem(row));
    }
    const isEnd = rows.length < ROWS_AT_ONCE;
    if (isEnd && spool.lastSeq > place.seq) {
      // The newest are lost with a file that was damaged.
      items.push(...this.#hole(place, spool.lastSeq + 1));
      place.seq = spool.lastSeq;
    }
    items.push(...this.#live(place));
    this.#place = place;
    return { items, isEnd };
  }

  /** Leaves out what cannot be read. @param reason Why it cannot. */
  skip(reason: string): ReadItems {
    const place = { ...this.#place, seq: this.#deps.spool.lastSeq, id: undefined };
    this.#place = place;
    return { items: [gapAt(this.#deps.node, reason), ...this.#live(place)], isEnd: true };
  }

  /** Says that events are missing before a place, once: of what is forgotten, some may be left. */
  #hole(place: Place, nextSeq: number): StreamItem[] {
    if (nextSeq === place.seq + 1 || nextSeq - 1 <= place.toldTo) return [];
    const edge = readEdge(this.#deps.spool);
    place.toldTo = Math.max(edge.prunedSeq, nextSeq - 1);
    return [gapAt(this.#deps.node, describeEdge(edge))];
  }

  /** Says, once, that the past is over. */
  #live(place: Place): StreamItem[] {
    if (place.isLive || place.seq < this.#reading.pastEnd) return [];
    place.isLive = true;
    const { node, clock } = this.#deps;
    // Where there is no event before, what was received a moment ago is not committed yet.
    const id = place.id ?? ulidBefore(clock.now() - UNCOMMITTED_MS);
    const notice = { notice: "live", node: node.id, host: node.host } as const;
    return [{ kind: "notice", notice, position: this.#positionOf(id) }];
  }

  #toItem(row: SpooledEvent): StreamItem {
    const { node, shown } = this.#deps;
    try {
      const event = shown.get(row) ?? toHistoryEvent(row);
      shown.set(row, event);
      return { kind: "event", event, position: this.#positionOf(row.id) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return gapAt(node, `the event ${row.id} is damaged in the log`);
    }
  }

  #positionOf(id: string): string {
    return formatPosition([[this.#deps.node.id, id]]);
  }
}

/** Says that events may be missing. */
export function gapAt({ id, host }: ReportingNode, reason: string): StreamItem {
  return { kind: "notice", notice: { notice: "gap", node: id, host, reason } };
}

/** An event as it is shown. @throws {SyntaxError} If it is damaged. */
export function toHistoryEvent({ payload, receivedMs }: SpooledEvent): HistoryEvent {
  return { ...JSON.parse(payload), received_at: formatTime(receivedMs) };
}
