/**
 * A lane over events in memory, with a client that answers as the test says.
 *
 * @module
 */
import { CredentialStore } from "../../../../src/dispatcher/credentials.ts";
import type { DeliveryRequest } from "../../../../src/dispatcher/delivery_request.ts";
import { Lane } from "../../../../src/dispatcher/lanes/lane.ts";
import type { LaneMemory } from "../../../../src/dispatcher/lanes/lane_spool.ts";
import type { LaneNotice } from "../../../../src/dispatcher/lanes/lane_notice.ts";
import type { AttemptResult } from "../../../../src/dispatcher/verdict.ts";
import type { Webhook } from "../../../../src/registry/schema.ts";
import type { Attempt, Outcome } from "../../../../src/spool/spool_types.ts";
import { ManualClock, settle } from "../../../support/manual_clock.ts";
import { answerWith, WEBHOOK } from "./lane_answers.ts";
import { MemorySpool } from "./memory_spool.ts";

/** A request as the client saw it. */
export interface Posted {
  /** The ids of the events in it, with a plus between them. */
  readonly ids: string;
  /** When, since the beginning of the test. */
  readonly atMs: number;
  readonly request: DeliveryRequest;
  /** Ends it; for tests that hold the answers back. */
  readonly answer: (result: AttemptResult) => void;
  isAnswered: boolean;
}

/** How the receiver answers; `undefined` leaves that to the test. */
export type Answers = (posted: Posted, number: number) => AttemptResult | undefined;

/** A lane and all that it does. */
export class LaneBench implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly spool = new MemorySpool(this.clock);
  readonly posted: Posted[] = [];
  readonly notices: LaneNotice[] = [];
  readonly lane: Lane;
  readonly webhook: Webhook;
  readonly #startMs = this.clock.steadyNow();
  answers: Answers = () => answerWith(200);
  random = 0.5;
  isClientGone = false;

  constructor(settings: Partial<Webhook> = {}, before: LaneMemory = {}) {
    this.webhook = { ...WEBHOOK, ...settings };
    this.lane = new Lane(this.webhook, {
      spool: this.spool,
      client: {
        post: (request, { signal }) => this.#post(request, signal),
        [Symbol.dispose]: () => this.isClientGone = true,
      },
      credentials: new CredentialStore(this.clock.steadyNow),
      clock: this.clock,
      random: () => this.random,
      userAgent: "test",
      notify: (notice) => {
        if (notice.kind !== "attempt") this.notices.push(notice);
      },
    }, before);
    this.lane.start();
  }

  /** Puts events into the spool and lets happen what then happens at once. */
  async add(...ids: string[]): Promise<void> {
    this.spool.add(...ids);
    this.lane.wake();
    await settle();
  }

  /** Changes settings. */
  async update(settings: Partial<Webhook>): Promise<void> {
    this.lane.update({ ...this.webhook, ...settings });
    await settle();
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await this.clock.pass(ms);
  }

  /** Answers the oldest request that waits for its answer. */
  async answer(result: AttemptResult, ids?: string): Promise<void> {
    const waiting = this.posted.find((posted) =>
      !posted.isAnswered && (ids === undefined || posted.ids === ids)
    );
    if (waiting === undefined) throw new Error(`No request of ${ids ?? "any event"} is under way`);
    waiting.answer(result);
    await settle();
  }

  /** The events of each request. */
  get ids(): string[] {
    return this.posted.map(({ ids }) => ids);
  }

  /** The events of each request, and when it was made. */
  get trail(): [ids: string, atMs: number][] {
    return this.posted.map(({ ids, atMs }) => [ids, atMs]);
  }

  /** The events of the requests that wait for their answers. */
  get underWay(): string[] {
    return this.posted.filter(({ isAnswered }) => !isAnswered).map(({ ids }) => ids);
  }

  get kinds(): string[] {
    return this.notices.map(({ kind }) => kind);
  }

  get attempts(): readonly Attempt[] {
    return this.spool.attempts;
  }

  /** What changed, apart from how the webhook is doing. */
  get outcomes(): readonly Outcome[] {
    return this.spool.outcomes.filter(({ kind }) => kind !== "failing" && kind !== "recovered");
  }

  /** What the next daemon would know of how the webhook fails. */
  get memory(): LaneMemory {
    const last = this.spool.outcomes.findLast(({ kind }) =>
      kind === "failing" || kind === "recovered"
    );
    return last?.kind === "failing" ? { failing: last.failing } : {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lane.stop(0);
  }

  #post(request: DeliveryRequest, signal: AbortSignal): Promise<AttemptResult> {
    const { promise, resolve, reject } = Promise.withResolvers<AttemptResult>();
    const payloads = [JSON.parse(request.body)].flat();
    const posted: Posted = {
      ids: payloads.map(({ id }) => id).join("+"),
      atMs: this.clock.steadyNow() - this.#startMs,
      request,
      answer: (result) => {
        posted.isAnswered = true;
        resolve(result);
      },
      isAnswered: false,
    };
    this.posted.push(posted);
    signal.addEventListener("abort", () => reject(signal.reason));
    const result = this.answers(posted, this.posted.length);
    if (result !== undefined) posted.answer(result);
    return promise;
  }
}
