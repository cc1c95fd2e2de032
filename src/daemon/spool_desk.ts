/**
 * Answers what is asked of the spool: what came in, what was tried, what was given up, and what is
 * to be posted again.
 *
 * @module
 */
import { type ResumeOutcome, UnservedWebhookError } from "../api/control_handlers.ts";
import { formatTime } from "../api/rfc3339.ts";
import type {
  AttemptQuery,
  AttemptReport,
  DeadLetterQuery,
  DeadLetterReport,
  EventQuery,
  HistoryEvent,
  HistoryQuery,
  ReplayReport,
  ReplayRequest,
} from "../api/spool_reports.ts";
import type { Clock } from "../dispatcher/clock.ts";
import type { Dispatcher } from "../dispatcher/dispatcher.ts";
import { matchesEvent, parseEventFilter } from "../event/event_filter.ts";
import { isCalled } from "../registry/changes.ts";
import type { Webhook } from "../registry/schema.ts";
import { maskUrl } from "../registry/webhook_url.ts";
import type { GroupCommit } from "../spool/group_commit.ts";
import {
  type DeadLetter,
  findEvents,
  type Search,
  searchAttempts,
  searchDeadLetters,
  searchEvents,
} from "../spool/history.ts";
import { queueReplays } from "../spool/replays.ts";
import type { Spool } from "../spool/spool.ts";
import type { Attempt } from "../spool/spool_types.ts";
import { toHistoryEvent } from "./feed_reader.ts";
import { filterOf } from "./webhook_filters.ts";

/** What the desk works with. */
export interface SpoolDeskDeps {
  readonly spool: Spool;
  readonly commit: Pick<GroupCommit, "flush">;
  readonly dispatcher: Pick<Dispatcher, "wake" | "resume">;
  readonly webhooks: () => readonly Webhook[];
  readonly clock: Pick<Clock, "steadyNow">;
  /** Lets everything else go on for a moment. */
  readonly breathe: () => Promise<void>;
}

/** For so long nothing else happens. */
const SLICE_MS = 10;
const REPLAYS_AT_ONCE = 1000;
/** How many events a replay shows at each end. */
const SAMPLE = 5;

/**
 * Looks things up step by step, so that the intake goes on in between. What happened in the last
 * milliseconds is written before, so that it is found too.
 */
export class SpoolDesk {
  readonly #deps: SpoolDeskDeps;

  constructor(deps: SpoolDeskDeps) {
    this.#deps = deps;
  }

