/**
 * Finds filters that no event could get through: who writes one means something else.
 *
 * @module
 */
import { type EventType, eventTypeByName, isFieldOf, SEVERITIES } from "./catalog.ts";
import { kindOf, matchesEvent, namesThatMayFit, parseEventFilter } from "./event_filter.ts";
import { fieldOf, type FieldRule, readFieldRule } from "./field_rule.ts";
import { isNoVolumeLeft } from "./volume_filter.ts";
import { mayNameVolume } from "./volume_of.ts";
import type { WantedEvents } from "./webhook_filter.ts";

/** Why no event gets through. */
export interface FilterFault {
  /** The setting that leaves none of those that the ones before it leave. */
  readonly setting: "events" | "severity" | "volumes" | "fields";
  /** A sentence without its end, to follow the setting's name. */
  readonly reason: string;
}

/**
 * Looks for a setting that leaves nothing. What it does not find may still be impossible; what it
 * finds is so by the catalog. An event that tells of a gap does not count: it comes anyway.
 *
 * @throws {InvalidFilterError} If the filter is not written right.
 */
export function findFilterFault(wanted: WantedEvents): FilterFault | undefined {
  const { events, severity, volumes, fields } = wanted;
  if (severity === undefined && [...events, ...volumes, ...fields].length === 0) return undefined;
  const names = parseEventFilter({ events });
  const named = namesThatMayFit(events).filter((name) => matchesEvent(names, name));
  if (named.length === 0) {
    return { setting: "events", reason: 'leave no event: those with "!" take away all' };
  }
  const least = severity === undefined ? 0 : SEVERITIES.indexOf(severity);
  const severe = named.filter((name) => rankOf(name) >= least);
  if (severe.length === 0) {
    const worst = SEVERITIES[Math.max(...named.map(rankOf))];
    return {
      setting: "severity",
      reason: `is ${severity}, and none of the events is worse than ${worst}`,
    };
  }
  return findVolumeFault(volumes, severe) ?? findFieldFault(fields.map(readFieldRule), severe);
}

function findVolumeFault(
  volumes: readonly string[],
  names: readonly string[],
): FilterFault | undefined {
  if (isNoVolumeLeft(volumes)) {
    return { setting: "volumes", reason: 'leave no volume: those with "!" take away all others' };
  }
  if (volumes.every((text) => text.startsWith("!"))) return undefined;
  // What the catalog does not know can name anything.
  if (names.some((name) => orTrue(name, mayNameVolume))) return undefined;
  return { setting: "volumes", reason: "are named, and none of the events is about a volume" };
}

function findFieldFault(
  rules: readonly FieldRule[],
  names: readonly string[],
): FilterFault | undefined {
  let left = names;
  for (const rule of rules) {
    left = left.filter((name) => mayHold(rule, name));
    if (left.length > 0) continue;
    const text = `${rule.path}${rule.isNegated ? "!=" : "="}${rule.glob}`;
    return { setting: "fields", reason: `ask for ${text}, which holds for none of the events` };
  }
  return undefined;
}

function mayHold({ path, isNegated, fits }: FieldRule, name: string): boolean {
  const { group, severity } = kindOf(name);
  const known = { event: name, event_group: group, severity };
  if (Object.hasOwn(known, path)) return fits(fieldOf(known, path));
  const [first, key = ""] = path.split(".");
  if (first !== "message" || isNegated) return true;
  return orTrue(name, (type) => isFieldOf(type, key));
}

function rankOf(name: string): number {
  return SEVERITIES.indexOf(kindOf(name).severity);
}

function orTrue(name: string, holds: (type: EventType) => boolean): boolean {
  const type = eventTypeByName(name);
  return type === undefined || holds(type);
}
