/**
 * Events in words, for people who have to know at once what happened.
 *
 * @module
 */
import { eventTypeByName } from "./catalog.ts";
import type { Message } from "./event.ts";
import { type EventFacts, firstText } from "./event_facts.ts";
import { GAP_EVENT } from "./gap_event.ts";
import { HEADLINES } from "./headline_data.ts";
import { TEST_EVENT } from "./test_event.ts";

/** A line like `gl2: brick gl2:/b1 of volume gv0 disconnected (alert)`. */
export function headlineOf(facts: EventFacts): string {
  const { host, severity } = facts.payload;
  const where = host === undefined || host === "" ? "" : `${host}: `;
  return `${where}${happeningOf(facts)} (${severity})`.replace(/\s+/g, " ");
}

/** What such an event means; empty for one that the catalog does not know. */
export function descriptionOf(event: string): string {
  if (event === TEST_EVENT) return "Somebody tries this webhook";
  if (event === GAP_EVENT) return "Events were received that this webhook did not get";
  return eventTypeByName(event)?.description ?? "";
}

/** What happened, without where and how bad it is: `brick gl2:/b1 of volume gv0 disconnected`. */
export function happeningOf(facts: EventFacts): string {
  const { event, message } = facts.payload;
  const words = Object.hasOwn(HEADLINES, event) ? HEADLINES[event] : undefined;
  if (words === undefined) return `${event}, an event that is not known here`;
  return words.replace(
    /\{(=?)([\w-]+)\}/g,
    (_, isField: string, name: string) =>
      isField === "" ? nameOf(name, facts) : fieldOf(name, message),
  );
}

function fieldOf(name: string, message: Message | undefined): string {
  return firstText(message, [name]) || `(no ${name})`;
}

function nameOf(kind: string, facts: EventFacts): string {
  const { volume } = facts;
  if (kind === "session") return `geo-replication${ofVolume(volume)}`;
  if (kind === "worker") return named("brick", facts.brick);
  if (kind === "brick") return named("brick", facts.brick) + ofVolume(volume);
  if (kind === "subvolume") return named("subvolume", facts.subvolume);
  if (kind === "snapshot") return named("snapshot", facts.snapshot);
  if (kind === "service") return named("service", facts.service) + ofVolume(volume);
  return kind === "peer" ? named("peer", facts.peer) : named("volume", volume);
}

function named(what: string, name: string): string {
  return name === "" ? `a ${what}` : `${what} ${name}`;
}

function ofVolume(volume: string): string {
  return volume === "" ? "" : ` of volume ${volume}`;
}