  /** The newest events that fit, oldest first. */
  async history(query: HistoryQuery): Promise<HistoryEvent[]> {
    this.#deps.commit.flush();
    const found = searchEvents(this.#deps.spool, toSearch(query));
    return await this.#newest(found, query.limit, toHistoryEvent);
  }

  /** The newest attempts that fit, oldest first. */
  async attempts(query: AttemptQuery): Promise<AttemptReport[]> {
    const webhook = query.webhook === undefined ? {} : { webhook: this.#nameOf(query.webhook) };
    this.#deps.commit.flush();
    const search = { ...toSearch(query), ...webhook, isFailed: query.failed === true };
    const found = searchAttempts(this.#deps.spool, search);
    return await this.#newest(found, query.limit, toAttemptReport);
  }

  /** The newest dead letters that fit, oldest first. */
  async deadLetters(query: DeadLetterQuery): Promise<DeadLetterReport[]> {
    this.#deps.commit.flush();
    return await this.#newest(this.#searchDeadLetters(query), query.limit, toDeadLetterReport);
  }

  /**
   * Posts events again, also those that the webhook's filter leaves out: somebody asks for them.
   * With ids that the spool does not know it does nothing but name them.
   */
  async replay(request: ReplayRequest): Promise<ReplayReport> {
    const { spool, dispatcher, commit, webhooks } = this.#deps;
    const webhook = this.#nameOf(request.webhook);
    const isDryRun = request.dry_run === true;
    commit.flush();
    const unknownIds = this.#unknownIds(request.ids ?? []);
    const wanted = unknownIds.length > 0 ? [] : await this.#wanted(webhook, request);
    const isWanted = filterOf(webhooks(), webhook);
    const filter = isWanted === undefined ? {} : { isWanted };
    const queued: number[] = [];
    let deadLetters = 0;
    let waiting = 0;
    for (let start = 0; start < wanted.length; start += REPLAYS_AT_ONCE) {
      const seqs = wanted.slice(start, start + REPLAYS_AT_ONCE);
      const count = queueReplays(spool, { webhook, seqs, isDryRun, ...filter });
      queued.push(...count.queued);
      deadLetters += count.deadLetters;
      waiting += count.waiting;
      if (!isDryRun) dispatcher.wake();
      await this.#deps.breathe();
    }
    return {
      webhook,
      dry_run: isDryRun,
      events: queued.length,
      dead_letters: deadLetters,
      waiting,
      unknown_ids: unknownIds,
      sample: this.#sample(queued),
    };
  }

  /** Ends a webhook's pause, or its wait for a retry. */
  resume(asked: string): ResumeOutcome {
    const webhook = this.#nameOf(asked);
    return { webhook, resumed: this.#deps.dispatcher.resume(webhook) };
  }

  #searchDeadLetters(query: EventQuery & { readonly webhook?: string }): Generator<DeadLetter[]> {
    const webhook = query.webhook === undefined ? {} : { webhook: this.#nameOf(query.webhook) };
    return searchDeadLetters(this.#deps.spool, { ...toSearch(query), ...webhook });
  }

  /** The places of the events that a replay is asked for, in the order of the log. */
  async #wanted(webhook: string, request: ReplayRequest): Promise<number[]> {
    const { spool } = this.#deps;
    const seqs: number[] = [];
    if (request.dead_letters === true) {
      for await (const letters of this.#calmly(this.#searchDeadLetters({ ...request, webhook }))) {
        for (const { event } of letters) seqs.push(event.seq);
      }
    } else {
      for await (const events of this.#calmly(searchEvents(spool, toSearch(request)))) {
        for (const { seq } of events) seqs.push(seq);
      }
    }
    return seqs.sort((a, b) => a - b);
  }

  #unknownIds(ids: readonly string[]): string[] {
    if (ids.length === 0) return [];
    const known = new Set(findEvents(this.#deps.spool, ids).map(({ id }) => id));
    return ids.filter((id) => !known.has(id));
  }

  /** The first and the last of them. */
  #sample(seqs: readonly number[]): HistoryEvent[] {
    const shown = seqs.length <= 2 * SAMPLE
      ? seqs
      : [...seqs.slice(0, SAMPLE), ...seqs.slice(-SAMPLE)];
    return this.#deps.spool.eventsAt(shown).map(toHistoryEvent);
  }

  /** The last so many of what comes newest first, oldest first. */
  async #newest<T, Report>(
    found: Generator<T[]>,
    limit: number,
    toReport: (row: T) => Report,
  ): Promise<Report[]> {
    const newest: Report[] = [];
    for await (const rows of this.#calmly(found)) {
      newest.push(...rows.slice(0, limit - newest.length).map(toReport));
      if (newest.length >= limit) break;
    }
    return newest.reverse();
  }

  /** The same steps, with pauses in between. */
  async *#calmly<T>(steps: Iterable<T>): AsyncGenerator<T> {
    const { clock, breathe } = this.#deps;
    let sinceMs = clock.steadyNow();
    for (const step of steps) {
      yield step;
      if (clock.steadyNow() - sinceMs < SLICE_MS) continue;
      await breathe();
      sinceMs = clock.steadyNow();
    }
  }

  #nameOf(asked: string): string {
    const webhooks = this.#deps.webhooks();
    const webhook = webhooks.find((candidate) => isCalled(candidate, asked));
    if (webhook !== undefined) return webhook.name;
    const shown = URL.canParse(asked) ? maskUrl(asked) : JSON.stringify(maskUrl(asked));
    throw new UnservedWebhookError(
      `Webhook does not exist: ${shown}`,
      webhooks.length === 0
        ? "there are none yet; add one: gluster-eventing webhook-add URL"
        : `there are: ${webhooks.map(({ name }) => name).join(", ")}`,
    );
  }
}

function toSearch(query: EventQuery): Search {
  const { ids, since, until } = query;
  const filter = parseEventFilter(query);
  return {
    isWanted: (name) => matchesEvent(filter, name),
    ...(ids === undefined ? {} : { ids }),
    ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
    ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
  };
}

function toDeadLetterReport(letter: DeadLetter): DeadLetterReport {
  const { webhook, event, reason, givenUpMs } = letter;
  return { webhook, given_up_at: formatTime(givenUpMs), reason, ...toHistoryEvent(event) };
}

function toAttemptReport(attempt: Attempt): AttemptReport {
  const { atMs, webhook, ids, events, status, error, result, durationMs, answer } = attempt;
  return {
    at: formatTime(atMs),
    webhook,
    id: ids[0] ?? "",
    event: events[0] ?? "",
    events: ids.length,
    status: status ?? null,
    error: error ?? null,
    result,
    duration_ms: durationMs,
    answer,
    outcome: attempt.outcome,
    next_attempt_at: attempt.nextMs === undefined ? null : formatTime(attempt.nextMs),
  };
}
