/**
 * From events to the request that carries them.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Webhook } from "../registry/schema.ts";
import { JWT_PATTERN, makeJwt } from "./jwt.ts";

/** One request to a webhook. */
export interface DeliveryRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The parts of an event that a request needs. */
export interface PostedEvent {
  readonly id: string;
  /** The type's name. */
  readonly event: string;
  readonly payload: string;
}

/** Events that go to a webhook together. */
export interface PostedEvents {
  readonly webhook: Webhook;
  readonly events: readonly PostedEvent[];
  /** When the request is made, in milliseconds since 1970: a token is valid for a minute. */
  readonly atMs: number;
}

/**
 * The request that carries events to a webhook: one event as an object, or, if the webhook takes
 * several at once, an array.
 */
export function buildRequest(
  { webhook, events, atMs }: PostedEvents,
  userAgent: string,
): DeliveryRequest {
  const token = tokenFor(webhook, events, atMs);
  const payloads = events.map(({ payload }) => payload).join(",");
  return {
    url: webhook.url,
    headers: {
      ...webhook.headers,
      "content-type": "application/json",
      "user-agent": userAgent,
      "webhook-id": requestId(events),
      ...(token === undefined ? {} : { "authorization": `Bearer ${token}` }),
    },
    body: webhook.batch > 1 ? `[${payloads}]` : payloads,
  };
}

/** What goes into the Authorization header; of several events a token names the first. */
function tokenFor(
  { bearerToken, signing }: Webhook,
  [first]: readonly PostedEvent[],
  atMs: number,
): string | undefined {
  if (signing === undefined || first === undefined) return bearerToken;
  const { ts }: { readonly ts: number } = JSON.parse(first.payload);
  // A receiver refuses what is not valid yet, and the sender's clock may be ahead.
  const issued = Math.min(ts, Math.floor(atMs / 1000));
  return makeJwt(signing.secret, { event: first.event, ts: issued, atMs });
}

/**
 * The event's id; for several, one that follows from all of theirs: a receiver that drops what it
 * has seen must not drop other events because they begin with the same one.
 */
export function requestId(events: readonly PostedEvent[]): string {
  const [first, ...others] = events.map(({ id }) => id);
  if (first === undefined || others.length === 0) return first ?? "";
  const digest = createHash("sha256").update([first, ...others].join(" ")).digest("hex");
  return `batch_${digest.slice(0, 32)}`;
}

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
