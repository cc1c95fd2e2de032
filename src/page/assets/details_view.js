// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * All that is known of one event.
 *
 * @module
 */
import { copyText } from "./clipboard.js";
import { toCurl } from "./curl_command.js";
import { make, makeButton } from "./dom.js";
import { layOut } from "./json_text.js";
import { makeSeverity } from "./table_lines.js";
import { dayAndTime, roughly } from "./time_text.js";
import { toShort, toVisible, toVisibleLines } from "./visible_text.js";

/** @typedef {import("./page_types.js").Row} Row */
/** @typedef {import("./page_types.js").RowRequest} RowRequest */

const LONGEST_NAME = 200;
/** Values longer than this scroll in a box of their own. */
const LONGEST_INLINE = 400;
/** More than this is not shown, only copied. */
const LONGEST_SHOWN = 300_000;

/**
 * Fills the panel.
 *
 * @param {HTMLElement} element
 * @param {Row} row
 * @param {() => void} onClose
 */
export function showDetails(element, row, onClose) {
  const { request } = row;
  const said = make("p", { class: "said", role: "status" });
  element.replaceChildren(
    make("header", {}, [
      make("h2", { id: "details-title", tabindex: -1 }, [
        make("bdi", {}, [toShort(row.event, LONGEST_NAME)]),
      ]),
      makeSeverity(row.severity),
      makeButton("✕", onClose, { class: "close", "aria-label": "Close the details" }),
    ]),
    make("div", { class: "actions" }, [...makeActions(row, said), said]),
    make("div", { class: "body" }, [
      row.text !== "" && makeValue(row.text, "headline"),
      makeOddities(row),
      makeFacts(factsOf(row)),
      ...makeMessage(row.message),
      ...(request === undefined ? makePayload(row.payload) : makeRequest(request)),
    ]),
  );
}

/**
 * @param {Row} row
 * @param {HTMLElement} said
 */
function makeActions({ request, payload }, said) {
  const copy = (/** @type {string} */ what, /** @type {string} */ text) =>
    makeButton(`Copy ${what}`, async () => {
      said.textContent = await copyText(text) ? `Copied` : "The browser does not allow it";
    });
  const asJson = copy("JSON", layOut(payload));
  if (request === undefined) return [asJson];
  const isCut = request.bodyBytes > byteLength(request.body);
  const curl = copy("as curl", toCurl(request));
  if (isCut) curl.title = "Only the beginning of the body is known";
  return [curl, copy("body", request.body), asJson];
}

/** @param {Row} row */
function makeOddities({ marks, problems, request }) {
  const verdicts = request?.verdicts ?? [];
  const said = verdicts.map(({ scheme }) => `${scheme} failed`);
  const odd = [...new Set([...problems, ...marks])].filter((word) => !said.includes(word));
  if (odd.length === 0 && verdicts.length === 0) return null;
  return make("div", { class: "oddities" }, [
    ...odd.map((word) => make("span", { class: "mark" }, [toShort(word, LONGEST_NAME)])),
    ...verdicts.map(({ scheme, ok, reason }) =>
      make("p", { class: ok ? "verdict good" : "verdict bad" }, [
        make("strong", {}, [ok ? `✓ ${scheme}` : `✕ ${scheme} failed`]),
        " ",
        make("bdi", {}, [toShort(reason, LONGEST_INLINE)]),
      ])
    ),
  ]);
}

/**
 * @param {Row} row
 * @returns {(readonly [string, string])[]}
 */
function factsOf({ at, group, node, nodeid, id, facts = [], request }) {
  const happened = `${dayAndTime(at)}${delayOf(at, request)}`;
  return [
    ["Happened", happened],
    ["Group", group],
    ["Node", node],
    ["Node id", nodeid],
    ["Event id", id],
    ...facts,
  ];
}

/**
 * @param {number} at
 * @param {RowRequest | undefined} request
 */
