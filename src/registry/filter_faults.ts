/**
 * Webhooks whose filter lets no event of the catalog through. A change that asks for one means
 * something else and is refused; a registry that has one is good all the same, since another
 * version of the program may have another catalog.
 *
 * @module
 */
import { findFilterFault } from "../event/impossible_filter.ts";
import type { Webhook } from "./schema.ts";

/** A webhook that gets nothing. */
export interface FilterFault {
  readonly webhook: string;
  /** Which setting leaves nothing, and why. */
  readonly reason: string;
}

/** Looks for such webhooks. */
export function filterFaults(webhooks: readonly Webhook[]): FilterFault[] {
  return webhooks.flatMap(({ name, wanted }) => {
    const fault = findFilterFault(wanted);
    return fault === undefined
      ? []
      : [{ webhook: name, reason: `${fault.setting} ${fault.reason}` }];
  });
}

/** The same of those webhooks whose filter none had before. */
export function newFilterFaults(
  before: readonly Webhook[],
  after: readonly Webhook[],
): FilterFault[] {
  const known = new Set(before.map(({ wanted }) => JSON.stringify(wanted)));
  return filterFaults(after.filter(({ wanted }) => !known.has(JSON.stringify(wanted))));
}
