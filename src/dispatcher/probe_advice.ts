/**
 * What helps when a webhook does not answer as it should.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import { type Origin, targetOf } from "./http/http_request.ts";
import { isForwarding, type Proxy } from "./proxies/proxy.ts";
import {
  adviseOnLogin,
  adviseOnProxyTls,
  adviseOnTunnel,
  describeWay,
} from "./proxies/proxy_advice.ts";
import { adviseOnStatus } from "./status_advice.ts";
import { adviseOnTls } from "./tls/tls_advice.ts";
import type { AttemptResult } from "./verdict.ts";

/** What was tried. */
export interface Tried {
  readonly webhook: Webhook;
  /** What the request went through. */
  readonly proxy?: Proxy;
}

type Failure = AttemptResult & { readonly kind: "error" };

/** What to do about the result of a request, in one line; empty if nothing. */
export function adviseOn(result: AttemptResult, { webhook, proxy }: Tried): string {
  if (result.kind === "response") {
    const advice = adviseOnStatus(result, webhook);
    return advice === "" ? "" : advice + describeWay(proxy, result.through !== undefined);
  }
  if (result.hint !== undefined) return result.hint;
  const { origin } = targetOf(webhook.url);
  if (proxy !== undefined) {
    return adviseOnProxied(result, webhook, { proxy, origin }) + describeWay(proxy);
  }
  if (result.errorClass === "refused" && isThisNode(origin.hostname)) {
    return `nothing listens on port ${origin.port} of this node, and ${origin.hostname} is another ` +
      "machine on every node: give a name that leads all of them to the receiver";
  }
  return adviseOnFailure(result, webhook, origin);
}

function adviseOnFailure(failure: Failure, webhook: Webhook, origin: Origin): string {
  switch (failure.stage) {
    case "name":
      return adviseOnName(failure, origin.hostname);
    case "connect":
      return adviseOnConnecting(failure, origin);
    case "tls":
      return adviseOnTls(failure, webhook);
    default:
      return adviseOnSilence(failure, webhook);
  }
}

function adviseOnName({ errorClass, detail }: Failure, hostname: string): string {
  return errorClass === "timeout" || detail.includes("name server")
    ? `see whether this node reaches its name server: getent hosts ${hostname}; cat /etc/resolv.conf`
    : `is the name spelled right, and does this node know it? getent hosts ${hostname}`;
}

function adviseOnConnecting(
  { errorClass, detail }: Failure,
  { hostname, port }: Pick<Origin, "hostname" | "port">,
): string {
  if (errorClass === "refused") {
    return `is it running, and on port ${port}? See there: ss -tlnp; ` +
      "a firewall can refuse connections too";
  }
  if (errorClass === "timeout" || /timed out/i.test(detail)) {
    return `is ${hostname} up, and does a firewall between it and this node let TCP port ${port} ` +
      "through?";
  }
  return `does this node have a route to it? ip route get ${hostname}; ping ${hostname}`;
}

function adviseOnSilence({ errorClass, detail }: Failure, { url, timeoutMs }: Webhook): string {
  if (errorClass === "timeout") {
    return `it has the request and does not answer: see its log; if it needs more than ` +
      `${timeoutMs / 1000} s, give it more with --timeout`;
  }
  if (errorClass === "reset") {
    return "it hangs up without an answer: see its log, or that of what stands before it; " +
      "does it take POST and HTTP/1.1?";
  }
  if (url.startsWith("http:") && /\\u0015\\u0003|HTTP version/.test(detail)) {
    return "does that port want TLS? Try the URL with https://";
  }
  return "is a web server what listens there? It does not speak HTTP/1.1";
}

function adviseOnProxied(
  failure: Failure,
  webhook: Webhook,
  { proxy, origin }: { readonly proxy: Proxy; readonly origin: Origin },
): string {
  if (failure.stage === "proxy") return adviseOnProxy(failure, proxy, origin);
  const isGarbage = failure.stage === "response" && failure.errorClass === "network";
  return isGarbage && isForwarding(proxy, origin.isSecure)
    ? `is it an HTTP proxy what listens on port ${proxy.port} of ${proxy.hostname}?`
    : adviseOnFailure(failure, webhook, origin);
}

function adviseOnProxy(failure: Failure, proxy: Proxy, destination: Origin): string {
  const isIt = "it is the proxy that cannot be reached: ";
  switch (failure.proxyStep) {
    case "name":
      return isIt + adviseOnName(failure, proxy.hostname);
    case "connect":
      return isIt + adviseOnConnecting(failure, proxy);
    case "tls":
      return adviseOnProxyTls(failure, proxy);
    case "login":
      return adviseOnLogin(proxy);
    default:
      return adviseOnTunnel(failure, { proxy, destination });
  }
}

function isThisNode(hostname: string): boolean {
  return /^(localhost|127\..*|::1|0\.0\.0\.0|::)$/.test(hostname) ||
    hostname.endsWith(".localhost");
}
