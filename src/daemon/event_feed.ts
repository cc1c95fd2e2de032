/**
 * The events of this node as they come in. Whoever follows them has a place in the spool's log and
 * nothing else: what is behind it is read when it is asked for, so that it costs the same whether one
 * is quick or slow, and nobody waits for anybody.
 *
 * @module
 */
import type { StreamItem, StreamQuery } from "../api/event_stream.ts";
import type { HistoryEvent } from "../api/spool_reports.ts";
import type { Clock } from "../dispatcher/clock.ts";
import type { ReportingNode } from "../event/event.ts";
import { type EventFilter, parseEventFilter } from "../event/event_filter.ts";
import { SpoolError } from "../spool/errors.ts";
import type { GroupCommit } from "../spool/group_commit.ts";
import type { Spool } from "../spool/spool.ts";
import type { SpooledEvent } from "../spool/spool_types.ts";
import { FeedReader, gapAt } from "./feed_reader.ts";
import { type FeedStart, findFeedStart } from "./feed_start.ts";

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
  /** For how long it is tried to read what cannot be read. */
  readonly giveUpMs?: number;
}

/** For so long nothing else happens, however many read. */
const SLICE_MS = 2;
/** With so many events in one commit more of them wait to be received: those who follow wait too. */
const BURST_EVENTS = 200;
/** For so long then, whenever they had their time: writing takes more of it than reading. */
const REST_MS = 30;
/** When the log cannot be read, it is tried again after this, or when something was written. */
const RETRY_MS = 1000;
/** By then what is damaged has been replaced, or will not be before somebody needs it more. */
const GIVE_UP_MS = 3000;

/** What those who follow see. */
export class EventFeed {
  readonly #deps: EventFeedDeps;
  readonly #waiting = new Set<() => void>();
  /** What is read once for all who follow. */
  readonly #shown = new WeakMap<SpooledEvent, HistoryEvent>();
  /** When reading began that nothing has interrupted yet. */
  #sliceMs = -Infinity;
  #breath: Promise<void> | undefined;
  /** Whether a burst came in since then. */
  #isBurst = false;

  constructor(deps: EventFeedDeps) {
    this.#deps = deps;
  }

  /** Has to be called after each commit. @param events How many were among it. */
  committed(events: number): void {
    if (events >= BURST_EVENTS) this.#isBurst = true;
    // Most commits find nobody.
    for (const wake of [...this.#waiting]) wake();
  }

  /** Follows the events, until the signal. @throws {InvalidFilterError} If no event can match. */
  follow(query: StreamQuery, signal: AbortSignal): AsyncIterable<readonly StreamItem[]> {
    const filter = parseEventFilter(query);
    // What comes from now on is in it, whenever it is read.
    const { lastSeq } = this.#deps.spool;
    return this.#follow({ filter, since: query.since, lastSeq }, signal);
  }

  async *#follow(
    { filter, since, lastSeq }: {
      readonly filter: EventFilter;
      readonly since: string | undefined;
      readonly lastSeq: number;
    },
    signal: AbortSignal,
  ): AsyncGenerator<readonly StreamItem[]> {
    const { spool, node } = this.#deps;
    const live: FeedStart = { afterSeq: lastSeq, sinceMs: -Infinity };
    const start = since === undefined
      ? live
      : await this.#patiently(signal, () => this.#findStart(since), (gap) => ({ ...live, gap }));
    if (start.gap !== undefined) yield [gapAt(node, start.gap)];
    const deps = { ...this.#deps, shown: this.#shown };
    const reading = { ...start, filter, pastEnd: since === undefined ? lastSeq : spool.lastSeq };
    const reader = await this.#patiently(
      signal,
      () => FeedReader.begin(deps, reading),
      () => FeedReader.beginBlindly(deps, reading),
    );
    while (!signal.aborted) {
      await this.#takeTurn();
      const { items, isEnd } = await this.#patiently(
        signal,
        () => reader.read(),
        (reason) => reader.skip(reason),
      );
      if (items.length > 0) yield items;
      // What was written while they were taken has woken nobody.
      if (isEnd && !signal.aborted && reader.isAtEnd) await this.#news(signal);
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

  /** Does it as soon as the log can be read; does without, if that takes too long. */
  async #patiently<T>(
    signal: AbortSignal,
    work: () => T | Promise<T>,
    doWithout: (reason: string) => T,
  ): Promise<T> {
    const { clock: { steadyNow }, giveUpMs = GIVE_UP_MS } = this.#deps;
    const beganMs = steadyNow();
    for (;;) {
      try {
        return await work();
      } catch (error) {
        // Whoever writes tells what is wrong with it.
        if (!(error instanceof SpoolError)) throw error;
        if (signal.aborted || steadyNow() - beganMs >= giveUpMs) return doWithout(error.message);
      }
      await this.#news(signal, RETRY_MS);
    }
  }

  /** All who read share the time, so that many of them hold up nothing longer than one does. */
  async #takeTurn(): Promise<void> {
    const { clock } = this.#deps;
    while (clock.steadyNow() - this.#sliceMs >= SLICE_MS) {
      this.#breath ??= this.#rest().then(() => {
        this.#breath = undefined;
        this.#isBurst = false;
        this.#sliceMs = clock.steadyNow();
      });
      await this.#breath;
    }
  }

  async #rest(): Promise<void> {
    const { breathe, schedule } = this.#deps;
    if (this.#isBurst) await new Promise<void>((resolve) => schedule(resolve, REST_MS));
    else await breathe();
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
