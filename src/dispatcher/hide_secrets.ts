/**
 * What a receiver says, without the secrets that it may repeat.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Webhook } from "../registry/schema.ts";
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

function secretsOf({ url, bearerToken = "", signing, headers }: Webhook): string[] {
  const { username, password, search } = new URL(url);
  const values = search.slice(1).split("&").map((part) => part.slice(part.indexOf("=") + 1));
  const encoded = [...values, username, password];
  const userInfo = `${decode(username)}:${decode(password)}`;
  const basic = userInfo === ":" ? "" : Buffer.from(userInfo).toString("base64");
  const keys = [bearerToken, signing?.secret ?? "", ...Object.values(headers), basic];
  return [...keys, ...encoded, ...encoded.map(decode)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Masks the beginning of a secret where the text ends: only a part of the answer was read. */
function maskEnd(text: string, secret: string): string {
  const beginning = secret.slice(0, SHORTEST_SECRET);
  for (let at = text.indexOf(beginning); at !== -1; at = text.indexOf(beginning, at + 1)) {
    if (secret.startsWith(text.slice(at))) return text.slice(0, at) + MASK;
  }
  return text;
}
