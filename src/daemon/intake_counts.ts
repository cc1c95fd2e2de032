/**
 * Counts the events that come in, by type, since the daemon started.
 *
 * @module
 */
import { EVENT_TYPES, UNKNOWN_GROUP, UNKNOWN_SEVERITY } from "../event/catalog.ts";

/** Stands for all types that the catalog does not know: anybody can send any number of them. */
const UNKNOWN = "UNKNOWN";

/** How many there were of a type. */
export interface TypeCount {
  readonly event: string;
  readonly group: string;
  readonly severity: string;
  readonly count: number;
}

/** Counts by the name of the type. */
export class IntakeCounts {
  readonly #counts = new Map(EVENT_TYPES.map(({ name }) => [name, 0]));
  #unknown = 0;

  /** Counts one event. */
  add(event: string): void {
    const count = this.#counts.get(event);
    if (count === undefined) this.#unknown++;
    else this.#counts.set(event, count + 1);
  }

  /** All types, in the order of the catalog. */
  all(): TypeCount[] {
    const unknown = { event: UNKNOWN, group: UNKNOWN_GROUP, severity: UNKNOWN_SEVERITY };
    return [
      ...EVENT_TYPES.map(({ name, group, severity }) => {
        return { event: name, group, severity, count: this.#counts.get(name) ?? 0 };
      }),
      { ...unknown, count: this.#unknown },
    ];
  }
}
