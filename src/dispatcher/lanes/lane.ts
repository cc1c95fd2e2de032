/**
 * The stream of one webhook's deliveries.
 *
 * @module
 */
import type { Webhook } from "../../registry/schema.ts";
import { Alarm } from "./alarm.ts";
import { type Consequence, type Posted, recordAttempt, recordCutOff } from "../attempt_record.ts";
import type { Clock } from "../clock.ts";
import type { CredentialStore } from "../credentials.ts";
import { type Delivery, receivedInTurn } from "./delivery.ts";
import { countFailure, postpone, separate } from "./failed_together.ts";
import { LaneEndings } from "./lane_endings.ts";
import { LaneHealth } from "./lane_health.ts";
import type { LaneActivity, LaneNotice, LaneState } from "./lane_notice.ts";
import { LanePause } from "./lane_pause.ts";
import { LaneQueue } from "./lane_queue.ts";
import type { LaneMemory, LaneSpool } from "./lane_spool.ts";
import { type PostDeps, postEvents } from "../post_events.ts";
import { backOffMs, slotOf } from "./retry_policy.ts";
import { type AttemptResult, describeResult, judge, type Verdict } from "../verdict.ts";
import type { WebhookClient } from "../http/webhook_client.ts";

/** What a lane works with. */
export interface LaneDeps {
  readonly spool: LaneSpool;
  readonly client: WebhookClient;
  readonly credentials: CredentialStore;
  readonly clock: Clock;
  readonly random: () => number;
  readonly userAgent: string;
  readonly notify: (notice: LaneNotice) => void;
}

const REREAD_MS = 1000;

/** Delivers the events of one webhook. */
export class Lane {
  readonly #deps: LaneDeps;
  readonly #stop = new AbortController();
  readonly #hurry = new AbortController();
  readonly #queue: LaneQueue;
  readonly #pause: LanePause;
  readonly #alarm: Alarm;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #endings: LaneEndings;
  readonly #postDeps: PostDeps;
  #webhook: Webhook;
  #health = new LaneHealth();
  /** When the last request was made. */
  #lastPostMs = -Infinity;

