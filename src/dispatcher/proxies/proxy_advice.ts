/**
 * What helps when a proxy does not let a request through.
 *
 * @module
 */
import { isIP } from "node:net";
import { formatHostPort } from "../../std/host_port.ts";
import type { Destination, Proxy } from "./proxy.ts";
import type { AttemptResult } from "../verdict.ts";

type Failure = AttemptResult & { readonly kind: "error" };

/** What to do about a proxy that wants to know who uses it. */
export function adviseOnLogin(proxy: Proxy): string {
  const example = `${proxy.scheme}://USER:PASSWORD@${formatHostPort(proxy)}`;
  const setting = proxy.variable === undefined
    ? `--proxy ${example}`
    : `${proxy.variable}=${example}`;
  return proxy.login === undefined
    ? `the proxy wants a user and a password: ${setting}`
    : `are the user and the password of the proxy right? In the URL, what is neither a letter nor ` +
      `a digit is written as % and two digits: ${setting}`;
}

/** What to do about a proxy with which TLS was not agreed on. */
export function adviseOnProxyTls({ errorClass }: Failure, proxy: Proxy): string {
  const name = isIP(proxy.hostname) === 0 ? ` -servername ${proxy.hostname}` : "";
  const look = `openssl s_client -connect ${formatHostPort(proxy)}${name} </dev/null`;
  return errorClass === "tls"
    ? `is the proxy one with TLS (https://), and does it have a certificate for ${proxy.hostname} of ` +
      `a CA that this node trusts? --ca-file FILE names another CA; ${look}`
    : `does the proxy take TLS (https://) on that port? ${look}`;
}

/** What to do about a proxy that was reached and does not connect to the receiver. */
export function adviseOnTunnel(
  { errorClass }: Failure,
  { proxy, destination }: { readonly proxy: Proxy; readonly destination: Destination },
): string {
  const to = formatHostPort(destination);
  if (errorClass === "timeout") {
    return `the proxy took the connection, and nothing came back: does it reach ${to}, and does ` +
      `it speak ${proxy.scheme.startsWith("http") ? "HTTP" : "SOCKS5"} there? See its log`;
  }
  return `the proxy does not connect to ${to}: does it allow that port, does it know the host, and ` +
    "is it a proxy of this kind? See its log";
}

/**
 * Says that there is a proxy, for who does not know that, and how to go without it.
 *
 * @param mayAnswer It can be the proxy that has answered.
 */
export function describeWay(proxy: Proxy | undefined, mayAnswer = false): string {
  if (proxy === undefined) return "";
  const { variable } = proxy;
  const doubt = mayAnswer ? ", which may have answered itself" : "";
  const named = `${formatHostPort(proxy)} of ${variable ?? "--proxy"}`;
  const way = `the request goes through the proxy ${named}${doubt}`;
  return variable === undefined
    ? ` (${way}; --proxy none goes without it)`
    : ` (${way}; NO_PROXY can except hosts from that, and --proxy none this webhook)`;
}
