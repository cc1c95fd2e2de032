/**
 * The kinds of values that are URLs. What an error shows of one is without its password.
 *
 * @module
 */
import { refuse, showValue, type ValueKind } from "./value_kinds.ts";
import { maskUrl, URL_RULE, webhookUrlFault } from "./webhook_url.ts";

/** The URL of a webhook. */
export function webhookUrl(): ValueKind<string> {
  return {
    allowed: URL_RULE,
    read: (value) => {
      if (typeof value !== "string") return refuse(URL_RULE, value);
      const fault = webhookUrlFault(value);
      if (fault === undefined) return { value };
      return { fault: `must be ${URL_RULE}, not ${showValue(maskUrl(value))}: ${fault}` };
    },
    fromText: (given) => given,
  };
}

const PROXY_RULE =
  'the URL of a proxy with "http", "https", "socks5" or "socks5h" and nothing behind its port, such ' +
  'as http://proxy.example.com:3128, or "none"';

/** The URL of a proxy, or `none`. */
export function proxyUrl(): ValueKind<string> {
  return {
    allowed: PROXY_RULE,
    read: (value) => {
      if (typeof value !== "string") return refuse(PROXY_RULE, value);
      return value === "none" || isProxyUrl(value)
        ? { value }
        // What stands before the last @ is part of a password, wherever the parser takes it to be.
        : refuse(PROXY_RULE, maskUrl(value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1***@")));
    },
    fromText: (given) => given.toLowerCase() === "none" ? "none" : given,
  };
}

function isProxyUrl(text: string): boolean {
  // Without this, the URL parser would silently drop tabs and line breaks.
  if (/[\s\p{Cc}]/u.test(text) || !/^(https?|socks5h?):\/\/[^/]/i.test(text)) return false;
  const url = URL.parse(text);
  // A path or a query may well be the end of a password that was not encoded.
  return url !== null && url.hostname !== "" && url.port !== "0" &&
    url.pathname.replace("/", "") + url.search + url.hash === "";
}
