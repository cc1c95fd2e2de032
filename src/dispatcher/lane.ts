/**
 * The stream of one webhook's deliveries.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import type { Attempt, Failing, Outcome, Pause } from "../spool/spool_types.ts";
import { Alarm } from "./alarm.ts";
import { type Consequence, type Posted, recordAttempt, recordCutOff } from "./attempt_record.ts";
import type { Clock } from "./clock.ts";
import type { Delivery } from "./delivery.ts";
import { buildRequest } from "./delivery_request.ts";
import { describeExpiry, leftMs } from "./expiry.ts";
import { LaneHealth } from "./lane_health.ts";
import type { LaneActivity, LaneNotice, LaneState } from "./lane_notice.ts";
import { LanePause } from "./lane_pause.ts";
import { type DeliveryReader, LaneQueue } from "./lane_queue.ts";
import { backOffMs, REJECTED_RETRIES } from "./retry_policy.ts";
import { type AttemptResult, describeResult, judge, type Verdict } from "./verdict.ts";
import type { WebhookClient } from "./webhook_client.ts";

/** Where a lane's events come from, and what it tells of them. */
export interface LaneSpool extends DeliveryReader {
  readonly addOutcome: (outcome: Outcome) => void;
  readonly addAttempt: (attempt: Attempt) => void;
  /** False while so much waits to be written that no more should be posted. */
  readonly mayPost: () => boolean;
}

/** How a webhook was doing when its lane was last stopped. */
export interface LaneMemory {
  readonly pause?: Pause;
  readonly failing?: Failing;
}

