/**
 * Which proxy a request goes through, by the rules of Deno's `fetch`.
 *
 * @module
 */
import { BlockList, isIP } from "node:net";
import { parseNetwork } from "../registry/network.ts";

/** The environment variables that name a proxy. */
export const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap(inBothCases);

/** Those that name the hosts which are reached without one. */
export const EXCEPTION_VARIABLES = inBothCases("NO_PROXY");

/** A proxy, and who says that there is one. */
export interface Proxy {
  readonly hostname: string;
  readonly port: number;
  /** The environment variable that names it. */
  readonly variable: string;
}

type Environment = (name: string) => string | undefined;

const PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };
const SOCKS_PORT = 1080;

/** The proxy that requests to a URL go through; `undefined` if they go through none. */
export function proxyOf(url: string, environment: Environment): Proxy | undefined {
  const { protocol, hostname } = new URL(url);
  const own = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const variable = ["ALL_PROXY", own].flatMap(inBothCases)
    .find((name) => (environment(name) ?? "") !== "");
  if (variable === undefined) return undefined;
  const [exceptions = ""] = EXCEPTION_VARIABLES.flatMap((name) => environment(name) ?? []);
  if (isExcepted(bare(hostname), exceptions)) return undefined;
  const text = environment(variable) ?? "";
  const proxy = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (proxy === null) return undefined;
  const port = proxy.port === "" ? PORTS[proxy.protocol] ?? SOCKS_PORT : Number(proxy.port);
  return { hostname: bare(proxy.hostname), port, variable };
}

/** Whether a list such as `example.com, 192.168.1.0/24` holds the host; `*` holds every name. */
function isExcepted(host: string, exceptions: string): boolean {
  const entries = exceptions.split(",").map((entry) => entry.trim()).filter((entry) =>
    entry !== ""
  );
  const version = isIP(host);
  if (version !== 0) {
    const networks = new BlockList();
    for (const { address, prefix, family } of entries.flatMap((text) => parseNetwork(text) ?? [])) {
      networks.addSubnet(address, prefix, family);
    }
    return networks.check(host, version === 6 ? "ipv6" : "ipv4");
  }
  return entries.some((entry) => {
    const domain = entry.replace(/^\./, "");
    return entry === "*" || host === domain || host.endsWith(`.${domain}`);
  });
}

/** A host without the brackets of IPv6. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function inBothCases(name: string): string[] {
  return [name, name.toLowerCase()];
}
