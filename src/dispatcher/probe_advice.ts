/**
 * What helps when a webhook does not answer as it should.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import { type Origin, targetOf } from "./http_request.ts";
import type { Proxy } from "./proxy.ts";
import { adviseOnStatus } from "./status_advice.ts";
import { adviseOnTls } from "./tls_advice.ts";
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
    return advice === "" ? "" : advice + describeWay(proxy);
  }
  if (result.hint !== undefined) return result.hint;
  if (proxy !== undefined) return adviseOnProxied(result, webhook, proxy);
  const { origin } = targetOf(webhook.url);
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

function adviseOnConnecting({ errorClass, detail }: Failure, origin: Origin): string {
  const { hostname, port } = origin;
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

function adviseOnProxied(failure: Failure, webhook: Webhook, proxy: Proxy): string {
  const way = describeWay(proxy);
  const { origin } = targetOf(webhook.url);
  if (/authentication/i.test(failure.detail)) {
    return `the proxy wants a user and a password: ${proxy.variable}=http://USER:PASSWORD@` +
      `${showAddress(proxy)}`;
  }
  if (failure.stage === "tls") return adviseOnTls(failure, webhook) + way;
  if (/tunnel/i.test(failure.detail)) {
    return `the proxy does not connect to ${showAddress(origin)}: does it allow that port, and ` +
      `does it know the host?${way}`;
  }
  if (failure.stage === "name" || failure.stage === "connect") {
    const reached = { hostname: proxy.hostname, port: proxy.port, isSecure: false };
    return `it is the proxy that cannot be reached: ${
      adviseOnFailure(failure, webhook, reached)
    }${way}`;
  }
  if (failure.stage === undefined) {
    return `the proxy took the connection, and nothing came back: does it reach ` +
      `${showAddress(origin)}?${way}`;
  }
  return adviseOnSilence(failure, webhook) + way;
}

/** Says that there is a proxy, for who does not know that. */
function describeWay(proxy: Proxy | undefined): string {
  if (proxy === undefined) return "";
  return ` (the request goes through the proxy ${showAddress(proxy)} of ${proxy.variable}; ` +
    "NO_PROXY can except hosts from that)";
}

function showAddress({ hostname, port }: Pick<Origin, "hostname" | "port">): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

function isThisNode(hostname: string): boolean {
  return /^(localhost|127\..*|::1|0\.0\.0\.0|::)$/.test(hostname) ||
    hostname.endsWith(".localhost");
}
