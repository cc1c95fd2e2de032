/**
 * The ways to a webhook, all of which have to keep the same contract.
 *
 * @module
 */
import { SocketClient } from "../../src/dispatcher/http/socket_client.ts";
import { systemNetwork } from "../../src/dispatcher/http/open_connection.ts";
import type { WebhookClient } from "../../src/dispatcher/http/webhook_client.ts";
import { SocksProxy } from "../support/proxies.ts";

/** Tests what holds whichever way a request goes. */
export function test(name: string, body: (create: () => WebhookClient) => Promise<void>): void {
  Deno.test(`directly: ${name}`, () => body(() => new SocketClient()));
  Deno.test(`through a proxy: ${name}`, async () => {
    await using proxy = new SocksProxy();
    const environment = (variable: string) =>
      variable === "ALL_PROXY" ? `socks5://${proxy.address}` : undefined;
    await body(() => new SocketClient(systemNetwork, environment));
  });
}
