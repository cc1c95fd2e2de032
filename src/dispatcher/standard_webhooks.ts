/**
 * Signatures of Standard Webhooks 1.0.0: `v1` with a shared secret, `v1a` with a private key.
 *
 * @module
 */
import { createHmac, sign } from "node:crypto";
import { readStandardSecret, type StandardSecret } from "../registry/standard_secret.ts";

/** Where a signature is found in a text; what stands before its comma stays. */
export const SIGNATURE_PATTERN: RegExp = /\b(v1a?),[A-Za-z0-9+/]{16,}={0,2}/g;

/** What is signed. */
export interface SignedMessage {
  /** The value of the header `webhook-id`; it has no dot. */
  readonly id: string;
  /** When this attempt is made, in seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The value of the header `webhook-signature`: one signature for each secret, in their order.
 *
 * @throws {RangeError} If a secret is none of Standard Webhooks; the registry refuses these before.
 */
export function signStandard(
  secrets: readonly string[],
  { id, timestamp, body }: SignedMessage,
): string {
  const content = `${id}.${timestamp}.${body}`;
  return secrets.map((secret) => signWith(keyOf(secret), content)).join(" ");
}

function signWith(secret: StandardSecret, content: string): string {
  if (secret.kind === "symmetric") {
    return `v1,${createHmac("sha256", secret.key).update(content).digest("base64")}`;
  }
  return `v1a,${sign(null, new TextEncoder().encode(content), secret.key).toString("base64")}`;
}

/** Reading a private key takes longer than signing with it. */
const keys = new Map<string, StandardSecret>();
const MOST_KEYS = 128;

function keyOf(text: string): StandardSecret {
  const known = keys.get(text);
  if (known !== undefined) return known;
  const read = readStandardSecret(text);
  if ("fault" in read) throw new RangeError(`A secret is none of Standard Webhooks: ${read.fault}`);
  // Secrets change seldom: whoever is left out is read again.
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(text, read.secret);
  return read.secret;
}
