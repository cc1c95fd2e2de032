/**
 * What a receiver got, kept small: a million arrivals fit into memory.
 *
 * @module
 */
import type { Message } from "../../src/event/event.ts";
import { assert } from "../support/assert.ts";
import { numberOf } from "./load_sender.ts";

/** One event in one request. */
export interface Arrival {
  /** The request's place among the receiver's requests, from 0 on. */
  readonly request: number;
  /** The event's id. */
  readonly id: string;
  /** The number of the datagram. */
  readonly number: number;
  /** A hash of the event's JSON. */
  readonly hash: number;
  /** Whether the answer was a success, at once and whole. */
  readonly isAccepted: boolean;
  /** When it came, on the clock of `performance.now`. */
  readonly atMs: number;
}

/** The arrivals at one receiver, in the order in which they came. */
export class ArrivalLog {
  readonly arrivals: Arrival[] = [];
  #requests = 0;

  /** How many requests came. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * Takes a request with one event or an array of events.
   *
   * @param request.id The header `webhook-id`, which belongs to the event if there is just one.
   */
  add({ id, body, isAccepted }: { id?: string; body: string; isAccepted: boolean }): void {
    const request = this.#requests++;
    const atMs = performance.now();
    const parsed = JSON.parse(body) as ReceivedEvent | ReceivedEvent[];
    const events = Array.isArray(parsed) ? parsed : [parsed];
    for (const event of events) {
      const text = Array.isArray(parsed) ? JSON.stringify(event) : body;
      const number = numberOf(event.message);
      assert(!Number.isNaN(number), `an event came that nobody sent: ${text}`);
      this.arrivals.push({ request, id: event.id, number, hash: hashOf(text), isAccepted, atMs });
    }
    if (Array.isArray(parsed)) return;
    assert(id === parsed.id, `the header webhook-id is ${id}, but the body says: ${body}`);
  }
}

interface ReceivedEvent {
  readonly id: string;
  readonly message: Message;
}

/** 53 bits that differ where texts differ (cyrb53). */
function hashOf(text: string): number {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 2654435761);
    high = Math.imul(high ^ code, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return 4294967296 * (2097151 & high) + (low >>> 0);
}
