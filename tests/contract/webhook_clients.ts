/**
 * The HTTP clients, all of which have to keep the same contract.
 *
 * @module
 */
import { createFetchClient } from "../../src/dispatcher/fetch_client.ts";
import { SocketClient } from "../../src/dispatcher/socket_client.ts";
import type { WebhookClient } from "../../src/dispatcher/webhook_client.ts";

const CLIENTS: Readonly<Record<string, () => WebhookClient>> = {
  "fetch": createFetchClient,
  "socket": () => new SocketClient(),
};

/** Tests what all clients have to do. */
export function test(name: string, body: (create: () => WebhookClient) => Promise<void>): void {
  for (const [kind, create] of Object.entries(CLIENTS)) {
    Deno.test(`${kind}: ${name}`, () => body(create));
  }
}
