/**
 * The counts that every status has to hold.
 *
 * @module
 */
import type { StatusReport } from "../../src/api/status_report.ts";
import { assert } from "../support/assert.ts";

/** Finds a webhook in a status. */
export function webhookIn(
  status: StatusReport,
  name: string,
): StatusReport["webhooks"][number] {
  const webhook = status.webhooks.find((candidate) => candidate.name === name);
  assert(webhook !== undefined, `the status has no webhook ${name}: ${Deno.inspect(status)}`);
  return webhook;
}

/** Checks that every event is somewhere. */
export function checkCounts(status: StatusReport): void {
  for (const { name, matched, delivered, pending, dead, dropped } of status.webhooks) {
    assert(
      matched === delivered + pending + dead + dropped,
      `the counts of ${name} do not add up: ${matched} matched, but ${delivered} delivered + ` +
        `${pending} pending + ${dead} dead + ${dropped} dropped`,
    );
  }
}

/** Checks that webhooks which were there before the first event account for every event. */
export function checkAllCounted(status: StatusReport, fromTheStart: readonly string[]): void {
  const { received } = status.events;
  for (const name of fromTheStart) {
    const { matched, filtered } = webhookIn(status, name);
    assert(
      received === matched + filtered,
      `${received} events were received, but ${name} has ${matched} matched + ` +
        `${filtered} filtered`,
    );
  }
}
