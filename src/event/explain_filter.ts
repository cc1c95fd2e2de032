/**
 * Says why a webhook's filter lets an event through or not.
 *
 * @module
 */
import { SEVERITIES } from "./catalog.ts";
import type { EventPayload } from "./event.ts";
import { decidingPatterns } from "./event_filter.ts";
import { fieldOf, readFieldRule } from "./field_rule.ts";
import { readVolumeFilter } from "./volume_filter.ts";
import { volumeIn } from "./volume_of.ts";
import type { WantedEvents } from "./webhook_filter.ts";

/** What one setting says to an event. Others build on these names. */
export interface FilterCheck {
  readonly setting: "events" | "severity" | "volumes" | "fields";
  /** What the setting asks for, as it is written. */
  readonly wanted: string;
  /** What the event has there; `null` if nothing. */
  readonly has: string | null;
  readonly fits: boolean;
  /** The same in words. */
  readonly reason: string;
}

/**
 * Asks each setting that is set; the event gets through if all of them fit.
 *
 * @throws {InvalidFilterError} If the filter is not written right.
 */
export function explainWebhookFilter(
  { events, severity, volumes, fields }: WantedEvents,
  payload: EventPayload,
): readonly FilterCheck[] {
  return [
    ...events.length === 0 ? [] : [checkEvents(events, payload)],
    ...severity === undefined ? [] : [checkSeverity(severity, payload)],
    ...volumes.length === 0 ? [] : [checkVolumes(volumes, payload)],
    ...fields.map((rule) => checkField(rule, payload)),
  ];
}

function checkEvents(events: readonly string[], { event }: EventPayload): FilterCheck {
  const { adding: [added], takingAway: [taken], isAnyAdding } = decidingPatterns(events, event);
  const fits = taken === undefined && (added !== undefined || !isAnyAdding);
  const reason = taken !== undefined
    ? `${taken} leaves it out`
    : added !== undefined
    ? `${added} fits it`
    : isAnyAdding
    ? "none of the patterns fits it"
    : "nothing leaves it out";
  return { setting: "events", wanted: events.join(", "), has: event, fits, reason };
}

function checkSeverity(
  least: NonNullable<WantedEvents["severity"]>,
  { severity }: EventPayload,
): FilterCheck {
  const difference = SEVERITIES.indexOf(severity) - SEVERITIES.indexOf(least);
  const reason = difference === 0
    ? `it is ${severity}`
    : `${severity} is ${difference > 0 ? "worse" : "milder"} than ${least}`;
  return {
    setting: "severity",
    wanted: `${least} or worse`,
    has: severity,
    fits: difference >= 0,
    reason,
  };
}

function checkVolumes(volumes: readonly string[], payload: EventPayload): FilterCheck {
  const filter = readVolumeFilter(volumes);
  const volume = volumeIn(payload);
  const [added, taken] = [filter.adding(volume), filter.takingAway(volume)];
  const reason = taken !== undefined
    ? `${taken} leaves it out`
    : added !== undefined
    ? `${added} fits it`
    : volume === ""
    ? `the event names no volume${filter.isAnyAdding ? "" : ", and nothing leaves that out"}`
    : filter.isAnyAdding
    ? "none of the patterns fits it"
    : "nothing leaves it out";
  return {
    setting: "volumes",
    wanted: volumes.join(", "),
    has: volume === "" ? null : volume,
    fits: filter.fits(volume),
    reason,
  };
}

function checkField(text: string, payload: EventPayload): FilterCheck {
  const { path, fits, isNegated, glob } = readFieldRule(text);
  const value = fieldOf({ ...payload }, path);
  const isFit = fits(value);
  const isEqual = isFit !== isNegated;
  const reason = value === undefined
    ? `the event has no ${path}`
    : `${path} is ${isEqual ? "" : "not "}${glob === "" ? "empty" : glob}`;
  return { setting: "fields", wanted: text, has: value ?? null, fits: isFit, reason };
}
