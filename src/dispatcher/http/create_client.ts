/**
 * Which HTTP client posts to webhooks.
 *
 * @module
 */
import type { Environment } from "../proxies/proxy.ts";
import { SocketClient } from "./socket_client.ts";
import { systemNetwork } from "./open_connection.ts";
import type { WebhookClient } from "./webhook_client.ts";

/**
 * A client for one webhook.
 *
 * @param environment Names the proxies of webhooks that name none.
 */
export function createClient(environment: Environment): WebhookClient {
  return new SocketClient(systemNetwork, environment);
}
