/**
 * The event that tries a webhook.
 *
 * @module
 */
import type { EventOrigin, EventPayload } from "./event.ts";

/** Its name, which upstream's `webhook-test` gives to it too; no event of Gluster has it. */
export const TEST_EVENT = "TEST";

/** What it is about, and how bad it is. */
export const TEST_KIND = { group: "TEST", severity: "info" } as const;

/** The payload, with a message that says that it is a test. */
export function toTestPayload({ id, node, atMs }: EventOrigin): EventPayload {
  return {
    nodeid: node.id,
    ts: Math.floor(atMs / 1000),
    event: TEST_EVENT,
    message: { text: "a test by gluster-eventing webhook-test; nothing has happened" },
    id,
    event_group: TEST_KIND.group,
    severity: TEST_KIND.severity,
    host: node.host,
  };
}
