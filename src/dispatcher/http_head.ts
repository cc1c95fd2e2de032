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
export interface Head {
  readonly status: number;
  /** The protocol is HTTP/1.0 or HTTP/1.1. */
  readonly minor: 0 | 1;
  /** By names in lower case; what comes several times is joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
}

const VERSION = "HTTP/1.";
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\uffff]*)?$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\uffff]*)$/;
const MOST_FIELDS = 100;
const SHOWN = 40;

/**
 * Reads the lines up to, and without, the empty one.
 *
 * @param text The bytes as characters; lines end with CRLF, or with LF as RFC 9112, 2.2 allows.
 * @throws {ProtocolError} If it is no head of an answer.
 */
export function parseHead(text: string): Head {
  const [statusLine = "", ...lines] = text.split(/\r?\n/);
  const [, minor, status] = STATUS_LINE.exec(statusLine) ?? [];
  if (status === undefined) throw noHttp(statusLine);
  if (lines.length > MOST_FIELDS) {
    throw new ProtocolError(`the answer has more than ${MOST_FIELDS} header fields`);
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = FIELD.exec(line) ?? [];
    if (name === undefined) {
      // What it holds is the receiver's and may be a secret.
      throw new ProtocolError("the answer has a line among its headers that is none");
    }
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value.trimEnd() : `${before}, ${value.trimEnd()}`);
  }
  return { status: Number(status), minor: minor === "0" ? 0 : 1, headers };
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
  const shown = JSON.stringify(line.slice(0, SHOWN));
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

/**
 * How the body of the answer to a POST ends.
 *
 * @throws {ProtocolError} If it has several lengths, or one that is no number.
 */
export function framingOf({ status, headers }: Head): Framing {
  if (BODILESS.has(status)) return { kind: "length", bytes: 0 };
  const coding = headers.get("transfer-encoding");
  if (coding !== undefined) {
    return /(?:^|,)[ \t]*chunked$/i.test(coding) ? { kind: "chunked" } : { kind: "close" };
  }
  const length = headers.get("content-length");
  if (length === undefined) return { kind: "close" };
  const lengths = new Set(length.split(/[ \t]*,[ \t]*/));
  const [only = ""] = lengths;
  if (lengths.size !== 1 || !/^\d{1,15}$/.test(only)) {
    throw new ProtocolError("the answer has no valid length");
  }
  return { kind: "length", bytes: Number(only) };
}

/** Whether another request may follow on the connection (RFC 9112, 9.3). */
export function keepsConnection({ status, minor, headers }: Head): boolean {
  // A message that has both is an attack or a mistake (RFC 9112, 6.3).
  if (headers.has("transfer-encoding") && headers.has("content-length")) return false;
  if (status === SWITCHING) return false;
  const options = (headers.get("connection") ?? "").toLowerCase().split(/[ \t]*,[ \t]*/);
  if (options.includes("close")) return false;
  return minor === 1 || options.includes("keep-alive");
}
