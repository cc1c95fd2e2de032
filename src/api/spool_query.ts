/**
 * The questions of `spool_reports.ts` on their way over the control socket: as the query of a URL,
 * with lists as repeated keys, or as a JSON body.
 *
 * @module
 */
import { parseEventFilter } from "../event/event_filter.ts";
import { HintedError } from "../std/hinted_error.ts";
import { nearest } from "../std/text.ts";
import type { StreamQuery } from "./event_stream.ts";
import { formatTime, parseTimeMs, TIME_EXAMPLE } from "./rfc3339.ts";
import type {
  AttemptQuery,
  DeadLetterQuery,
  HistoryQuery,
  ReplayRequest,
} from "./spool_reports.ts";
import { parseStart } from "./stream_start.ts";

/** A question that makes no sense. */
export class InvalidQueryError extends HintedError {
  override readonly name = "InvalidQueryError";
}

/** The most rows in an answer. */
export const MOST_ROWS = 100_000;
/** How many rows are meant where a query does not say. */
export const USUAL_ROWS = 100;

type Kind = "text" | "texts" | "time" | "start" | "scope" | "number" | "flag";
type Fields = Readonly<Record<string, Kind>>;
type Values = Readonly<Record<string, unknown>>;

const EVENT_FIELDS = {
  ids: "texts",
  events: "texts",
  severity: "text",
  since: "time",
  until: "time",
} as const;
const HISTORY_FIELDS: Fields = { ...EVENT_FIELDS, limit: "number" };
const DEAD_LETTER_FIELDS: Fields = { ...HISTORY_FIELDS, webhook: "text" };
const ATTEMPT_FIELDS: Fields = { ...DEAD_LETTER_FIELDS, failed: "flag" };
const REPLAY_FIELDS: Fields = {
  ...EVENT_FIELDS,
  webhook: "text",
  dead_letters: "flag",
  dry_run: "flag",
};
const STREAM_FIELDS: Fields = {
  events: "texts",
  severity: "text",
  since: "start",
  scope: "scope",
};
const SCOPES = ["node", "cluster"];

/** The question as the query of a URL. */
export function encodeQuery(
  query: HistoryQuery | AttemptQuery | DeadLetterQuery | StreamQuery,
): URLSearchParams {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    // An empty list asks for nothing: it must not turn into no list, which asks for all.
    const values = Array.isArray(value) ? (value.length === 0 ? [""] : value) : [value];
    for (const each of values) params.append(key, String(each));
  }
  return params;
}

/** @throws {InvalidQueryError | InvalidFilterError} If it is none. */
export function decodeHistoryQuery(params: URLSearchParams): HistoryQuery {
  return { limit: USUAL_ROWS, ...readFields(fromParams(params, HISTORY_FIELDS), HISTORY_FIELDS) };
}

/** @throws {InvalidQueryError | InvalidFilterError} If it is none. */
export function decodeAttemptQuery(params: URLSearchParams): AttemptQuery {
  return { limit: USUAL_ROWS, ...readFields(fromParams(params, ATTEMPT_FIELDS), ATTEMPT_FIELDS) };
}

/** @throws {InvalidQueryError | InvalidFilterError} If it is none. */
export function decodeDeadLetterQuery(params: URLSearchParams): DeadLetterQuery {
  const values = fromParams(params, DEAD_LETTER_FIELDS);
  return { limit: USUAL_ROWS, ...readFields(values, DEAD_LETTER_FIELDS) };
}

/** @throws {InvalidQueryError | InvalidFilterError} If it is none. */
export function decodeStreamQuery(params: URLSearchParams): StreamQuery {
  return readFields(fromParams(params, STREAM_FIELDS), STREAM_FIELDS) as StreamQuery;
}

/**
 * Reads a request to post events again.
 *
 * @throws {InvalidQueryError | InvalidFilterError} If it is none, or does not say which events.
 */
