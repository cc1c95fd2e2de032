/**
 * Which HTTP client posts to webhooks.
 *
 * @module
 */
import { createFetchClient } from "./fetch_client.ts";
import { SocketClient } from "./socket_client.ts";
import type { WebhookClient } from "./webhook_client.ts";

/** The environment variables that name a proxy. */
export const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
  .flatMap((name) => [name, name.toLowerCase()]);

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
