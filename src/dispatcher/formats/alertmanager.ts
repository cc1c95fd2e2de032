/**
 * Events as alerts for Prometheus' Alertmanager (API v2, `POST /api/v2/alerts`).
 *
 * Alertmanager expects its senders to repeat an alert as long as it lasts, and closes it after its
 * `resolve_timeout` (5 minutes) if they do not. An event comes once, so an alert that another event
 * will close says itself how long it may last; one that nothing will close is left to that timeout.
 *
 * @module
 */
import { eventTypeByName } from "../../event/catalog.ts";
import { type EventFacts, readFacts } from "../../event/event_facts.ts";
import { descriptionOf, headlineOf } from "../../event/headline.ts";
import { showMessage } from "../../event/show_message.ts";
import { TEST_EVENT } from "../../event/test_event.ts";
import type { PostedEvent } from "../delivery_request.ts";
import { type Labels, labelsOfRule, labelsOfSingle } from "./alert_labels.ts";
import { ALERT_RULES } from "./alert_rules.ts";
import { cutText } from "./cut_text.ts";

/** An alert as Alertmanager takes it. Times are RFC 3339. */
export interface Alert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt?: string;
}

const DAY_MS = 86_400_000;

/** How long an alert stays open if what closes it never comes. */
const OPEN_FOR_MS = 7 * DAY_MS;

/**
 * How much before its event an alert is closed. What ends in Alertmanager's future does not end:
 * the longer time of the alert that is open would win (`Alert.Merge`), and its clock may be behind.
 */
const CLOSED_BEFORE_MS = 60_000;

const OPENING = new Map(ALERT_RULES.map((rule) => [rule.opens, rule]));
const CLOSING = Map.groupBy(
  ALERT_RULES.flatMap((rule) => rule.closes.map((event) => ({ event, rule }))),
  ({ event }) => event,
);

/** The body of a request: what all the events open and close, in their order; may be `[]`. */
export function toAlerts(events: readonly PostedEvent[]): string {
  return JSON.stringify(events.flatMap(alertsOf));
}

/** What an event closes, and what it opens. */
export function alertsOf(event: PostedEvent): Alert[] {
  const facts = readFacts(event.payload);
  const annotations = annotationsOf(event, facts);
  // A sender whose clock is ahead would have it happen after it is over.
  const atMs = Math.min(facts.payload.ts * 1000, event.receivedMs);
  const closedAt = toTime(Math.max(0, atMs - CLOSED_BEFORE_MS));
  const closed = (CLOSING.get(event.event) ?? []).map(({ rule }) => ({
    labels: labelsOfRule(rule, facts),
    annotations,
    startsAt: closedAt,
    endsAt: closedAt,
  }));
  const opened = open(event, facts);
  if (opened === undefined) return closed;
  return [...closed, { ...opened, annotations, startsAt: toTime(atMs) }];
}

function open(
  { event, receivedMs }: PostedEvent,
  facts: EventFacts,
): Pick<Alert, "labels" | "endsAt"> | undefined {
  const rule = OPENING.get(event);
  if (rule !== undefined) {
    return { labels: labelsOfRule(rule, facts), endsAt: toTime(receivedMs + OPEN_FOR_MS) };
  }
  const { severity } = eventTypeByName(event) ?? facts.payload;
  if (severity === "info" && event !== TEST_EVENT) return undefined;
  return { labels: labelsOfSingle(facts) };
}

function annotationsOf({ id, event }: PostedEvent, facts: EventFacts): Record<string, string> {
  const { host, message } = facts.payload;
  const annotations = {
    summary: headlineOf(facts),
    description: descriptionOf(event),
    event,
    message: showMessage(message),
    reported_by: host,
    event_id: id,
  };
  return Object.fromEntries(
    Object.entries(annotations)
      .filter(([, text]) => text !== undefined && text !== "")
      .map(([name, text]) => [name, cutText(text.toWellFormed(), 1000)]),
  );
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
