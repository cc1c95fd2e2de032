/**
 * What kinds of events there are: names, wire indexes, groups, severities and fields.
 *
 * @module
 */
import { CATALOG_ROWS } from "./catalog_data.ts";

/** The severities, mildest first. */
export const SEVERITIES = ["info", "warning", "alert", "critical"] as const;

/** How bad an event is: `info < warning < alert < critical`. */
export type Severity = typeof SEVERITIES[number];

/** One kind of event that Gluster's processes report. */
export interface EventType {
  /** The number that stands for the type in a datagram. */
  readonly index: number;
  /** Upstream's name without `EVENT_`, for example `VOLUME_CREATE`. */
  readonly name: string;
  /** The part of Gluster it is about, for example `VOLUME`. */
  readonly group: string;
  readonly severity: Severity;
  readonly description: string;
  readonly fields: readonly EventField[];
}

/** A key that the message of an event type can have. */
export interface EventField {
  /** The key; a trailing `N` stands for a number (`child-N`). */
  readonly name: string;
  /** False if the event is always sent with it. */
  readonly optional: boolean;
  /** The key's name in releases before it was renamed. */
  readonly formerName?: string;
}

/** The group of an event whose index the catalog does not know. */
export const UNKNOWN_GROUP = "UNKNOWN";

/** The severity of an event whose index the catalog does not know: it might matter. */
export const UNKNOWN_SEVERITY: Severity = "warning";

/** All event types, by index. */
export const EVENT_TYPES: readonly EventType[] = CATALOG_ROWS.map(
  ([name, group, severity, description, fields], index) => ({
    index,
    name,
    group,
    severity,
    description,
    fields: fields.split(" ").filter((field) => field !== "").map(readField),
  }),
);

const BY_NAME = new Map(EVENT_TYPES.map((type) => [type.name, type]));
const FIELD_NAMES = EVENT_TYPES.map((type) => fieldNames(type.fields));

/** The type with this wire index, if the catalog knows it. */
export function eventTypeByIndex(index: number): EventType | undefined {
  return EVENT_TYPES[index];
}

/** The type of this name (upper case, without `EVENT_`), if the catalog knows it. */
export function eventTypeByName(name: string): EventType | undefined {
  return BY_NAME.get(name);
}

/**
 * Whether a message of this type can have the key. Any key is possible where the catalog lists no
 * fields at all.
 */
export function isFieldOf(type: EventType, key: string): boolean {
  if (type.fields.length === 0) return true;
  const names = FIELD_NAMES[type.index];
  return names !== undefined && (names.has(key) || names.has(key.replace(/-\d+$/, "-N")));
}

function readField(text: string): EventField {
  const [named = "", formerName] = text.split("|");
  const optional = named.endsWith("?");
  const name = optional ? named.slice(0, -1) : named;
  return formerName === undefined ? { name, optional } : { name, optional, formerName };
}

function fieldNames(fields: readonly EventField[]): ReadonlySet<string> {
  return new Set(
    fields.flatMap(({ name, formerName }) => formerName ? [name, formerName] : [name]),
  );
}
