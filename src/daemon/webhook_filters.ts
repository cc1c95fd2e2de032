/**
 * The filters of the webhooks for those who meet events outside a lane.
 *
 * @module
 */
import { compileWebhookFilter, type WebhookFilter } from "../event/webhook_filter.ts";
import type { Webhook } from "../registry/schema.ts";

/** The filter of the webhook with a name; `undefined` if it gets every event, or there is none. */
export function filterOf(webhooks: readonly Webhook[], name: string): WebhookFilter | undefined {
  const webhook = webhooks.find((candidate) => candidate.name === name);
  return webhook && compileWebhookFilter(webhook.wanted);
}
