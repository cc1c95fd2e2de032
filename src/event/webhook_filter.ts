/**
 * Which events a webhook gets: by name, group and severity, by volume, and by what fields hold.
 *
 * @module
 */
import type { Severity } from "./catalog.ts";
import { matchesEvent, parseEventFilter } from "./event_filter.ts";
import { fieldOf, type FieldRule, type ParsedPayload, readFieldRule } from "./field_rule.ts";
import { GAP_EVENT } from "./gap_event.ts";
import { readVolumeFilter } from "./volume_filter.ts";
import { volumeIn } from "./volume_of.ts";

/** How a filter is written; all of it has to hold. */
export interface WantedEvents {
  /** As in `EventFilterText`; all if empty. */
  readonly events: readonly string[];
  /** This severity or worse. */
  readonly severity?: Severity;
  /** As `readVolumeFilter` reads them; all, and events of none, if empty. */
  readonly volumes: readonly string[];
  /** As `readFieldRule` reads them; each has to hold. */
  readonly fields: readonly string[];
}

/** An event as the spool keeps it: its name, and its payload as JSON. */
export interface FilteredEvent {
  readonly event: string;
  readonly payload: string;
}

/** Whether a webhook gets an event. The payload is only read where volumes or fields decide. */
export type WebhookFilter = (event: FilteredEvent) => boolean;

/**
 * Makes a filter ready to be asked often. An event that tells of a gap gets through any filter:
 * what is missing may be anything.
 *
 * @returns `undefined` if every event gets through.
 * @throws {InvalidFilterError} If it is not written right.
 */
export function compileWebhookFilter(wanted: WantedEvents): WebhookFilter | undefined {
  const { events, severity = "info", volumes, fields } = wanted;
  const names = parseEventFilter({ events, severity });
  const isOnlyNames = volumes.length === 0 && fields.length === 0;
  if (isOnlyNames && events.length === 0 && severity === "info") return undefined;
  const fitsPayload = isOnlyNames ? () => true : compilePayloadRules(volumes, fields);
  return ({ event, payload }) =>
    event === GAP_EVENT || (matchesEvent(names, event) && fitsPayload(payload));
}

function compilePayloadRules(
  volumes: readonly string[],
  fields: readonly string[],
): (payload: string) => boolean {
  const volumeFilter = readVolumeFilter(volumes);
  const rules: readonly FieldRule[] = fields.map(readFieldRule);
  return (text) => {
    const payload: ParsedPayload = JSON.parse(text);
    return (!volumeFilter.isAny || volumeFilter.fits(volumeIn(payload))) &&
      rules.every(({ path, fits }) => fits(fieldOf(payload, path)));
  };
}
