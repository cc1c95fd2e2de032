/**
 * The in-order stream of one webhook's deliveries.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import type { Outcome, SpooledEvent } from "../spool/spool.ts";
import { type Clock, sleepUnlessAborted } from "./clock.ts";
import { decideRetry } from "./retry_policy.ts";
import { type AttemptResult, describeResult, judge } from "./verdict.ts";
import { buildRequest, type WebhookClient } from "./webhook_client.ts";

/** What a lane does at the moment; it waits when it is done with all events. */
export type LaneActivity = "waiting" | "delivering" | "retrying";

/** How a lane is doing. */
export interface LaneState {
  readonly activity: LaneActivity;
  /** Set while attempts fail. */
  readonly failure?: LaneFailure;
}

/** Attempts fail, and how. */
export interface LaneFailure {
  /** When it began, in milliseconds since 1970. */
  readonly sinceMs: number;
  readonly attempts: number;
  /** The last attempt's answer or error. */
  readonly reason: string;
  /** When the next attempt is due, in milliseconds since 1970. */
  readonly nextAttemptMs: number;
}

/** What a lane has to tell. */
export type LaneNotice =
  | {
    readonly kind: "attempt";
    readonly webhook: string;
    readonly event: SpooledEvent;
    readonly result: AttemptResult;
  }
  | {
    readonly kind: "webhook_failing";
    readonly webhook: string;
    readonly event: SpooledEvent;
    readonly reason: string;
    readonly retryInMs: number;
  }
  | {
    readonly kind: "webhook_recovered";
    readonly webhook: string;
    readonly failedForMs: number;
    readonly attempts: number;
    /** Events given up on while it failed. */
    readonly givenUp: number;
  }
  | {
    readonly kind: "event_given_up";
    readonly webhook: string;
    readonly event: SpooledEvent;
    readonly reason: string;
    /** Events given up on since attempts began to fail, this one included. */
    readonly givenUp: number;
  }
  | { readonly kind: "spool_unreadable"; readonly webhook: string; readonly error: Error };

/** What a lane works with. */
export interface LaneDeps {
  /** The events behind a place in the log, oldest first. */
  readonly readAfter: (seq: number, limit: number) => readonly SpooledEvent[];
  readonly addOutcome: (outcome: Outcome) => void;
  readonly client: WebhookClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly userAgent: string;
  readonly notify: (notice: LaneNotice) => void;
}

const READ_AHEAD = 64;
const REREAD_MS = 1000;

/** Delivers one webhook's events, one after the other. */
export class Lane {
  readonly #deps: LaneDeps;
  readonly #stop = new AbortController();
  readonly #hurry = new AbortController();
  #change = new AbortController();
  #webhook: Webhook;
  #seq: number;
  #ahead: SpooledEvent[] = [];
  #ring: (() => void) | undefined;
  #activity: LaneActivity = "waiting";
  #failure: LaneFailure | undefined;
  #givenUp = 0;
  #unreadable = false;
  #running: Promise<void> | undefined;

  /** @param doneSeq The last event that the webhook is done with. */
  constructor(webhook: Webhook, doneSeq: number, deps: LaneDeps) {
    this.#webhook = webhook;
    this.#seq = doneSeq;
    this.#deps = deps;
  }