  /** @param before How the webhook was doing when the daemon stopped. */
  constructor(webhook: Webhook, deps: LaneDeps, before: LaneMemory = {}) {
    this.#webhook = webhook;
    this.#deps = deps;
    this.#pause = new LanePause(before.pause, {
      now: deps.clock.now,
      addOutcome: deps.spool.addOutcome,
      notify: deps.notify,
    });
    this.#alarm = new Alarm(deps.clock, () => this.#pump());
    if (before.failing !== undefined) this.#health.restore(before.failing, deps.clock);
    this.#queue = new LaneQueue(webhook, deps.spool);
    this.#endings = new LaneEndings({ ...deps, queue: this.#queue });
    this.#postDeps = { ...deps, signal: this.#hurry.signal };
  }

  /** How it is doing. */
  get state(): LaneState {
    const { clock } = this.#deps;
    const failure = this.#health.toFailure(clock, this.#queue.nextStartMs(clock.steadyNow()));
    const { inForce: pause } = this.#pause;
    return {
      activity: this.#activity,
      ...(failure === undefined ? {} : { failure }),
      ...(pause === undefined ? {} : { pause }),
    };
  }

  /** Begins to deliver. */
  start(): void {
    this.#pause.tell(this.#webhook);
    this.#pause.takeByHand(this.#webhook);
    this.#pump();
  }

  /** Says that there may be new events, or room for outcomes. */
  wake(): void {
    this.#queue.wake();
    this.#pump();
  }

  /** Goes on with changed settings; what waits for a retry is then tried at once. */
  update(webhook: Webhook): void {
    const before = this.#webhook;
    if (JSON.stringify(webhook) === JSON.stringify(before)) return;
    this.#webhook = webhook;
    if (webhook.url !== before.url) {
      this.#pause.forgetReceiver(webhook);
      this.#health = new LaneHealth();
    }
    this.#pause.takeByHand(webhook);
    this.#queue.update(webhook);
    this.#tryAtOnce();
  }

  /** Ends a pause after 410 and does not wait for a retry. @returns Whether anything waited. */
  resume(): boolean {
    const isWaiting = this.#pause.inForce !== undefined || this.#health.outage !== undefined;
    if (this.#webhook.paused || !isWaiting) return false;
    this.#pause.end(this.#webhook);
    this.#health.forgetAsked();
    this.#tryAtOnce();
    return true;
  }

  /** Forgets what is read already but does not wait any more. */
  forgetDropped(): void {
    this.#queue.forgetDropped();
    this.wake();
  }

  /** Goes on with a new file of the spool, which may not have all that is read already. */
  beginAnew(): void {
    this.#queue.beginAnew();
    this.wake();
  }

  /** Begins nothing new; the requests in flight may end within the time and are then cut off. */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    this.#alarm.off();
    const timer = setTimeout(() => this.#hurry.abort(), graceMs);
    try {
      await Promise.all(this.#inFlight);
    } finally {
      clearTimeout(timer);
      this.#deps.client[Symbol.dispose]();
    }
  }

  get #activity(): LaneActivity {
    if (this.#pause.inForce !== undefined) return "paused";
    if (this.#queue.isEmpty) return "waiting";
    return this.#health.outage === undefined ? "delivering" : "retrying";
  }

  /** Starts all requests that may start now, and sets the alarm for the next that may. */
  #pump(): void {
    if (this.#stop.signal.aborted) return;
    const nowMs = this.#deps.clock.steadyNow();
    this.#queue.goOn();
    let wakeAtMs = this.#read() ? Infinity : nowMs + REREAD_MS;
    if (this.#pause.inForce === undefined) {
      // First, since a lane that gives up everything would never learn that its webhook works.
      const startAtMs = this.#startRequests(nowMs);
      wakeAtMs = Math.min(wakeAtMs, startAtMs, this.#giveUpOld(nowMs));
    }
    this.#alarm.set(this.#queue.isInterrupted ? nowMs : wakeAtMs);
  }

  /** @returns When the next request may start; `Infinity` if that is not for time to say. */
  #startRequests(nowMs: number): number {
    const { concurrency, requestIntervalMs = 0 } = this.#webhook;
    while (this.#inFlight.size < this.#health.mostInFlight(concurrency)) {
      if (!this.#deps.spool.mayPost()) return Infinity;
      const next = this.#queue.next(nowMs);
      if (next.length === 0) return this.#queue.nextStartMs(nowMs);
      const startMs = Math.max(this.#health.notBeforeMs, this.#lastPostMs + requestIntervalMs);
      if (startMs > nowMs) return startMs;
      this.#lastPostMs = slotOf(nowMs, { lastMs: this.#lastPostMs, intervalMs: requestIntervalMs });
      this.#post(next);
      this.#read();
    }
    return Infinity;
  }

  /** Fills what is in memory. @returns False if the spool cannot be read. */
  #read(): boolean {
    const { notify } = this.#deps;
    const { name: webhook } = this.#webhook;
    return this.#queue.refill((error) => notify({ kind: "spool_unreadable", webhook, error }));
  }

  #post(deliveries: readonly Delivery[]): void {
    this.#queue.begin(deliveries);
    const posting = this.#attempt(deliveries).finally(() => {
      this.#inFlight.delete(posting);
      for (const delivery of deliveries) delivery.isInFlight = false;
      this.#pump();
    });
    this.#inFlight.add(posting);
  }

  async #attempt(deliveries: readonly Delivery[]): Promise<void> {
    const { clock, spool, notify } = this.#deps;
    const webhook = this.#webhook;
    const events = deliveries.map(({ event }) => event);
    const posted: Posted = { webhook, events, atMs: clock.now() };
    const startedMs = clock.steadyNow();
    const result = await postEvents(posted, this.#postDeps);
    if (result === undefined) {
      spool.addAttempt(recordCutOff(posted, clock.steadyNow() - startedMs), []);
      return;
    }
    const [event] = events;
    if (event !== undefined) {
      notify({ kind: "attempt", webhook: webhook.name, event, events: events.length, result });
    }
    // Not in flight any more, so that they can be expired with all others.
    for (const delivery of deliveries) delivery.isInFlight = false;
    const consequence = this.#conclude(deliveries, { result, webhook, startedMs });
    spool.addAttempt(recordAttempt(posted, result, consequence), receivedInTurn(deliveries));
  }

  /** Draws the consequences of an attempt. */
  #conclude(
    deliveries: readonly Delivery[],
    attempt: { result: AttemptResult; webhook: Webhook; startedMs: number },
  ): Consequence {
    const { result, webhook, startedMs } = attempt;
    const verdict = judge(result);
    if (verdict === "delivered") {
      for (const delivery of deliveries) this.#endings.deliver(delivery, this.#webhook);
      const ended = this.#health.succeed(startedMs);
      if (ended !== undefined) this.#endings.recover(ended, this.#webhook);
      return { outcome: "delivered" };
    }
    const nowMs = this.#deps.clock.steadyNow();
    if (webhook.url === this.#webhook.url) this.#leaveAlone(result, nowMs);
    // What failed is not what is wanted now: the changed settings begin anew.
    if (webhook !== this.#webhook) {
      this.#queue.leaveOut(deliveries);
      const waitMs = Math.max(0, this.#health.notBeforeMs - nowMs);
      return { outcome: "retry", nextMs: this.#deps.clock.now() + waitMs };
    }
    if (verdict === "gone") {
      this.#pause.begin(webhook, describeResult(result));
      return { outcome: "paused" };
    }
    return this.#fail(deliveries, { result, verdict, startedMs });
  }

  #fail(
    deliveries: readonly Delivery[],
    attempt: {
      result: AttemptResult;
      verdict: Exclude<Verdict, "delivered" | "gone">;
      startedMs: number;
    },
  ): Consequence {
    const { result, verdict, startedMs } = attempt;
    const { clock, spool, notify } = this.#deps;
    const { name: webhook, order } = this.#webhook;
    const reason = describeResult(result);
    const atMs = clock.now();
    const endedMs = clock.steadyNow();
    const isFirst = this.#health.fail({ startedMs, endedMs, atMs, reason });
    const isLaneWide = verdict === "retry";
    if (isLaneWide) this.#health.backOffUntil(endedMs + this.#backOffMs(this.#health.backOffs));
    const failing = this.#health.toMemory(clock);
    if (failing !== undefined) spool.addOutcome({ kind: "failing", webhook, failing });
    const failures = countFailure(deliveries, { reason, endedMs, isRejected: !isLaneWide });
    const isInOrder = order === "fifo" && deliveries.every(({ source }) => source.kind !== "gap");
    // In order, nothing else can go instead: the lane's own back-off is enough.
    const ownWaitMs = isLaneWide && isInOrder ? 0 : this.#backOffMs(failures);
    // Where others can go instead, they do when the lane opens: it may fail for this one only.
    const othersMs = isInOrder ? 0 : this.#health.notBeforeMs + 1;
    postpone(deliveries, Math.max(endedMs + ownWaitMs, othersMs));
    if (!isLaneWide) separate(deliveries);
    const retryInMs = Math.max(ownWaitMs, this.#health.notBeforeMs - endedMs);
    const [event] = deliveries.map(({ event }) => event);
    if (isFirst && event !== undefined) {
      notify({ kind: "webhook_failing", webhook, event, reason, retryInMs });
    }
    this.#endings.giveUpRejected(deliveries, this.#webhook);
    // What was dropped while it was under way is not tried again.
    this.#queue.forgetDropped(deliveries);
    this.#giveUpOld(endedMs);
    const isLeft = deliveries.some((delivery) => this.#queue.has(delivery));
    return isLeft ? { outcome: "retry", nextMs: atMs + retryInMs } : { outcome: "dead" };
  }

  #leaveAlone(result: AttemptResult, nowMs: number): void {
    if (result.kind !== "response" || result.retryAfterMs === undefined) return;
    this.#health.leaveAloneUntil(nowMs + result.retryAfterMs);
  }

  #backOffMs(failures: number): number {
    return backOffMs({ failures, settings: this.#webhook, random: this.#deps.random() });
  }

  #giveUpOld(nowMs: number): number {
    return this.#endings.giveUpOld(nowMs, this.#health.outage, this.#webhook);
  }

  #tryAtOnce(): void {
    this.#health.beginAnew(this.#deps.clock.steadyNow());
    for (const delivery of this.#queue.all()) delivery.begin();
    this.#pump();
  }
}
