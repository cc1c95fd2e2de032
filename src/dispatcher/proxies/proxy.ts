/**
 * Which proxy a request goes through: the webhook's own, else that of the environment, by the rules
 * of Deno's `fetch`.
 *
 * @module
 */
import { BlockList, isIP } from "node:net";
import { parseNetwork } from "../../registry/network.ts";
import { formatHostPort, type HostPort, withoutBrackets } from "../../std/host_port.ts";
import { basicAuth, decodePercent } from "../basic_auth.ts";

/** The environment variables that name a proxy. */
export const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap(inBothCases);

/** Those that name the hosts which are reached without one. */
export const EXCEPTION_VARIABLES = inBothCases("NO_PROXY");

/** A proxy, and who says that there is one. */
export interface Proxy {
  /** With `socks5` the names of receivers are looked up here, with `socks5h` by the proxy. */
  readonly scheme: "http" | "https" | "socks5" | "socks5h";
  /** A name or an address, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** What the proxy wants to be told by whom uses it. */
  readonly login?: ProxyLogin;
  /** The environment variable that names it; absent if the webhook does. */
  readonly variable?: string;
}

/** A user and a password, as they are before they are encoded for a URL. */
export interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}

/** A receiver, as a proxy is told of it: an address, or a name that the proxy looks up. */
export type Destination = HostPort;

/** Looks up an environment variable. */
export type Environment = (name: string) => string | undefined;

/** The setting of a webhook that goes through no proxy, whatever the environment says. */
const NO_PROXY_AT_ALL = "none";

const PORTS: Readonly<Record<Proxy["scheme"], number>> = {
  http: 80,
  https: 443,
  socks5: 1080,
  socks5h: 1080,
};

/**
 * The proxy that a webhook's requests go through; `undefined` if they go through none.
 *
 * @param setting The webhook's `proxy`: a URL, or `none`.
 */
export function chooseProxy(
  url: string,
  setting: string | undefined,
  environment: Environment,
): Proxy | undefined {
  if (setting === undefined) return proxyOf(url, environment);
  return setting === NO_PROXY_AT_ALL ? undefined : parseProxy(setting);
}

/** The proxy that the environment names for requests to a URL; `undefined` if it names none. */
export function proxyOf(url: string, environment: Environment): Proxy | undefined {
  const { protocol, hostname } = new URL(url);
  const own = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const variable = ["ALL_PROXY", own].flatMap(inBothCases)
    .find((name) => (environment(name) ?? "") !== "");
  if (variable === undefined) return undefined;
  const [exceptions = ""] = EXCEPTION_VARIABLES.flatMap((name) => environment(name) ?? []);
  if (isExcepted(withoutBrackets(hostname), exceptions)) return undefined;
  const text = environment(variable) ?? "";
  const proxy = parseProxy(text.includes("://") ? text : `http://${text}`);
  return proxy === undefined ? undefined : { ...proxy, variable };
}

/** A proxy as messages name it: never with its user and password. */
export function showProxy(proxy: Destination): string {
  return `proxy ${formatHostPort(proxy)}`;
}

/** The value of `proxy-authorization` (RFC 7617); `undefined` if the proxy is told nothing. */
export function proxyAuthorization({ login }: Proxy): string | undefined {
  return login === undefined ? undefined : basicAuth(login.user, login.password);
}

/** Whether the proxy is sent the request itself, instead of being asked for a connection. */
export function isForwarding({ scheme }: Proxy, isSecure: boolean): boolean {
  return !isSecure && (scheme === "http" || scheme === "https");
}

function parseProxy(text: string): Proxy | undefined {
  const url = URL.parse(text);
  const scheme = url?.protocol.slice(0, -1) ?? "";
  if (url === null || url.hostname === "" || !isScheme(scheme)) return undefined;
  const { hostname, port, username, password } = url;
  const login = { user: decodePercent(username), password: decodePercent(password) };
  return {
    scheme,
    hostname: hostOf(hostname),
    port: port === "" ? PORTS[scheme] : Number(port),
    ...(username + password === "" ? {} : { login }),
  };
}

function isScheme(text: string): text is Proxy["scheme"] {
  return Object.hasOwn(PORTS, text);
}

/**
 * A proxy's host, without the brackets of IPv6. The URL parser leaves the host of a scheme that it
 * does not know as it is, and encodes in it what is not ASCII.
 */
function hostOf(hostname: string): string {
  const host = withoutBrackets(hostname);
  if (host.includes(":")) return host;
  return URL.parse(`http://${decodePercent(host)}`)?.hostname ?? host;
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

function inBothCases(name: string): string[] {
  return [name, name.toLowerCase()];
}