export function decodeReplayRequest(body: unknown): ReplayRequest {
  const request = readFields(asObject(body), REPLAY_FIELDS);
  const webhook = needWebhook(request);
  const { dry_run: _dryRun, webhook: _webhook, dead_letters: deadLetters, ...events } = request;
  if (deadLetters !== true && Object.keys(events).length === 0) {
    throw new InvalidQueryError(
      "A replay must say which events to post again: it never means all by itself",
      `give ${Object.keys(EVENT_FIELDS).join(", ")} or "dead_letters": true`,
    );
  }
  return { ...request, webhook };
}

/** Reads a request about a webhook alone. @throws {InvalidQueryError} If it is none. */
export function decodeWebhook(body: unknown): string {
  return needWebhook(readFields(asObject(body), { webhook: "text" }));
}

function asObject(body: unknown): Values {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return { ...body };
  throw new InvalidQueryError("The body is no JSON object", 'send one like {"webhook": "ops"}');
}

function needWebhook({ webhook }: { readonly webhook?: string }): string {
  if (webhook !== undefined) return webhook;
  throw new InvalidQueryError('"webhook" is missing', "give the name or URL of a webhook");
}

/** The values as JSON would have them; what does not fit its field is left as it was written. */
function fromParams(params: URLSearchParams, fields: Fields): Values {
  return Object.fromEntries([...new Set(params.keys())].map((key) => {
    const values = params.getAll(key);
    const kind = fields[key];
    const [text = ""] = values;
    if (kind === "texts" || values.length > 1) return [key, values];
    if (kind === "number" && /^\d{1,9}$/.test(text)) return [key, Number(text)];
    if (kind === "flag" && /^(?:true|false)$/.test(text)) return [key, text === "true"];
    return [key, text];
  }));
}

/** All that any of the questions can have. */
type Read = Partial<AttemptQuery & ReplayRequest>;

function readFields(values: Values, fields: Fields): Read {
  const read = Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const kind = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (kind === undefined) throw unknownField(key, Object.keys(fields));
      return [key, READERS[kind](value, key)];
    }),
  ) as Read;
  parseEventFilter(read);
  return read;
}

function unknownField(key: string, known: readonly string[]): InvalidQueryError {
  const guess = nearest(key, known);
  return new InvalidQueryError(
    `There is no "${key}" to ask for`,
    guess === undefined ? `there are: ${known.join(", ")}` : `did you mean: ${guess}`,
  );
}

const READERS: Readonly<Record<Kind, (value: unknown, key: string) => unknown>> = {
  text: (value, key) => {
    if (isText(value)) return value;
    throw wrong(key, value, "give one text that is not empty");
  },
  texts: (value, key) => {
    if (Array.isArray(value) && value.length > 0 && value.every(isText)) return value;
    throw wrong(key, value, "give at least one text, and none that is empty");
  },
  time: (value, key) => {
    const timeMs = typeof value === "string" ? parseTimeMs(value) : undefined;
    if (timeMs !== undefined) return formatTime(timeMs);
    // In the query of a URL a plus sign stands for a blank.
    throw wrong(key, value, `give a time such as ${TIME_EXAMPLE}; write a + in a URL as %2B`);
  },
  start: (value, key) => {
    if (typeof value === "string" && parseStart(value) !== undefined) return value;
    const hint = `give the id of an event, a time such as ${TIME_EXAMPLE} (write a + in a URL as ` +
      "%2B), or a position as the stream names it, NODE=ID";
    throw wrong(key, value, hint);
  },
  scope: (value, key) => {
    if (typeof value === "string" && SCOPES.includes(value)) return value;
    throw wrong(key, value, `give one of: ${SCOPES.join(", ")}`);
  },
  number: (value, key) => {
    const isWhole = typeof value === "number" && Number.isInteger(value);
    if (isWhole && value >= 1 && value <= MOST_ROWS) return value;
    throw wrong(key, value, `give a whole number from 1 to ${MOST_ROWS}`);
  },
  flag: (value, key) => {
    if (typeof value === "boolean") return value;
    throw wrong(key, value, "give true or false");
  },
};

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function wrong(key: string, value: unknown, hint: string): InvalidQueryError {
  return new InvalidQueryError(`"${key}" cannot be ${JSON.stringify(value)}`, hint);
}
