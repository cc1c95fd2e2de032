/**
 * Says what is strange in a filter that was set, and right all the same.
 *
 * @module
 */
import { unknownFields } from "../event/unknown_fields.ts";
import type { Webhook } from "../registry/schema.ts";
import type { Output } from "./output.ts";

/** Notes fields that no known event has. */
export function noteFilter(output: Output, webhook: Pick<Webhook, "wanted"> | undefined): void {
  for (const { path, guess } of unknownFields(webhook?.wanted.fields ?? [])) {
    const tip = guess === undefined
      ? "see what each says: gluster-eventing event-types EVENT"
      : `did you mean: ${guess}`;
    output.note(`note: no event that is known has the field ${path}; ${tip}`);
  }
}