  /** How it is doing. */
  get state(): LaneState {
    const failure = this.#failure;
    return { activity: this.#activity, ...(failure === undefined ? {} : { failure }) };
  }

  /** Begins to deliver. */
  start(): void {
    this.#running = this.#run();
  }

  /** Says that there are new events. */
  wake(): void {
    this.#ring?.();
  }

  /** Goes on with changed settings; then an event that waits for a retry is tried at once. */
  update(webhook: Webhook): void {
    if (JSON.stringify(webhook) === JSON.stringify(this.#webhook)) return;
    this.#webhook = webhook;
    this.#change.abort();
    this.#change = new AbortController();
  }

  /** Begins nothing new; the request in flight may end within the time and is then cut off. */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    this.wake();
    const timer = setTimeout(() => this.#hurry.abort(), graceMs);
    try {
      await this.#running;
    } finally {
      clearTimeout(timer);
      this.#deps.client[Symbol.dispose]();
    }
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (this.#ahead.length === 0) this.#readAhead();
      const event = this.#ahead.shift();
      if (this.#unreadable) {
        await this.#sleep(REREAD_MS, this.#stop.signal);
      } else if (event === undefined) {
        this.#activity = "waiting";
        await new Promise<void>((resolve) => this.#ring = resolve);
      } else if (await this.#deliver(event)) {
        this.#seq = event.seq;
      }
    }
  }

  #readAhead(): void {
    try {
      this.#ahead = [...this.#deps.readAfter(this.#seq, READ_AHEAD)];
      this.#unreadable = false;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const { name: webhook } = this.#webhook;
      if (!this.#unreadable) this.#deps.notify({ kind: "spool_unreadable", webhook, error });
      this.#unreadable = true;
    }
  }

  /** Tries until the event is delivered or given up on; false if the lane was stopped before. */
  async #deliver(event: SpooledEvent): Promise<boolean> {
    let webhook = this.#webhook;
    for (let attempts = 1;; attempts++) {
      if (webhook !== this.#webhook) {
        // Changed settings get all attempts.
        webhook = this.#webhook;
        attempts = 1;
      }
      const result = await this.#attempt(webhook, event);
      if (result === undefined) return false;
      const verdict = judge(result);
      if (verdict === "delivered") {
        this.#deps.addOutcome({ webhook: webhook.name, seq: event.seq });
        this.#recovered();
        return true;
      }
      // What failed is not what is wanted now.
      if (webhook !== this.#webhook) continue;
      const { clock, random } = this.#deps;
      const decision = decideRetry({
        verdict,
        attempts,
        ageMs: clock.now() - event.receivedMs,
        ...(result.kind === "response" && result.retryAfterMs !== undefined
          ? { retryAfterMs: result.retryAfterMs }
          : {}),
        settings: webhook,
        random: random(),
      });
      const reason = describeResult(result);
      if ("giveUp" in decision) {
        this.#failed(event, reason, 0);
        this.#giveUp(event, `${reason}, ${decision.giveUp}`);
        return true;
      }
      this.#failed(event, reason, decision.retryInMs);
      if (!await this.#waitForRetry(decision.retryInMs)) return false;
    }
  }

  async #attempt(webhook: Webhook, event: SpooledEvent): Promise<AttemptResult | undefined> {
    if (this.#stop.signal.aborted) return undefined;
    const { client, notify, userAgent } = this.#deps;
    this.#activity = "delivering";
    try {
      const result = await client.post(buildRequest(webhook, event, userAgent), {
        timeoutMs: webhook.timeoutMs,
        signal: this.#hurry.signal,
      });
      notify({ kind: "attempt", webhook: webhook.name, event, result });
      return result;
    } catch (error) {
      if (this.#hurry.signal.aborted) return undefined;
      throw error;
    }
  }

  async #waitForRetry(retryInMs: number): Promise<boolean> {
    this.#activity = "retrying";
    await this.#sleep(retryInMs, AbortSignal.any([this.#stop.signal, this.#change.signal]));
    return !this.#stop.signal.aborted;
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    await sleepUnlessAborted(this.#deps.clock, { ms, signal });
  }

  #failed(event: SpooledEvent, reason: string, retryInMs: number): void {
    const nowMs = this.#deps.clock.now();
    const before = this.#failure;
    this.#failure = {
      sinceMs: before?.sinceMs ?? nowMs,
      attempts: (before?.attempts ?? 0) + 1,
      reason,
      nextAttemptMs: nowMs + retryInMs,
    };
    if (before === undefined) {
      const { name } = this.#webhook;
      this.#deps.notify({ kind: "webhook_failing", webhook: name, event, reason, retryInMs });
    }
  }

  #recovered(): void {
    if (this.#failure === undefined) return;
    const { sinceMs, attempts } = this.#failure;
    const givenUp = this.#givenUp;
    this.#failure = undefined;
    this.#givenUp = 0;
    this.#deps.notify({
      kind: "webhook_recovered",
      webhook: this.#webhook.name,
      failedForMs: this.#deps.clock.now() - sinceMs,
      attempts,
      givenUp,
    });
  }

  #giveUp(event: SpooledEvent, reason: string): void {
    const { name: webhook } = this.#webhook;
    const givenUpMs = this.#deps.clock.now();
    this.#deps.addOutcome({ webhook, seq: event.seq, deadLetter: { reason, givenUpMs } });
    const givenUp = ++this.#givenUp;
    this.#deps.notify({ kind: "event_given_up", webhook, event, reason, givenUp });
  }
}
