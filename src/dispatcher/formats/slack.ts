/**
 * Events as messages for Slack's incoming webhooks and those that take the same, of Mattermost and
 * Rocket.Chat: a line, and below it an attachment for each event with what it says.
 *
 * @module
 */
import type { Severity } from "../../event/catalog.ts";
import type { MessageValue } from "../../event/event.ts";
import { type EventFacts, readFacts } from "../../event/event_facts.ts";
import { descriptionOf, headlineOf } from "../../event/headline.ts";
import type { PostedEvent } from "../delivery_request.ts";
import { cutText } from "./cut_text.ts";

/** In characters: no line grows over a screen, and twenty events stay below all known limits. */
const LONGEST_LINE = 300;
const LONGEST_VALUE = 500;
const MOST_FIELDS = 10;
/** Two values of this length stand beside each other. */
const SHORT_VALUE = 30;

const COLOURS: Readonly<Record<Severity, string>> = {
  info: "#2e7d32",
  warning: "#f9a825",
  alert: "#e65100",
  critical: "#b71c1c",
};

/** The body of a request. */
export function toSlackBody(events: readonly PostedEvent[]): string {
  const facts = events.map(({ payload }) => readFacts(payload));
  const [first] = facts;
  const text = facts.length === 1 && first !== undefined
    ? toLine(headlineOf(first))
    : `${facts.length} events`;
  // Nothing in an event is markup.
  return JSON.stringify({
    text,
    mrkdwn: false,
    attachments: facts.map((each) => toAttachment(each, facts.length === 1)),
  });
}

function toAttachment(facts: EventFacts, isAlone: boolean): Record<string, unknown> {
  const { id, event, severity, message, ts } = facts.payload;
  const line = toLine(headlineOf(facts));
  const description = descriptionOf(event);
  return {
    fallback: line,
    color: COLOURS[severity] ?? COLOURS.warning,
    // The line stands above the only attachment already.
    title: isAlone ? toLine(event) : line,
    ...(description === "" ? {} : { text: toText(description, LONGEST_LINE) }),
    fields: Object.entries(message ?? {}).slice(0, MOST_FIELDS).map(toField),
    footer: toText(isAlone ? id : `${event} ${id}`, LONGEST_LINE),
    ts,
    mrkdwn_in: [],
  };
}

function toField([key, value]: [string, MessageValue]): Record<string, unknown> {
  const text = showValue(value);
  return {
    title: toLine(key),
    value: toText(text, LONGEST_VALUE),
    short: text.length <= SHORT_VALUE,
  };
}

function showValue(value: MessageValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value.map(([option, setting]) => `${option}: ${setting}`).join("\n");
}

function toLine(text: string): string {
  return toText(text.replace(/\s+/g, " "), LONGEST_LINE);
}

/** What may be in a text besides characters: nothing that turns it around or rings a bell. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The text as Slack shows it: `&`, `<` and `>` are written as entities, by which `<!channel>` says
 * nothing any more, and an `@` that could call somebody (in Mattermost and Rocket.Chat plain text
 * does) is parted from the name by a joiner that nobody sees.
 */
function toText(text: string, most: number): string {
  return cutText(text, most)
    .replace(INVISIBLE, (character) => character === "\n" ? character : " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/(^|[^\p{L}\p{N}])@(?=[\p{L}\p{N}_])/gu, "$1@\u2060");
}
