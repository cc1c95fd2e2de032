/**
 * What a receiver says, without the secrets that it may repeat.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import { basicAuth, decodePercent } from "./basic_auth.ts";
import { JWT_PATTERN } from "./jwt.ts";

const LONGEST_ANSWER = 256;
const SHORTEST_SECRET = 4;
const MASK = "***";

/** The beginning of an answer, without the secrets that a receiver may repeat. */
export function describeAnswer(text: string, webhook: Webhook): string {
  return hideSecrets(text, webhook).slice(0, LONGEST_ANSWER);
}

/** What a receiver says, without the secrets that it may repeat; its end may be cut off. */
export function hideSecrets(text: string, webhook: Webhook): string {
  const secrets = secretsOf(webhook)
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  const shown = webhook.signing === undefined ? text : text.replace(JWT_PATTERN, MASK);
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), shown);
  return secrets.reduce(maskEnd, masked);
}

function secretsOf({ url, bearerToken = "", signing, headers, transport }: Webhook): string[] {
  const { search } = new URL(url);
  const values = search.slice(1).split("&").map((part) => part.slice(part.indexOf("=") + 1));
  const logins = [url, transport.proxy ?? ""].flatMap(loginOf);
  const keys = [bearerToken, signing?.secret ?? "", ...Object.values(headers)];
  return [...keys, ...logins, ...values, ...values.map(decodePercent)];
}

/** What a URL says of who asks, in all its forms. */
function loginOf(url: string): string[] {
  const { username = "", password = "" } = URL.parse(url) ?? {};
  if (username + password === "") return [];
  const [user, word] = [decodePercent(username), decodePercent(password)];
  return [username, password, user, word, basicAuth(user, word).replace("Basic ", "")];
}

/** Masks the beginning of a secret where the text ends: only a part of the answer was read. */
function maskEnd(text: string, secret: string): string {
  const beginning = secret.slice(0, SHORTEST_SECRET);
  for (let at = text.indexOf(beginning); at !== -1; at = text.indexOf(beginning, at + 1)) {
    if (secret.startsWith(text.slice(at))) return text.slice(0, at) + MASK;
  }
  return text;
}
