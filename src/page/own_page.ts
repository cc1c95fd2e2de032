/**
 * Whether a request is one that our own page can have caused, or somebody at this machine, and not
 * the page of somebody else in a browser here: such a page has an origin of its own, or it reaches
 * us under a name of its own (DNS rebinding).
 *
 * @module
 */
import { isLoopback } from "../registry/api_rules.ts";
import { parseHostPort } from "../std/host_port.ts";

/** What a browser says of a request that none of its pages but ours has caused. */
const OWN_SITES = new Set(["same-origin", "none"]);

/** The headers of a request; names in lower case. */
export interface PageHeaders {
  /** The value, `undefined` or `null` if there is none. */
  get(name: string): string | null | undefined;
}

/** Whether a Host header names this machine's loopback, or where we listen. */
export function isOwnHost(header: string | null | undefined, hostname: string): boolean {
  const host = (header ?? "").toLowerCase();
  const called = parseHostPort(/:\d+$/.test(host) ? host : `${host}:0`)?.hostname ?? "";
  return isLoopback(called) || called === hostname.toLowerCase();
}

/** Whether no page of another origin has caused it. */
export function isOwnPage(headers: PageHeaders, scheme: "http" | "https"): boolean {
  const origin = headers.get("origin")?.toLowerCase();
  const isOwn = origin === undefined || origin === ownOrigin(headers, scheme);
  return isOwn && OWN_SITES.has(headers.get("sec-fetch-site") ?? "none");
}

/** The origin of our own page, as browsers write it. */
export function ownOrigin(headers: PageHeaders, scheme: "http" | "https"): string {
  return `${scheme}://${headers.get("host")?.toLowerCase()}`;
}
