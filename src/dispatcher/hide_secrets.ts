/**
 * What a receiver says, without the secrets that it may repeat.
 *
 * @module
 */
import { keysOfPath } from "../registry/path_keys.ts";
import type { Webhook } from "../registry/schema.ts";
import { basicAuth, decodePercent } from "./basic_auth.ts";
import type { Credentials } from "./credentials.ts";
import { JWT_PATTERN } from "./jwt.ts";
import type { ProxyLogin } from "./proxies/proxy.ts";
import { SIGNATURE_PATTERN } from "./standard_webhooks.ts";
import type { AttemptResult } from "./verdict.ts";

const SHORTEST_SECRET = 4;
const MASK = "***";

/** The result of a request without the secrets that the webhook has. */
export function withoutSecrets(
  result: AttemptResult,
  webhook: Webhook,
  credentials: Credentials,
): AttemptResult {
  const hide = (text: string) => hideSecrets(text, webhook, credentials);
  if (result.kind === "error") return { ...result, detail: hide(result.detail) };
  const { answer, location } = result;
  // Most answers to what was delivered are empty, and to look for secrets takes a while.
  if (answer === "" && location === undefined) return result;
  return {
    ...result,
    answer: hide(answer),
    ...(location === undefined ? {} : { location: hide(location) }),
  };
}

/** A text without the secrets that it may repeat; its end may be cut off, or what it quotes there. */
export function hideSecrets(
  text: string,
  webhook: Webhook,
  credentials: Credentials = { secrets: [] },
): string {
  const shown = webhook.signing === undefined
    ? text
    : text.replace(JWT_PATTERN, MASK).replace(SIGNATURE_PATTERN, `$1,${MASK}`);
  return hideAll(shown, secretsOf(webhook, credentials));
}

/** A text without the user and the password of a proxy, which may not be the webhook's own. */
export function hideLogin(text: string, { user, password }: ProxyLogin): string {
  const basic = basicAuth(user, password).replace("Basic ", "");
  return hideAll(text, new Set([user, password, basic].flatMap(spellingsOf)));
}

function hideAll(text: string, found: ReadonlySet<string>): string {
  const secrets = [...found].filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  return secrets.reduce(maskEnd, masked);
}

/** All that is secret, in all the ways in which a receiver may write it. */
function secretsOf(
  { url, bearerToken, signing, headers, transport: { proxy = "" } }: Webhook,
  credentials: Credentials,
): Set<string> {
  const signingKeys = [signing?.secret, signing?.oldSecret?.secret, ...credentials.secrets];
  const texts = [
    bearerToken,
    credentials.bearerToken,
    ...signingKeys,
    // The part that matters of a secret of Standard Webhooks.
    ...signingKeys.map((key) => key?.replace(/^wh(?:sec|sk)_/, "")),
    ...Object.values(headers),
    ...secretsOfUrl(url),
    ...secretsOfUrl(proxy),
  ];
  return new Set(texts.flatMap((text = "") => spellingsOf(text)));
}

/** The keys in the path, the values of the query, and user and password alone and together. */
function secretsOfUrl(text: string): string[] {
  const { username = "", password = "", pathname = "", search = "" } = URL.parse(text) ?? {};
  const values = search.slice(1).split("&").map((part) => part.slice(part.indexOf("=") + 1));
  const encoded = [...keysOfPath(pathname), ...values, username, password];
  const [user, word] = [decodePercent(username), decodePercent(password)];
  const login = user + word === "" ? [] : [basicAuth(user, word).replace("Basic ", "")];
  return [...encoded, ...encoded.map(decodePercent), ...login];
}

/** A text as it is, and as URLs, JSON and HTML have it. */
function spellingsOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return [text, encode(text), json, json.replaceAll("/", "\\/"), toHtml(text)];
}

function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : text;
}

function toHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Masks the beginning of a secret where the text ends: only a part of the answer was read. */
function maskEnd(text: string, secret: string): string {
  const beginning = secret.slice(0, SHORTEST_SECRET);
  // What was read may stand in quotation marks.
  const ends = text.endsWith('"') ? [text.length, text.length - 1] : [text.length];
  for (let at = text.indexOf(beginning); at !== -1; at = text.indexOf(beginning, at + 1)) {
    const end = ends.find((place) => secret.startsWith(text.slice(at, place)));
    if (end !== undefined) return text.slice(0, at) + MASK + text.slice(end);
  }
  return text;
}
