/**
 * The UDP text that carries an event: `<epoch seconds> <type index> key=value;key=value`
 * (`libglusterfs/src/events.c`). It has no escaping, so values that hold `;` or `=` are told from
 * separators by what the catalog knows.
 *
 * @module
 */
import { type EventType, eventTypeByIndex, eventTypeByName, isFieldOf } from "./catalog.ts";
import { eventName, type Message, type MessageValue, type Report } from "./event.ts";
import { formatVolumeOptions, parseVolumeOptions } from "./volume_options.ts";

const HEADER = /^\s*(\d{1,15})\s+(-?\d{1,15})(?:\s+|$)/;
const KEY = / *([A-Za-z_][A-Za-z0-9_-]*)=/y;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads a datagram. Bytes that are no UTF-8 become U+FFFD; nothing makes it throw.
 *
 * @returns What it reports, or `undefined` if it does not begin with two numbers.
 */
export function parseDatagram(datagram: Uint8Array | string): Report | undefined {
  const text = typeof datagram === "string" ? datagram : decoder.decode(datagram);
  const header = HEADER.exec(text);
  if (header === null) return undefined;
  const index = Number(header[2]);
  return {
    ts: Number(header[1]),
    event: eventName(index),
    message: parseBody(text.slice(header[0].length), eventTypeByIndex(index)),
  };
}

/**
 * Writes a report as Gluster would send it.
 *
 * @throws {TypeError} If the event is neither in the catalog nor named `UNKNOWN_<index>`.
 */
export function formatDatagram(report: Report): string {
  const index = eventTypeByName(report.event)?.index ??
    /^UNKNOWN_(-?\d+)$/.exec(report.event)?.[1];
  if (index === undefined) {
    throw new TypeError(`Cannot format a datagram: no event is named "${report.event}"`);
  }
  return `${report.ts} ${index} ${formatMessage(report.message)}`;
}

/** Writes a message as Gluster would send it, behind the numbers of the datagram. */
export function formatMessage(message: Message): string {
  return Object.entries(message).map(([key, value]) => `${key}=${formatValue(value)}`).join(";");
}

interface Piece {
  readonly key: string;
  readonly valueStart: number;
}

function parseBody(body: string, type: EventType | undefined): Message {
  const pieces: (Piece & { valueEnd: number })[] = [];
  const keys = new Set<string>();
  // A key begins the text or follows a `;`; whatever else follows one belongs to the value before.
  for (let at = 0; at >= 0; at = nextPiece(body, at)) {
    const piece = readKey(body, at);
    if (piece === undefined || keys.has(piece.key)) continue;
    if (keys.size > 0 && type !== undefined && !isFieldOf(type, piece.key)) continue;
    const before = pieces.at(-1);
    if (before !== undefined) before.valueEnd = at - 1;
    pieces.push({ ...piece, valueEnd: body.length });
    keys.add(piece.key);
  }
  // Entries and not assignments: a key may be called __proto__.
  return Object.fromEntries(pieces.map(({ key, valueStart, valueEnd }) => [
    key,
    readValue(key, body.slice(valueStart, valueEnd).trim(), type),
  ]));
}

/** Where the text after the next `;` begins, or -1. */
function nextPiece(body: string, at: number): number {
  const separator = body.indexOf(";", at);
  return separator === -1 ? -1 : separator + 1;
}

function readKey(body: string, at: number): Piece | undefined {
  KEY.lastIndex = at;
  const match = KEY.exec(body);
  return match?.[1] === undefined ? undefined : { key: match[1], valueStart: KEY.lastIndex };
}

function readValue(key: string, value: string, type: EventType | undefined): MessageValue {
  if (key === "options" && type?.name === "VOLUME_SET") return parseVolumeOptions(value);
  if (key === "force" && (value === "1" || value === "true")) return true;
  if (key === "force" && (value === "0" || value === "false")) return false;
  return value;
}

function formatValue(value: MessageValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "1" : "0";
  return formatVolumeOptions(value);
}
