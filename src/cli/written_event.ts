/**
 * Events as they are written on a command line: a name, and `KEY=VALUE` for what it says.
 *
 * @module
 */
import { EVENT_TYPES } from "../event/catalog.ts";
import { formatDatagram, parseDatagram } from "../event/datagram.ts";
import type { Report } from "../event/event.ts";
import { nearest } from "../std/text.ts";
import { UsageError } from "./command.ts";
import type { Output } from "./output.ts";

/** An event that somebody wrote. */
export interface WrittenEvent {
  readonly event: string;
  /** As Gluster would send it. */
  readonly datagram: string;
  /** What a daemon would read in that. */
  readonly report: Report;
  /** Keys that a daemon takes for a part of the value before them. */
  readonly strangeKeys: readonly string[];
}

/**
 * Reads an event.
 *
 * @param nowMs When it happened, in milliseconds since 1970.
 * @throws {UsageError} If there is no such event, or a pair is none.
 */
export function readWrittenEvent(
  name: string,
  pairs: readonly string[],
  nowMs: number,
): WrittenEvent {
  const event = asEventName(name);
  const message = Object.fromEntries(pairs.map(asPair));
  if (Object.keys(message).length < pairs.length) {
    throw new UsageError("A key is given twice", "an event has each of its keys once");
  }
  const written = { ts: Math.floor(nowMs / 1000), event, message };
  const datagram = formatDatagram(written);
  const report = parseDatagram(datagram) ?? written;
  const strangeKeys = Object.keys(message).filter((key) => !Object.hasOwn(report.message, key));
  return { event, datagram, report, strangeKeys };
}

/** Says which keys do not mean what whoever wrote them may think. */
export function noteStrangeKeys(
  output: Output,
  { event, strangeKeys }: Pick<WrittenEvent, "event" | "strangeKeys">,
): void {
  if (strangeKeys.length === 0) return;
  const keys = strangeKeys.join(", ");
  output.note(`note: ${event} has no ${keys}: that is read as part of the value before it`);
}

function asEventName(text: string): string {
  const name = text.toUpperCase().replace(/^EVENT_/, "");
  const names = EVENT_TYPES.map((type) => type.name);
  if (names.includes(name) || /^UNKNOWN_-?\d{1,15}$/.test(name)) return name;
  const guess = nearest(name, names);
  throw new UsageError(
    `There is no event "${text}"`,
    guess === undefined ? "see them: gluster-eventing event-types" : `did you mean: ${guess}`,
  );
}

function asPair(text: string): [string, string] {
  const [, key, value] = /^([A-Za-z_][A-Za-z0-9_-]*)=([\s\S]*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new UsageError(`"${text}" is not KEY=VALUE`, "write it like: name=gv1");
  }
  return [key, value];
}
