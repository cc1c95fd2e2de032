/**
 * Looks at the certificate of a webhook's receiver, without posting anything.
 *
 * @module
 */
import type { Webhook } from "../../registry/schema.ts";
import { ConnectionCutter } from "../http/connection_cutter.ts";
import { targetOf } from "../http/http_request.ts";
import { type Network, systemNetwork } from "../http/open_connection.ts";
import { lookAtCertificate } from "./open_node_tls.ts";
import { chooseProxy } from "../proxies/proxy.ts";

/** What to look with. */
export interface LookOptions {
  readonly signal: AbortSignal;
  readonly network?: Network;
}

/**
 * The certificate (DER) that the receiver presents. Nothing of it is verified: whoever wants to
 * believe it has to do that.
 *
 * @throws The signal's reason, or why nothing can be seen.
 */
export async function lookAtReceiver(
  { url }: Pick<Webhook, "url">,
  { signal, network = systemNetwork }: LookOptions,
): Promise<Uint8Array | undefined> {
  using cutter = new ConnectionCutter();
  return await lookAtCertificate(targetOf(url).origin, { signal, network, cutter });
}

/**
 * Whether requests go straight to the receiver: what is behind a proxy can be seen only through it.
 *
 * @param environment Looks up an environment variable.
 */
export function isReachedDirectly(
  { url, transport: { proxy } }: Pick<Webhook, "url" | "transport">,
  environment: (name: string) => string | undefined,
): boolean {
  return chooseProxy(url, proxy, environment) === undefined;
}
