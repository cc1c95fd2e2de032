/**
 * Counts what the lanes do, webhook by webhook, since the daemon started: what nobody has to know
 * after a restart. An attempt costs the same however many there were.
 *
 * @module
 */
import type { ErrorClass } from "../dispatcher/verdict.ts";
import type { Attempt, Outcome } from "../spool/spool_types.ts";
import { Histogram } from "./histogram.ts";

const ERROR_CLASSES = {
  dns: true,
  refused: true,
  reset: true,
  timeout: true,
  tls: true,
  network: true,
  settings: true,
} as const satisfies Record<ErrorClass, true>;

/** How an attempt can end: with an answer of some kind, without one, or cut off. */
export const ATTEMPT_CLASSES = [
  "2xx",
  "3xx",
  "4xx",
  "5xx",
  ...Object.keys(ERROR_CLASSES) as ErrorClass[],
  "aborted",
  "other",
] as const;

/** One of them. */
export type AttemptClass = typeof ATTEMPT_CLASSES[number];

/** Upper ends in seconds: a request ends after 15 s, unless the registry says otherwise. */
const DURATIONS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60];
/** Upper ends in seconds: an event is retried for three days. */
const DELAYS = [0.005, 0.01, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 21_600, 86_400];

/** What was counted for a webhook. */
export class WebhookCounts {
  readonly attempts = new Map<AttemptClass, number>(ATTEMPT_CLASSES.map((name) => [name, 0]));
  /** How long requests took, in seconds. */
  readonly durations = new Histogram(DURATIONS);
  /** How long events took from their receipt to the receiver's answer, in seconds. */
  readonly delays = new Histogram(DELAYS);
  /** Events that became dead letters. */
  givenUp = 0;
  /** When the last attempt ended, in milliseconds since 1970. */
  lastAttemptMs: number | undefined;
  /** The same of the last one that delivered. */
  lastSuccessMs: number | undefined;

  /** Counts an attempt. @param received When those of its events came that went in their turn. */
  addAttempt(attempt: Attempt, received: readonly number[]): void {
    const attemptClass = classOf(attempt);
    const endedMs = attempt.atMs + attempt.durationMs;
    this.attempts.set(attemptClass, (this.attempts.get(attemptClass) ?? 0) + 1);
    this.lastAttemptMs = endedMs;
    // No request was made for want of a file: it took no time, and says nothing of the receiver.
    if (attemptClass !== "settings") this.durations.observe(attempt.durationMs / 1000);
    if (attempt.outcome !== "delivered") return;
    this.lastSuccessMs = endedMs;
    for (const receivedMs of received) this.delays.observe((endedMs - receivedMs) / 1000);
  }
}

/** The counts of all webhooks. */
export class DeliveryCounts {
  readonly #webhooks = new Map<string, WebhookCounts>();

  /** Those of a webhook, from 0 if there are none yet. */
  of(webhook: string): WebhookCounts {
    let counts = this.#webhooks.get(webhook);
    if (counts === undefined) {
      counts = new WebhookCounts();
      this.#webhooks.set(webhook, counts);
    }
    return counts;
  }

  /** Forgets all other webhooks. */
  retain(webhooks: readonly { readonly name: string }[]): void {
    const names = new Set(webhooks.map(({ name }) => name));
    for (const name of this.#webhooks.keys()) if (!names.has(name)) this.#webhooks.delete(name);
  }

  /** Counts an attempt. @param received When those of its events came that went in their turn. */
  addAttempt(attempt: Attempt, received: readonly number[]): void {
    this.of(attempt.webhook).addAttempt(attempt, received);
  }

  /** Counts what became of an event, if it was given up. */
  addOutcome(outcome: Outcome): void {
    if (outcome.kind !== "finished" || outcome.deadLetter === undefined) return;
    this.of(outcome.webhook).givenUp++;
  }
}

function classOf({ status, error }: Attempt): AttemptClass {
  if (status !== undefined) return classOfStatus(status);
  if (error === "aborted") return error;
  return isErrorClass(error) ? error : "other";
}

function classOfStatus(status: number): AttemptClass {
  if (status >= 200 && status <= 299) return "2xx";
  if (status >= 300 && status <= 399) return "3xx";
  if (status >= 400 && status <= 499) return "4xx";
  return status >= 500 && status <= 599 ? "5xx" : "other";
}

function isErrorClass(text: string | undefined): text is ErrorClass {
  return text !== undefined && Object.hasOwn(ERROR_CLASSES, text);
}
