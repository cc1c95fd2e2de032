/**
 * A message as upstream's daemon reads it (`events/src/glustereventsd.py`, `handlers.py`): it splits
 * at every `;` and at every `=`, and drops the event where that does not make pairs.
 *
 * What is kept of an event was read better than that, so the text that Gluster sent is put together
 * again, and read once more as upstream reads it. It cannot come out as it does there if
 * - upstream drops the event: a value with a `;` or a `=` in it, no message at all, no index that
 *   it knows. Then the message stays as it is kept;
 * - upstream loses text: it reads 8192 bytes of a datagram, and the bytes must be UTF-8;
 * - Gluster 6.1 to 11 would not write it: blanks around a value or before a key, where it sends
 *   none, or an option of `VOLUME_SET` without a value.
 *
 * @module
 */
import { eventTypeByName } from "./catalog.ts";
import { formatMessage } from "./datagram.ts";
import type { Message } from "./event.ts";

/** A value as upstream has it: options of `VOLUME_SET` need not come in pairs. */
export type UpstreamValue = string | number | boolean | readonly (readonly string[])[];

/** The keys and values in the order in which they were sent. */
export type UpstreamMessage = ReadonlyMap<string, UpstreamValue>;

// Where Gluster's senders write blanks that are not kept (afr-common.c, cli-cmd-volume.c).
const BLANK_BEFORE_KEY: ReadonlyMap<string, string> = new Map([
  ["AFR_QUORUM_MET", "subvol"],
  ["AFR_QUORUM_FAIL", "subvol"],
  ["AFR_SUBVOL_UP", "subvol"],
  ["AFR_SUBVOLS_DOWN", "subvol"],
]);
const BLANK_BEFORE_VALUE: ReadonlyMap<string, string> = new Map([["VOLUME_CREATE", "bricks"]]);

// The lists of eventsapiconf.py.
const BOOLEAN_KEYS: ReadonlySet<string> = new Set(["force", "push-pem", "no-verify"]);
const NUMBER_KEYS: ReadonlySet<string> = new Set(["ssh-port"]);

/**
 * The message of an event as upstream reads it, or `undefined` where upstream drops the event or
 * knows none of this name.
 */
export function toUpstreamMessage(event: string, message: Message): UpstreamMessage | undefined {
  if (eventTypeByName(event) === undefined) return undefined;
  const pairs = splitAsUpstream(formatMessage(withBlanks(event, message)));
  if (pairs === undefined) return undefined;
  const read = new Map([...pairs].map(([key, value]) => [key, convert(key, value)] as const));
  return event === "VOLUME_SET"
    ? new Map<string, UpstreamValue>([...read, ["options", splitOptions(pairs.get("options"))]])
    : read;
}

function withBlanks(event: string, message: Message): Message {
  const blankKey = BLANK_BEFORE_KEY.get(event);
  const blankValue = BLANK_BEFORE_VALUE.get(event);
  if (blankKey === undefined && blankValue === undefined) return message;
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [
      key === blankKey ? ` ${key}` : key,
      key === blankValue && typeof value === "string" ? ` ${value}` : value,
    ]),
  );
}

function splitAsUpstream(text: string): Map<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const piece of text.replace(/[ \t\n\r\v\f]+$/, "").split(";")) {
    const [key, value, ...more] = piece.split("=");
    if (key === undefined || value === undefined || more.length > 0) return undefined;
    pairs.set(key, value);
  }
  return pairs;
}

function convert(key: string, value: string): UpstreamValue {
  if (BOOLEAN_KEYS.has(key)) return /^(?:1|on|true|yes)$/i.test(value);
  if (NUMBER_KEYS.has(key) && /^[+-]?\d{1,15}$/.test(value)) return Number(value);
  return value;
}

/** Pairs as long as no value has a comma in it; then keys and values change places. */
function splitOptions(text = ""): string[][] {
  const words = text.replace(/^,+|,+$/g, "").split(",");
  const pairs: string[][] = [];
  for (let at = 0; at < words.length; at += 2) pairs.push(words.slice(at, at + 2));
  return pairs;
}
