/**
 * The headers by which a receiver knows that a request is ours.
 *
 * @module
 */
import type { PostedEvents } from "./delivery_request.ts";
import { makeJwt } from "./jwt.ts";

/** What a request says, and under which id. */
export interface SignedContent extends PostedEvents {
  /** The value of the header `webhook-id`. */
  readonly id: string;
  readonly body: string;
}

/** The headers, names in lower case; none if the webhook has neither token nor secret. */
export function authenticate(content: SignedContent): Readonly<Record<string, string>> {
  const token = tokenFor(content);
  return token === undefined ? {} : { "authorization": `Bearer ${token}` };
}

/** What goes into the Authorization header; of several events a token names the first. */
function tokenFor({ webhook, events: [first], atMs }: SignedContent): string | undefined {
  const { bearerToken, signing } = webhook;
  if (signing?.secret === undefined || first === undefined) return bearerToken;
  const { ts }: { readonly ts: number } = JSON.parse(first.payload);
  // A receiver refuses what is not valid yet, and the sender's clock may be ahead.
  const issued = Math.min(ts, Math.floor(atMs / 1000));
  return makeJwt(signing.secret, { event: first.event, ts: issued, atMs });
}
