/**
 * The URLs that a webhook can have.
 *
 * @module
 */

import { maskPath } from "./path_keys.ts";

/** What a webhook URL must look like, for messages. */
export const URL_RULE =
  'a URL with "http" or "https", a host and no fragment, such as https://ops.example.com/listen';

/** What is wrong with the URL, or `undefined` if a webhook can have it. */
export function webhookUrlFault(text: string): string | undefined {
  // Without this, the URL parser would silently drop tabs and line breaks.
  if (/[\s\p{Cc}]/u.test(text)) return "it contains white space or control characters";
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) return "it has no scheme";
  const protocol = text.slice(0, text.indexOf(":")).toLowerCase();
  if (protocol !== "http" && protocol !== "https") return `its scheme is "${protocol}"`;
  // The parser would also take http:host and http:///host for http://host.
  if (!/^[a-z]+:\/\/[^/?#\\]/i.test(text)) return "it has no host";
  if (!URL.canParse(text)) return "its host or port is not valid";
  if (new URL(text).port === "0") return "its port is 0";
  return text.includes("#") ? "it has a fragment" : undefined;
}

/** Whether two URLs stand for the same webhook: `http://Host` and `http://host:80/` do. */
export function isSameUrl(a: string, b: string): boolean {
  const href = URL.parse(a)?.href;
  return href !== undefined && href === URL.parse(b)?.href;
}

/**
 * The URL without what may be secret in it: user, password, the query, the fragment, and what looks
 * like a key in the path ({@linkcode maskPath}). What is no URL, or one without its scheme, is
 * masked by the same marks.
 */
export function maskUrl(text: string): string {
  const url = URL.parse(text);
  // The parser takes the user name for the scheme where the scheme was forgotten.
  if (url === null || url.host === "") {
    return text.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)?.*@/s, "$1***@")
      .replace(/([?#]).*/s, "$1***").replace(/^[^?#]+/, maskPath);
  }
  const user = url.username !== "" || url.password !== "" ? "***@" : "";
  const query = url.search === "" ? "" : "?***";
  return `${url.protocol}//${user}${url.host}${maskPath(url.pathname)}${query}`;
}

/** A name for a webhook, made from the URL's host, that none of the others has. */
export function nameFromUrl(text: string, taken: readonly string[]): string {
  const host = URL.parse(text)?.hostname ?? "";
  const base = host.replace(/[^A-Za-z0-9.-]+/g, "-").replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "")
    .slice(0, 56) || "webhook";
  if (!taken.includes(base)) return base;
  for (let number = 2;; number++) {
    const name = `${base}-${number}`;
    if (!taken.includes(name)) return name;
  }
}
