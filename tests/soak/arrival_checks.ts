/**
 * Whether what arrived is what was promised. Values in, figures out, or an error that says what
 * was seen instead.
 *
 * @module
 */
import { assert } from "../support/assert.ts";
import type { Arrival, ArrivalLog } from "./arrival_log.ts";
import { volumeOf } from "./load_sender.ts";

/** An event that the daemon says it has taken in. */
export interface CommittedEvent {
  readonly id: string;
  /** The number of the datagram. */
  readonly number: number;
}

/** In which order a webhook is promised its events. */
export type LaneOrder = "fifo" | "volume" | "none";

/** How it went for a webhook. */
export interface ArrivalFigures {
  readonly requests: number;
  /** Arrivals of events that the receiver had accepted before. */
  readonly duplicates: number;
}

/** The events that have to come one after the other, and how many of them were accepted. */
interface Row {
  length: number;
  accepted: number;
}

/** An event's place in its row, and whether it was accepted. */
interface Place {
  readonly committed: CommittedEvent;
  readonly row: Row;
  readonly at: number;
  hash?: number;
  isAccepted: boolean;
}

/**
 * Checks what arrived at a webhook that was registered before the first event: nothing is missing,
 * nothing is there that was not taken in, nothing came under two ids or with two bodies, and each
 * event was tried only after the receiver had accepted the one before it.
 */
export function checkArrivals(
  webhook: string,
  log: ArrivalLog,
  { committed, order }: { committed: readonly CommittedEvent[]; order: LaneOrder },
): ArrivalFigures {
  const places = placesOf(committed, order);
  let duplicates = 0;
  let last: { readonly arrival: Arrival; readonly place: Place } | undefined;
  for (const arrival of log.arrivals) {
    const place = places.get(arrival.id);
    assert(place !== undefined, `${webhook} got what was never taken in: ${show(arrival)}`);
    checkContent(webhook, arrival, place);
    // Within a request each event follows the one before, whether they are accepted or not.
    const follows = last?.arrival.request === arrival.request && last.place.row === place.row
      ? last.place.at + 1
      : undefined;
    if (order !== "none") checkOrder(webhook, arrival, place, follows);
    if (place.isAccepted) duplicates++;
    if (arrival.isAccepted && !place.isAccepted) {
      place.isAccepted = true;
      place.row.accepted++;
    }
    last = { arrival, place };
  }
  const missing = [...places.values()].filter(({ isAccepted }) => !isAccepted);
  const examples = missing.slice(0, 5).map(({ committed }) => show(committed)).join(", ");
  assert(
    missing.length === 0,
    `${webhook} misses ${missing.length} of ${committed.length} events: ${examples}`,
  );
  return { requests: log.requests, duplicates };
}

/**
 * Checks what arrived by the datagrams' numbers alone, where every event that was taken in has to
 * be there: first arrivals in order, so many of them.
 *
 * @param received How many events were taken in.
 */
export function checkNumbers(webhook: string, log: ArrivalLog, received: number): ArrivalFigures {
  let newest = -1;
  let duplicates = 0;
  const accepted = new Set<number>();
  for (const { number, isAccepted } of log.arrivals) {
    if (accepted.has(number)) {
      duplicates++;
    } else {
      assert(number >= newest, `${webhook} got number ${number} only after number ${newest}`);
      newest = number;
    }
    if (isAccepted) accepted.add(number);
  }
  assert(
    accepted.size === received,
    `${webhook} accepted ${accepted.size} different events, but ${received} were taken in`,
  );
  return { requests: log.requests, duplicates };
}

function placesOf(
  committed: readonly CommittedEvent[],
  order: LaneOrder,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const rows = new Map<string, Row>();
  const numbers = new Set<number>();
  for (const event of committed) {
    const name = order === "volume" ? volumeOf(event.number) : "all";
    const row = rows.get(name) ?? { length: 0, accepted: 0 };
    rows.set(name, row);
    assert(!places.has(event.id), `the history has an id twice: ${event.id}`);
    assert(!numbers.has(event.number), `a datagram was taken in twice: number ${event.number}`);
    numbers.add(event.number);
    places.set(event.id, { committed: event, row, at: row.length++, isAccepted: false });
  }
  return places;
}

function checkContent(webhook: string, arrival: Arrival, place: Place): void {
  assert(
    arrival.number === place.committed.number,
    `${webhook} got ${show(arrival)}, but the history has ${show(place.committed)}`,
  );
  place.hash ??= arrival.hash;
  assert(place.hash === arrival.hash, `${webhook} got two bodies for ${show(arrival)}`);
}

function checkOrder(webhook: string, arrival: Arrival, place: Place, follows?: number): void {
  const { row, at } = place;
  if (follows !== undefined) {
    assert(at === follows, `${webhook} got a request out of order at ${show(arrival)}`);
    return;
  }
  // So far every row was accepted from its beginning without a gap: that is what this line checks.
  assert(
    at <= row.accepted,
    `${webhook} got ${show(arrival)}, event ${at} of its row, when only ${row.accepted} before ` +
      "it had been accepted",
  );
}

function show({ id, number }: CommittedEvent): string {
  return `number ${number} (${id})`;
}
