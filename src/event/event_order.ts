/**
 * Which events are too late to be drawn. Events come again, and in another order than they happened
 * in: they are tried again, replayed, and posted by several webhooks.
 *
 * @module
 */
import { beginningOf } from "../std/beginning_of.ts";
import { remember } from "../std/remember.ts";
import { isUlid, ulidTimeMs } from "../std/ulid.ts";
import type { EventPayload } from "./event.ts";

/** Whether an event is older than what is known of the parts that it is about. */
export interface PartOrder {
  /** Whether a newer event has changed the part. */
  isLate(part: string): boolean;
  /** The same; if not, the part is as the event says from now on. @returns Whether it is. */
  take(part: string): boolean;
}

/** All events come as they happened. */
export const IN_ORDER: PartOrder = { isLate: () => false, take: () => true };

/** How much is remembered: what is beyond is forgotten, the oldest first. */
const MOST_EVENTS = 8192;
const MOST_PARTS = 8192;
const MOST_NODES = 256;
const LONGEST_KEY = 4096;
/** How well the clocks of nodes are known; also what `ts`, in whole seconds, leaves open. */
const UNSURE_MS = 1000;
/** Who is further ahead has no clock worth looking at. */
const MOST_AHEAD_MS = 86_400_000;

/** When an event happened. */
interface Moment {
  readonly node: string;
  /** By the clock of whoever receives. */
  readonly ms: number;
  /** Sorts the events of a node; empty if it has none. */
  readonly ulid: string;
}

/** Remembers which events came, and when parts were changed last. Reads no clock itself. */
export class EventOrder {
  readonly #seen = new Map<string, true>();
  readonly #parts = new Map<string, Moment>();
  /** How long a node's events take at least, with what its clock is behind. */
  readonly #lags = new Map<string, number>();

  /**
   * What may be drawn of an event.
   *
   * @param receivedMs When it came.
   * @returns `undefined` if it came before.
   */
  orderOf(payload: EventPayload, receivedMs: number): PartOrder | undefined {
    const { id, event, nodeid } = payload;
    if (id !== "") {
      const key = beginningOf(`${id}\n${nodeid}\n${event}`, LONGEST_KEY);
      if (this.#seen.has(key)) return undefined;
      remember(this.#seen, [key, true], MOST_EVENTS);
    }
    const moment = this.#momentOf(payload, receivedMs);
    const isLate = (part: string) => {
      const last = this.#parts.get(beginningOf(part, LONGEST_KEY));
      return last !== undefined && isBefore(moment, last);
    };
    const take = (part: string) => {
      if (isLate(part)) return false;
      remember(this.#parts, [beginningOf(part, LONGEST_KEY), moment], MOST_PARTS);
      return true;
    };
    return { isLate, take };
  }

  /**
   * Clocks differ from node to node: what counts is how much longer an event took than the quickest
   * one of its node.
   */
  #momentOf({ id, ts, nodeid }: EventPayload, receivedMs: number): Moment {
    const ulid = isUlid(id) ? id : "";
    const node = beginningOf(nodeid, LONGEST_KEY);
    const saysMs = ulid === "" ? ts * 1000 : ulidTimeMs(ulid);
    const isClock = saysMs > 0 && saysMs - receivedMs <= MOST_AHEAD_MS;
    if (!isClock) return { node, ms: receivedMs, ulid: "" };
    const lagMs = Math.min(receivedMs - saysMs, this.#lags.get(node) ?? Infinity);
    remember(this.#lags, [node, lagMs], MOST_NODES);
    return { node, ms: saysMs + lagMs, ulid };
  }
}

function isBefore(one: Moment, other: Moment): boolean {
  const isExact = one.node === other.node && one.ulid !== "" && other.ulid !== "";
  return isExact ? one.ulid < other.ulid : one.ms < other.ms - UNSURE_MS;
}
