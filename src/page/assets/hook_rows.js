// @ts-check
/**
 * Requests that the test hook got, as lines of the table.
 *
 * @module
 */

/** @typedef {import("./page_types.js").Row} Row */
/** @typedef {import("./page_types.js").RowRequest} RowRequest */
/** @typedef {import("./page_types.js").Severity} Severity */

/**
 * An event as the test hook tells it.
 *
 * @typedef {object} HookEvent
 * @property {string} id
 * @property {string} event
 * @property {string} group
 * @property {Severity | null} severity
 * @property {string} nodeid
 * @property {string} host
 * @property {string} text
 * @property {unknown} message
 * @property {string | null} at
 * @property {readonly string[]} marks
 * @property {string} note What there is to say about the marks.
 */

/**
 * A request as the test hook tells it.
 *
 * @typedef {object} HookRequest
 * @property {number} number
 * @property {string} received_at
 * @property {string} from
 * @property {string} path
 * @property {Readonly<Record<string, string>>} headers
 * @property {string} body
 * @property {number} body_bytes
 * @property {number | null} status
 * @property {string | null} trouble
 * @property {readonly { scheme: string, ok: boolean, reason: string }[]} verdicts
 * @property {readonly HookEvent[]} events The first of them.
 * @property {number} event_count
 * @property {{ url: string, status: number | null, error: string | null } | null} forwarded
 */

/**
 * The lines of a request: one per event, and one if it has none.
 *
 * @param {HookRequest} request
 * @param {{ startedAt: string, origin: string }} server When it started, since numbers begin anew
 * then, and its address without a path.
 * @returns {Row[]}
 */
export function toRows(request, { startedAt, origin }) {
  const shown = toRowRequest(request, origin);
  const events = request.events.length === 0 ? [noEvent(request)] : request.events;
  return events.map((event, index) => ({
    key: `${startedAt}/${request.number}/${index}`,
    at: timeOf(event.at) ?? shown.receivedAt,
    event: event.event,
    group: event.group,
    severity: event.severity,
    node: event.host,
    nodeid: event.nodeid,
    text: event.text,
    id: event.id,
    message: event.message,
    marks: event.marks,
    problems: problemsOf(request, event),
    payload: payloadOf(request, event),
    facts: [["Note", event.note], ["Sent on", forwardOf(request)]],
    request: shown,
  }));
}

/**
 * @param {HookRequest} request
 * @param {string} origin
 * @returns {RowRequest}
 */
function toRowRequest(request, origin) {
  return {
    url: origin + request.path,
    from: request.from,
    receivedAt: timeOf(request.received_at) ?? 0,
    headers: request.headers,
    body: request.body,
    bodyBytes: request.body_bytes,
    status: request.status,
    trouble: request.trouble,
    verdicts: request.verdicts,
    events: request.event_count,
  };
}

/**
 * @param {HookRequest} request
 * @returns {HookEvent}
 */
function noEvent({ body }) {
  return {
    id: "",
    event: body === "" ? "(empty)" : "(no event)",
    group: "",
    severity: null,
    nodeid: "",
    host: "",
    text: body,
    message: null,
    at: null,
    marks: [],
    note: "",
  };
}

/**
 * @param {HookRequest} request
 * @param {HookEvent} event
 */
function problemsOf({ status, trouble, verdicts, forwarded }, { marks }) {
  // To be sent once more what was not taken is as it should be.
  const odd = marks.filter((mark) => mark !== "retry");
  const failed = verdicts.filter(({ ok }) => !ok).map(({ scheme }) => `${scheme} failed`);
  const answer = status === null ? "no answer" : status > 299 ? `answered ${status}` : trouble;
  const notSent = forwarded !== null && (forwarded.status === null || forwarded.status > 299);
  return [
    ...odd,
    ...failed,
    ...(answer === null ? [] : [answer]),
    ...(notSent ? ["not sent on"] : []),
  ];
}

/** @param {HookRequest} request */
function forwardOf({ forwarded }) {
  if (forwarded === null) return "";
  const { url, status, error } = forwarded;
  return `${url}: ${status === null ? error ?? "no answer" : `answered ${status}`}`;
}

/**
 * @param {HookRequest} request
 * @param {HookEvent} event
 */
function payloadOf(request, event) {
  const { number, received_at, from, path, status, trouble, verdicts, forwarded } = request;
  return { number, received_at, from, path, status, trouble, verdicts, forwarded, ...event };
}

/** @param {string | null} text */
function timeOf(text) {
  const time = text === null ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
