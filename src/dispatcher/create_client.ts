/**
 * Which HTTP client posts to webhooks.
 *
 * @module
 */
import { createFetchClient } from "./fetch_client.ts";
import { PROXY_VARIABLES } from "./proxy.ts";
import { SocketClient } from "./socket_client.ts";
import type { WebhookClient } from "./webhook_client.ts";

/**
 * A client for one webhook. Only `fetch` knows proxies, and which hosts go without one; where there
 * is none, the socket costs less.
 *
 * @param environment Looks up an environment variable.
 */
export function createClient(environment: (name: string) => string | undefined): WebhookClient {
  const isProxied = PROXY_VARIABLES.some((name) => (environment(name) ?? "") !== "");
  return isProxied ? createFetchClient() : new SocketClient();
}
