/**
 * The headers by which a receiver knows that a request is ours.
 *
 * @module
 */
import { type Credentials, ownCredentials } from "./credentials.ts";
import type { PostedEvents } from "./delivery_request.ts";
import { makeJwt } from "./jwt.ts";
import { signStandard } from "./standard_webhooks.ts";

/** What a request says, and under which id. */
export interface SignedContent extends PostedEvents {
  /** The value of the header `webhook-id`. */
  readonly id: string;
  readonly body: string;
}

/** The headers, names in lower case; none if the webhook has neither token nor secret. */
export function authenticate(content: SignedContent): Readonly<Record<string, string>> {
  const { webhook, atMs } = content;
  const credentials = content.credentials ?? ownCredentials(webhook, atMs);
  const { bearerToken, secrets: [secret] } = credentials;
  const { as } = webhook.signing ?? {};
  if (secret !== undefined && as === "jwt") return bearer(jwtFor(content, secret));
  return {
    ...(bearerToken === undefined ? {} : bearer(bearerToken)),
    ...(secret === undefined || as !== "standard" ? {} : signatureFor(content, credentials)),
  };
}

function bearer(token: string): Readonly<Record<string, string>> {
  return { "authorization": `Bearer ${token}` };
}

/** Of several events a token names the first. */
function jwtFor({ events: [first], atMs }: SignedContent, secret: string): string {
  if (first === undefined) throw new RangeError("A request without events has no token");
  const { ts }: { readonly ts: number } = JSON.parse(first.payload);
  // A receiver refuses what is not valid yet, and the sender's clock may be ahead.
  const issued = Math.min(ts, Math.floor(atMs / 1000));
  return makeJwt(secret, { event: first.event, ts: issued, atMs });
}

/** The time is that of the attempt: receivers take what is older than five minutes for a replay. */
function signatureFor(
  { id, body, atMs }: SignedContent,
  { secrets }: Credentials,
): Readonly<Record<string, string>> {
  const timestamp = Math.floor(atMs / 1000);
  return {
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signStandard(secrets, { id, timestamp, body }),
  };
}