function delayOf(at, request) {
  const delayMs = (request?.receivedAt ?? at) - at;
  // Times of events are whole seconds.
  return delayMs < 2000 ? "" : ` (${roughly(delayMs)} before it came)`;
}

/** @param {readonly (readonly [string, string])[]} facts */
function makeFacts(facts) {
  const given = facts.filter(([, value]) => value !== "");
  return make(
    "dl",
    {},
    given.flatMap(([name, value]) => [
      make("dt", {}, [toShort(name, LONGEST_NAME)]),
      make("dd", {}, [makeValue(value)]),
    ]),
  );
}

/** @param {unknown} message */
function makeMessage(message) {
  if (message === null || message === undefined) return [];
  if (typeof message !== "object" || Array.isArray(message)) {
    return [make("h3", {}, ["Message"]), makeBlock(layOut(message), "Message")];
  }
  const fields = Object.entries(message);
  if (fields.length === 0) return [make("h3", {}, ["Message"]), make("p", {}, ["It is empty."])];
  return [
    make("h3", {}, ["Message"]),
    makeFacts(fields.map(([name, value]) => [name, asText(value)])),
  ];
}

/** @param {unknown} value */
function asText(value) {
  if (value === "") return '""';
  return typeof value === "string" ? value : layOut(value);
}

/** @param {unknown} payload */
function makePayload(payload) {
  return [make("h3", {}, ["JSON"]), makeBlock(layOut(payload), "JSON")];
}

/** @param {RowRequest} request */
function makeRequest(request) {
  const { url, from, receivedAt, status, trouble, events, body, bodyBytes, headers } = request;
  const size = `${bodyBytes.toLocaleString("en")} ${bodyBytes === 1 ? "byte" : "bytes"}`;
  const isCut = bodyBytes > byteLength(body);
  return [
    make("h3", {}, ["Request"]),
    makeFacts([
      ["URL", url],
      ["From", from],
      ["Received", dayAndTime(receivedAt)],
      ["Answer", status === null ? "none" : String(status)],
      ["Trouble", trouble ?? ""],
      ["Events in it", events === 1 ? "" : String(events)],
    ]),
    make("h3", {}, ["Headers"]),
    makeFacts(Object.entries(headers)),
    make("h3", {}, ["Body ", make("small", {}, [isCut ? `${size}, only the beginning` : size])]),
    ...makeBody(body),
  ];
}

/** As it came, and laid out if it is JSON. @param {string} body */
function makeBody(body) {
  if (body === "") return [make("p", {}, ["It is empty."])];
  const block = makeBlock(body, "Body");
  const pretty = laidOut(body);
  if (pretty === undefined || pretty === body) return [block];
  const raw = block.textContent ?? "";
  const button = makeButton("Lay out", () => {
    const isRaw = button.getAttribute("aria-pressed") === "false";
    button.setAttribute("aria-pressed", String(isRaw));
    block.textContent = isRaw ? toShownBlock(pretty) : raw;
  }, { class: "small", "aria-pressed": "false" });
  return [button, block];
}

/** @param {string} body */
function laidOut(body) {
  try {
    return layOut(JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * A value in a line, or in a box that scrolls.
 *
 * @param {string} value
 * @param {string} [className]
 */
function makeValue(value, className) {
  if (value.length > LONGEST_INLINE || value.includes("\n")) return makeBlock(value, "Value");
  return make("bdi", { class: className }, [toVisible(value)]);
}

/**
 * @param {string} text
 * @param {string} label
 */
function makeBlock(text, label) {
  return make("pre", { tabindex: 0, role: "group", "aria-label": label }, [toShownBlock(text)]);
}

/** @param {string} text */
function toShownBlock(text) {
  if (text.length <= LONGEST_SHOWN) return toVisibleLines(text);
  const rest = text.length - LONGEST_SHOWN;
  return `${toVisibleLines(text.slice(0, LONGEST_SHOWN))}… and ${rest} characters more`;
}

/** @param {string} text */
function byteLength(text) {
  return new TextEncoder().encode(text).length;
}
