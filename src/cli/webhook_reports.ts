/**
 * How the webhooks are doing, on all nodes that a command reaches.
 *
 * @module
 */
import type { WebhookStatus } from "../api/status_report.ts";
import type { Invocation } from "./command.ts";
import { openPool } from "./pool_access.ts";
import { describeWebhooks, poolStatus, sumWebhooks } from "./pool_status.ts";
import { renderRemarks, statusOfRegistry } from "./webhook_rows.ts";

/** What is known of webhooks. */
export interface WebhookReports {
  /** Empty while no daemon runs. */
  readonly webhooks: readonly WebhookStatus[];
  /** Lines on what a table of them does not tell, about those that are asked for. */
  readonly remarks: (isMeant: (webhook: WebhookStatus) => boolean) => string[];
}

/** Asks the daemons. */
export async function webhookReports(
  invocation: Invocation,
  path: string,
): Promise<WebhookReports> {
  const access = await openPool(invocation);
  const { places, version } = invocation;
  if (access === undefined) {
    const status = await statusOfRegistry(places.daemon(), path);
    const webhooks = status?.webhooks ?? [];
    return { webhooks, remarks: (isMeant) => renderRemarks(webhooks.filter(isMeant)) };
  }
  const rows = await poolStatus(access, places, version);
  return {
    webhooks: sumWebhooks(rows),
    remarks: (isMeant) => describeWebhooks(rows, isMeant),
  };
}
