/**
 * The head of a request from the network (RFC 9112, 2 to 6), taken strictly: what two programs
 * could read differently is refused, and what is handed on is written anew.
 *
 * @module
 */

import { LARGEST_BODY } from "./request_body.ts";

/** A request that is not taken as it is. */
export class BadRequestError extends Error {
  override readonly name = "BadRequestError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What a request asks for. */
export interface RequestHead {
  readonly method: string;
  /** Path and query, in the one way in which URLs are written. */
  readonly target: string;
  readonly path: string;
  /** How long the body is. */
  readonly bodyBytes: number;
  /** Names in lower case; a name that comes several times has its values joined by commas. */
  readonly fields: ReadonlyMap<string, string>;
}

const MOST_FIELDS = 64;
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const REQUEST_LINE = /^([A-Z]{1,16}) (\/[\x21-\x7e]*) HTTP\/1\.(\d)$/;
// The blanks around a value are cut off apart: a pattern for both would try, of many blanks, every
// way to share them out.
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/;
const BLANKS = "\t ";
/** Fields that mean one thing, so that two of them mean nothing. */
const SINGLE = new Set(
  "host content-length authorization cookie origin sec-fetch-site".split(" "),
);
/** Fields that concern this connection only, or that only the gate has to know. */
const NOT_HANDED_ON = new Set(
  ("authorization connection cookie host content-length keep-alive proxy-authorization proxy-connection " +
    "te trailer transfer-encoding upgrade").split(" "),
);

/**
 * Reads the lines up to the empty one.
 *
 * @param text The bytes as characters, without the empty line.
 * @throws {BadRequestError} If it is no head, or one of a kind that is not taken.
 */
export function parseRequestHead(text: string): RequestHead {
  const [first = "", ...lines] = text.split("\r\n");
  const [, method, given, minor] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined || given === undefined) {
    throw new BadRequestError(400, "The request does not begin as one of HTTP/1.1 does");
  }
  if (minor !== "1") throw new BadRequestError(505, "Only HTTP/1.1 is spoken here");
  const fields = readFields(lines);
  if (!HOST.test(fields.get("host") ?? "")) {
    throw new BadRequestError(400, "The request names no host");
  }
  if (fields.has("transfer-encoding")) {
    throw new BadRequestError(411, "A body needs a Content-Length here");
  }
  // What is judged and what is answered must be the same path, whoever reads it.
  const url = URL.parse(`http://localhost${given}`);
  if (url === null || url.host !== "localhost") {
    throw new BadRequestError(400, "The request names no path");
  }
  const { pathname: path, search } = url;
  return { method, target: path + search, path, bodyBytes: lengthIn(fields), fields };
}

/** The head as it is handed on, for one request on a connection; with its empty line. */
export function formatRequestHead(head: RequestHead): string {
  const { method, target, fields, bodyBytes } = head;
  // Whoever answers makes a URL of host and target: nothing of the host must become a path.
  const kept = [...fields].filter(([name]) => !NOT_HANDED_ON.has(name));
  const all = [
    ["host", "localhost"],
    ...isUpgrade(head) ? [["connection", "upgrade"], ["upgrade", "websocket"]] : [
      ["connection", "close"],
      ...bodyBytes > 0 || method === "POST" ? [["content-length", String(bodyBytes)]] : [],
    ],
    ...kept,
  ];
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${method} ${target} HTTP/1.1\r\n${lines}\r\n`;
}

/** Whether it asks for a WebSocket (RFC 6455, 4.1). */
export function isUpgrade({ method, fields, bodyBytes }: RequestHead): boolean {
  const has = (name: string, word: string) =>
    (fields.get(name) ?? "").toLowerCase().split(",").some((part) => part.trim() === word);
  return method === "GET" && bodyBytes === 0 && has("connection", "upgrade") &&
    has("upgrade", "websocket");
}

/** The same request, but not for a WebSocket. */
export function withoutUpgrade(head: RequestHead): RequestHead {
  const fields = new Map(head.fields);
  fields.delete("upgrade");
  return { ...head, fields };
}

function readFields(lines: readonly string[]): Map<string, string> {
  if (lines.length > MOST_FIELDS) {
    throw new BadRequestError(431, `The request has more than ${MOST_FIELDS} header fields`);
  }
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, given, padded] = FIELD.exec(line) ?? [];
    if (given === undefined || padded === undefined) {
      throw new BadRequestError(400, "The request has a header field that is none");
    }
    const name = given.toLowerCase();
    const value = withoutBlanks(padded);
    const before = fields.get(name);
    if (before !== undefined && SINGLE.has(name)) {
      throw new BadRequestError(400, `The request has the header field ${name} more than once`);
    }
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return fields;
}

/** The text without the blanks around it, and nothing else that looks like some. */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.includes(text.charAt(start))) start++;
  while (end > start && BLANKS.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function lengthIn(fields: ReadonlyMap<string, string>): number {
  const text = fields.get("content-length");
  if (text === undefined) return 0;
  if (!/^\d{1,15}$/.test(text)) {
    throw new BadRequestError(400, "The request has a Content-Length that is no number");
  }
  const bytes = Number(text);
  if (bytes <= LARGEST_BODY) return bytes;
  throw new BadRequestError(413, `The body is larger than ${LARGEST_BODY} bytes`);
}
