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
 * @property {readonly HookEvent[]} events
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
    events: request.events.length,
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
  };
}

/**
 * @param {HookRequest} request
 * @param {HookEvent} event
 */
function problemsOf({ status, trouble, verdicts }, { marks }) {
  const failed = verdicts.filter(({ ok }) => !ok).map(({ scheme }) => `${scheme} failed`);
  const answer = status === null ? ["no answer"] : status > 299 ? [`answered ${status}`] : [];
  return [...marks, ...failed, ...answer, ...(trouble === null ? [] : [trouble])];
}

/**
 * @param {HookRequest} request
 * @param {HookEvent} event
 */
function payloadOf(request, event) {
  const { number, received_at, from, path, status, trouble, verdicts } = request;
  return { number, received_at, from, path, status, trouble, verdicts, ...event };
}

/** @param {string | null} text */
function timeOf(text) {
  const time = text === null ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
