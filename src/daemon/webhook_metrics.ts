/**
 * The figures of each webhook. Names that were published stay.
 *
 * @module
 */
import type { HistogramSample, Labels, MetricFamily, Sample } from "../api/metrics_text.ts";
import type { StatusReport, WebhookStatus } from "../api/status_report.ts";
import type { WebhookCounts } from "./delivery_counts.ts";
import { PREFIX, sampleIfKnown } from "./node_metrics.ts";

/** What is known of a webhook beside its status. */
export interface WebhookFigures {
  readonly countsOf: (name: string) => WebhookCounts;
  /** `undefined` if that is not known. */
  readonly deadLettersOf: (name: string) => number | undefined;
}

/** All states, each of which has a sample of its own. */
const STATES = {
  waiting: true,
  delivering: true,
  retrying: true,
  paused: true,
} as const satisfies Record<WebhookStatus["state"], true>;

/** How the webhooks are doing. */
export function webhookMetrics(
  { webhooks }: StatusReport,
  { countsOf, deadLettersOf }: WebhookFigures,
): MetricFamily[] {
  const named = webhooks.map((status) => ({ status, counts: countsOf(status.name) }));
  type Named = typeof named[number];
  const all = (sample: (webhook: Named, labels: Labels) => readonly Sample[]) =>
    named.flatMap((webhook) => sample(webhook, { webhook: webhook.status.name }));
  const each = (value: (webhook: Named) => number | null | undefined) =>
    all((webhook, labels) => sampleIfKnown(value(webhook), labels));
  const histogram = (sample: (webhook: Named, labels: Labels) => HistogramSample) =>
    named.map((webhook) => sample(webhook, { webhook: webhook.status.name }));
  return [
    counter(
      "delivered_total",
      "Events that the webhook took, since it was added.",
      each(({ status }) => status.delivered),
    ),
    counter(
      "filtered_total",
      "Events that the webhook's filter left out, since it was added.",
      each(({ status }) => status.filtered),
    ),
    counter(
      "dropped_total",
      "Events that the webhook did not get for want of room or because of a damaged spool, since " +
        "it was added.",
      each(({ status }) => status.dropped),
    ),
    counter(
      "replayed_total",
      "Deliveries that replays added, since the webhook was added.",
      each(({ status }) => status.replayed),
    ),
    counter(
      "given_up_total",
      "Events that became dead letters of the webhook since the daemon started.",
      each(({ counts }) => counts.givenUp),
    ),
    gauge(
      "dead",
      "Events that were given up on and not replayed, since the webhook was added.",
      each(({ status }) => status.dead),
    ),
    gauge(
      "dead_letters",
      "Dead letters that are kept and can be replayed; absent if they cannot be counted.",
      each(({ status }) => deadLettersOf(status.name)),
    ),
    gauge(
      "pending",
      "Events that wait for the webhook.",
      each(({ status }) => status.pending),
    ),
    gauge(
      "replays_pending",
      "Replays that wait for the webhook and are not among the pending events.",
      each(({ status }) => status.replaying),
    ),
    gauge(
      "oldest_pending_seconds",
      "For how long the oldest waiting event has been waiting; 0 if none waits.",
      each(({ status }) => status.pending === 0 ? 0 : status.oldest_pending_seconds),
    ),
    gauge(
      "state",
      "1 for the state that the webhook is in, 0 for the others: it waits when it is done with " +
        "all events, and retries while attempts fail.",
      all(({ status }, labels) =>
        Object.keys(STATES).map((state) => {
          return { labels: { ...labels, state }, value: Number(status.state === state) };
        })
      ),
    ),
    counter(
      "attempts_total",
      "Requests to the webhook since the daemon started, by how they ended: the kind of answer, " +
        "or why there was none.",
      all(({ counts }, labels) =>
        [...counts.attempts].map(([name, value]) => ({ labels: { ...labels, class: name }, value }))
      ),
    ),
    gauge(
      "last_attempt_timestamp_seconds",
      "When the last attempt ended, in seconds since 1970; absent before the first.",
      each(({ counts }) => toSeconds(counts.lastAttemptMs)),
    ),
    gauge(
      "last_success_timestamp_seconds",
      "When the last attempt that delivered ended, in seconds since 1970; absent before the first.",
      each(({ counts }) => toSeconds(counts.lastSuccessMs)),
    ),
    gauge(
      "certificate_expiry_timestamp_seconds",
      "Until when certificates are valid, in seconds since 1970: the receiver's, the client's " +
        "in cert-file, the last in ca-file; absent if that is not known.",
      all(({ status }, labels) => certificateSamples(status, labels)),
    ),
    {
      name: `${PREFIX}webhook_attempt_duration_seconds`,
      help: "How long requests to the webhook took since the daemon started.",
      type: "histogram",
      samples: histogram(({ counts }, labels) => counts.durations.sample(labels)),
    },
    {
      name: `${PREFIX}webhook_delivery_delay_seconds`,
      help: "How long events took from their receipt until the webhook had them, since the " +
        "daemon started; without replays.",
      type: "histogram",
      samples: histogram(({ counts }, labels) => counts.delays.sample(labels)),
    },
  ];
}

function certificateSamples(status: WebhookStatus, labels: Labels): Sample[] {
  const times = {
    receiver: status.certificate_expires_at,
    client: status.client_certificate_expires_at,
    ca: status.ca_expires_at,
  };
  return Object.entries(times).flatMap(([certificate, time]) =>
    time === null ? [] : [{ labels: { ...labels, certificate }, value: Date.parse(time) / 1000 }]
  );
}

function toSeconds(timeMs: number | undefined): number | undefined {
  return timeMs === undefined ? undefined : timeMs / 1000;
}

function counter(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name: `${PREFIX}webhook_${name}`, help, type: "counter", samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name: `${PREFIX}webhook_${name}`, help, type: "gauge", samples };
}