/** What a lane works with. */
export interface LaneDeps {
  readonly spool: LaneSpool;
  readonly client: WebhookClient;
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
  /** How far the machine's clock was ahead of the steady one at the start. */
  readonly #wallAheadMs: number;
  #webhook: Webhook;
  #health = new LaneHealth();
  /** When the last request was made. */
  #lastPostMs = -Infinity;
  #givenUp = 0;
  #isUnreadable = false;
  /** Whether something may have to be given up because it is too old. */
  #mayExpire = false;

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
    if (before.failing !== undefined) this.#restore(before.failing);
    this.#wallAheadMs = deps.clock.now() - deps.clock.steadyNow();
    this.#queue = new LaneQueue(webhook, deps.spool);
  }

  /** How it is doing. */
  get state(): LaneState {
    const { failing, notBeforeMs } = this.#health;
    const { inForce } = this.#pause;
    const pause = inForce === undefined ? {} : { pause: inForce };
    if (failing === undefined) return { activity: this.#activity, ...pause };
    const { clock } = this.#deps;
    const nowMs = clock.steadyNow();
    const startMs = this.#queue.nextStartMs(nowMs);
    const nextMs = Math.max(notBeforeMs, startMs === Infinity ? nowMs : startMs, nowMs);
    return {
      activity: this.#activity,
      failure: {
        sinceMs: failing.sinceMs,
        attempts: failing.attempts,
        reason: failing.reason,
        nextAttemptMs: clock.now() + nextMs - nowMs,
      },
      ...pause,
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
    const isWaiting = this.#pause.inForce !== undefined || this.#health.failing !== undefined;
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
    return this.#health.failing === undefined ? "delivering" : "retrying";
  }

  /** Starts all requests that may start now, and sets the alarm for the next that may. */
  #pump(): void {
    if (this.#stop.signal.aborted) return;
    const nowMs = this.#deps.clock.steadyNow();
    let wakeAtMs = this.#read() ? Infinity : nowMs + REREAD_MS;
    if (this.#pause.inForce === undefined) {
      // First, since a lane that gives up everything would never learn that its webhook works.
      const startAtMs = this.#startRequests(nowMs);
      wakeAtMs = Math.min(wakeAtMs, startAtMs, this.#expire(nowMs));
    }
    this.#alarm.set(wakeAtMs);
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
      this.#lastPostMs = slotOf(nowMs, this.#lastPostMs, requestIntervalMs);
      this.#post(next);
      this.#read();
    }
    return Infinity;
  }

  /** Fills what is in memory. @returns False if the spool cannot be read. */
  #read(): boolean {
    try {
      this.#queue.refill();
      this.#isUnreadable = false;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const { name: webhook } = this.#webhook;
      if (!this.#isUnreadable) this.#deps.notify({ kind: "spool_unreadable", webhook, error });
      this.#isUnreadable = true;
    }
    return !this.#isUnreadable;
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
    const result = await this.#request(posted);
    if (result === undefined) {
      spool.addAttempt(recordCutOff(posted, clock.steadyNow() - startedMs));
      return;
    }
    const [event] = events;
    if (event !== undefined) {
      notify({ kind: "attempt", webhook: webhook.name, event, events: events.length, result });
    }
    // Not in flight any more, so that they can be expired with all others.
    for (const delivery of deliveries) delivery.isInFlight = false;
    const consequence = this.#conclude(deliveries, { result, webhook, startedMs });
    spool.addAttempt(recordAttempt(posted, result, consequence));
  }

  /** @returns `undefined` if it was cut off. */
  async #request({ webhook, events }: Posted): Promise<AttemptResult | undefined> {
    const { clock, client, userAgent } = this.#deps;
    const startedMs = clock.steadyNow();
    const request = buildRequest(webhook, events, userAgent);
    const options = { timeoutMs: webhook.timeoutMs, signal: this.#hurry.signal };
    try {
      return await client.post(request, options);
    } catch (error) {
      if (this.#hurry.signal.aborted) return undefined;
      // What nobody foresaw must not end the lane: it is an attempt that failed, and shows as such.
      const detail = error instanceof Error ? error.message : String(error);
      const durationMs = clock.steadyNow() - startedMs;
      return { kind: "error", errorClass: "network", detail, durationMs };
    }
  }

  /** Draws the consequences of an attempt. */
  #conclude(
    deliveries: readonly Delivery[],
    attempt: { result: AttemptResult; webhook: Webhook; startedMs: number },
  ): Consequence {
    const { result, webhook, startedMs } = attempt;
    const verdict = judge(result);
    if (verdict === "delivered") {
      for (const delivery of deliveries) this.#end(delivery);
      this.#succeed(startedMs);
      return { outcome: "delivered" };
    }
    // What failed is not what is wanted now: the changed settings begin anew.
    if (webhook !== this.#webhook) return { outcome: "retry", nextMs: this.#deps.clock.now() };
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
    const { clock, notify } = this.#deps;
    const { name: webhook, order } = this.#webhook;
    const reason = describeResult(result);
    const atMs = clock.now();
    const endedMs = clock.steadyNow();
    const isFirst = this.#health.fail({ startedMs, endedMs, atMs, reason });
    const isLaneWide = verdict === "retry";
    if (isLaneWide) this.#health.backOffUntil(endedMs + this.#backOffMs(this.#health.backOffs));
    if (result.kind === "response" && result.retryAfterMs !== undefined) {
      this.#health.leaveAloneUntil(endedMs + result.retryAfterMs);
    }
    this.#rememberFailing(endedMs);
    const failures = Math.max(...deliveries.map((delivery) => {
      delivery.failedSinceMs ??= endedMs;
      delivery.lastFailure = reason;
      return isLaneWide ? ++delivery.failures : ++delivery.rejections;
    }));
    // In order, nothing else can go instead: the lane's own back-off is enough.
    const ownWaitMs = isLaneWide && order === "fifo" ? 0 : this.#backOffMs(failures);
    // Where others can go instead, they do when the lane opens: it may fail for this one only.
    const othersMs = order === "fifo" ? 0 : this.#health.notBeforeMs + 1;
    for (const delivery of deliveries) {
      delivery.notBeforeMs = Math.max(endedMs + ownWaitMs, othersMs);
    }
    if (verdict === "rejected") this.#separate(deliveries);
    const retryInMs = Math.max(ownWaitMs, this.#health.notBeforeMs - endedMs);
    const [event] = deliveries.map(({ event }) => event);
    if (isFirst && event !== undefined) {
      notify({ kind: "webhook_failing", webhook, event, reason, retryInMs });
    }
    for (const delivery of deliveries) {
      if (delivery.rejections > REJECTED_RETRIES) {
        this.#giveUp(delivery, `${reason}, rejected ${delivery.rejections} times`);
      }
    }
    this.#queue.forgetDropped(deliveries);
    this.#expire(endedMs);
    const isLeft = deliveries.some((delivery) => this.#queue.has(delivery));
    return isLeft ? { outcome: "retry", nextMs: atMs + retryInMs } : { outcome: "dead" };
  }

  #restore({ sinceMs, forMs, attempts, reason, waitUntilMs }: Failing): void {
    const { clock } = this.#deps;
    const nowMs = clock.steadyNow();
    const sinceSteadyMs = nowMs - forMs;
    this.#health.restore({
      sinceMs,
      sinceSteadyMs,
      countedFromMs: sinceSteadyMs,
      attempts,
      reason,
    });
    this.#health.leaveAloneUntil(nowMs + waitUntilMs - clock.now());
  }

  /** Keeps it for the next daemon. */
  #rememberFailing(nowMs: number): void {
    const { failing, askedUntilMs } = this.#health;
    if (failing === undefined) return;
    const { sinceMs, countedFromMs, attempts, reason } = failing;
    const waitUntilMs = this.#deps.clock.now() + askedUntilMs - nowMs;
    this.#deps.spool.addOutcome({
      kind: "failing",
      webhook: this.#webhook.name,
      failing: { sinceMs, forMs: nowMs - countedFromMs, attempts, reason, waitUntilMs },
    });
  }

  /** Each goes alone from now on, since one of them may be what is rejected. */
  #separate(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      delivery.group = undefined;
      delivery.isAlone = true;
      if (deliveries.length > 1) delivery.rejections = 0;
    }
  }

  #backOffMs(failures: number): number {
    return backOffMs({ failures, settings: this.#webhook, random: this.#deps.random() });
  }

  /**
   * Gives up what was retried for as long as `retry-for` says. Where attempts fail, that counts
   * for what waits behind them too.
   *
   * @returns When to look again, by the steady clock.
   */
  #expire(nowMs: number): number {
    const { failing } = this.#health;
    if (!this.#mayExpire && failing === undefined) return Infinity;
    this.#mayExpire = false;
    // A clock that is set forward makes nothing old.
    const wallMs = Math.min(this.#deps.clock.now(), this.#wallAheadMs + nowMs);
    const question = { nowMs, wallMs, failing, settings: this.#webhook };
    let nextMs = Infinity;
    for (const delivery of this.#queue.all()) {
      const ms = leftMs(delivery, question);
      if (ms === undefined) continue;
      this.#mayExpire = true;
      if (delivery.isInFlight) continue;
      if (ms > 0) {
        nextMs = Math.min(nextMs, nowMs + ms);
      } else {
        this.#giveUp(delivery, describeExpiry(delivery, question));
        // There is room for more, which may be as old.
        nextMs = nowMs;
      }
    }
    return nextMs;
  }

  /** Takes a delivery out and tells the spool how it ended. */
  #end(delivery: Delivery, deadLetter?: { reason: string; givenUpMs: number }): void {
    this.#queue.remove(delivery);
    this.#deps.spool.addOutcome(delivery.outcome(this.#webhook.name, deadLetter));
  }

  #giveUp(delivery: Delivery, reason: string): void {
    this.#end(delivery, { reason, givenUpMs: this.#deps.clock.now() });
    const { name: webhook } = this.#webhook;
    const givenUp = ++this.#givenUp;
    this.#deps.notify({ kind: "event_given_up", webhook, event: delivery.event, reason, givenUp });
  }

  #succeed(startedMs: number): void {
    const ended = this.#health.succeed(startedMs);
    if (ended === undefined) return;
    this.#deps.spool.addOutcome({ kind: "recovered", webhook: this.#webhook.name });
    const givenUp = this.#givenUp;
    this.#givenUp = 0;
    this.#deps.notify({
      kind: "webhook_recovered",
      webhook: this.#webhook.name,
      failedForMs: this.#deps.clock.steadyNow() - ended.sinceSteadyMs,
      attempts: ended.attempts,
      givenUp,
    });
  }

  #tryAtOnce(): void {
    this.#health.beginAnew(this.#deps.clock.steadyNow());
    for (const delivery of this.#queue.all()) delivery.begin();
    this.#pump();
  }
}

/** What is a little late does not move all that follow it, or the rate would never be reached. */
function slotOf(nowMs: number, lastMs: number, intervalMs: number): number {
  const dueMs = lastMs + intervalMs;
  return nowMs - dueMs < intervalMs ? dueMs : nowMs;
}
