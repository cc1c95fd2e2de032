/**
 * The head of an HTTP/1.1 answer (RFC 9112, 2 to 5).
 *
 * @module
 */

/** An answer that is no HTTP, or not one whose end can be told. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** The first lines of an answer. */
export class Head {
  readonly status: number;
  /** The protocol is HTTP/1.0 or HTTP/1.1. */
  readonly minor: 0 | 1;
  /** Lines of `name: value`, each with its end. */
  readonly #fields: string;

  /** Use {@linkcode parseHead}. */
  constructor(status: number, minor: 0 | 1, fields: string) {
    this.status = status;
    this.minor = minor;
    this.#fields = fields;
  }

  /** The value of a field; what comes several times is joined by commas. */
  get(name: HeadField): string | undefined {
    const pattern = PATTERNS[name];
    let joined: string | undefined;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(this.#fields); match; match = pattern.exec(this.#fields)) {
      const [, value = ""] = match;
      joined = joined === undefined ? value.trimEnd() : `${joined}, ${value.trimEnd()}`;
    }
    return joined;
  }
}

/** The fields of an answer that mean something to its sender. */
export type HeadField = keyof typeof PATTERNS;

const PATTERNS = {
  "connection": /^connection:[ \t]*(.*)$/gim,
  "content-encoding": /^content-encoding:[ \t]*(.*)$/gim,
  "content-length": /^content-length:[ \t]*(.*)$/gim,
  "location": /^location:[ \t]*(.*)$/gim,
  "retry-after": /^retry-after:[ \t]*(.*)$/gim,
  "server": /^server:[ \t]*(.*)$/gim,
  "transfer-encoding": /^transfer-encoding:[ \t]*(.*)$/gim,
  "x-squid-error": /^x-squid-error:[ \t]*(.*)$/gim,
} as const;

const VERSION = "HTTP/1.";
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\uffff]*)?$/;
const MOST_FIELDS = 100;
const FIELD = /[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\uffff]*\r?\n/;
/** All of them, so that a line that is none is not read over. */
const FIELDS = new RegExp(`^(?:${FIELD.source}){0,${MOST_FIELDS}}$`);
const SHOWN = 40;

/**
 * Reads the lines up to, and without, the empty one.
 *
 * @param text The bytes as characters, with the end of the last line; lines end with CRLF, or with
 *   LF as RFC 9112, 2.2 allows.
 * @throws {ProtocolError} If it is no head of an answer.
 */
export function parseHead(text: string): Head {
  const end = text.indexOf("\n");
  const statusLine = text.slice(0, end === -1 ? text.length : end).replace(/\r$/, "");
  const [, minor, status] = STATUS_LINE.exec(statusLine) ?? [];
  if (status === undefined) throw noHttp(statusLine);
  const fields = end === -1 ? "" : text.slice(end + 1);
  if (!FIELDS.test(fields)) {
    // What they hold is the receiver's and may be a secret.
    throw new ProtocolError(
      `the answer has more than ${MOST_FIELDS} header fields, or a line among them that is none`,
    );
  }
  return new Head(Number(status), minor === "0" ? 0 : 1, fields);
}

/**
 * Looks at the beginning of an answer, so that what is none is not waited for.
 *
 * @throws {ProtocolError} If no answer begins like that.
 */
export function checkBeginning(text: string): void {
  const [line = "", ...others] = text.split("\n", 2);
  const isBegun = others.length === 0
    ? VERSION.startsWith(line.slice(0, VERSION.length))
    : STATUS_LINE.test(line.replace(/\r$/, ""));
  if (!isBegun) throw noHttp(line);
}

function noHttp(line: string): ProtocolError {
  const shown = JSON.stringify(line.replace(/\r$/, "").slice(0, SHOWN));
  return new ProtocolError(`the answer is not HTTP/1.1: it begins with ${shown}`);
}

/** How the end of an answer's body is known (RFC 9112, 6.3). */
export type Framing =
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  /** When the connection ends. */
  | { readonly kind: "close" };

/** Nobody has asked for another protocol, so what follows a 101 means nothing. */
const SWITCHING = 101;
const BODILESS = new Set([SWITCHING, 204, 304]);

/** Whether another answer follows, which is the one that counts (RFC 9110, 15.2). */
export function isInterim({ status }: Head): boolean {
  return status < 200 && status !== SWITCHING;
}

/**
 * How the body of the answer to a POST ends.
 *
 * @throws {ProtocolError} If it has several lengths, or one that is no number.
 */
export function framingOf(head: Head): Framing {
  if (BODILESS.has(head.status)) return { kind: "length", bytes: 0 };
  const coding = head.get("transfer-encoding");
  if (coding !== undefined) {
    return /(?:^|,)[ \t]*chunked$/i.test(coding) ? { kind: "chunked" } : { kind: "close" };
  }
  const length = head.get("content-length");
  if (length === undefined) return { kind: "close" };
  const [first = "", ...others] = length.split(",").map((part) => part.trim());
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) {
    throw new ProtocolError("the answer has no valid length");
  }
  return { kind: "length", bytes: Number(first) };
}

/** Whether another request may follow on the connection (RFC 9112, 9.3). */
export function keepsConnection(head: Head): boolean {
  // A message that has both is an attack or a mistake (RFC 9112, 6.3).
  const hasCoding = head.get("transfer-encoding") !== undefined;
  if (hasCoding && head.get("content-length") !== undefined) return false;
  if (head.status === SWITCHING) return false;
  const options = head.get("connection") ?? "";
  if (/(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(options)) return false;
  return head.minor === 1 || /(?:^|,)[ \t]*keep-alive[ \t]*(?:,|$)/i.test(options);
}
