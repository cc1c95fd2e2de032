/**
 * The secrets of Standard Webhooks 1.0.0 as they are written: `whsec_` for HMAC, `whsk_` and `whpk_`
 * for the two halves of an ed25519 key.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from "node:crypto";
import { decodeBase64 } from "../std/base64.ts";

/** What a secret signs with. */
export type StandardSecret =
  | { readonly kind: "symmetric"; readonly key: Uint8Array }
  | { readonly kind: "asymmetric"; readonly key: KeyObject };

/** What such a secret looks like, for messages. */
export const STANDARD_SECRET_RULE =
  'whsec_ and the base64 of 24 to 64 bytes, or whsk_ and that of an ed25519 key, with sign = "standard"';

const SYMMETRIC = "whsec_";
const PRIVATE = "whsk_";
const PUBLIC = "whpk_";
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
const NEW_BYTES = 32;
const HALF_BYTES = 32;

/** What stands before the bytes of an ed25519 seed in PKCS #8 (RFC 8410, 7). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** Reads a secret. The fault says nothing of the secret but its length. */
export function readStandardSecret(
  text: string,
): { readonly secret: StandardSecret } | { readonly fault: string } {
  if (text.startsWith(SYMMETRIC)) return readSymmetric(text.slice(SYMMETRIC.length));
  if (text.startsWith(PRIVATE)) return readPrivate(text.slice(PRIVATE.length));
  if (text.startsWith(PUBLIC)) {
    return { fault: "it is the public key, which only the receiver has" };
  }
  return { fault: "it begins with neither" };
}

/** A new secret that nobody can guess. */
export function newStandardSecret(kind: StandardSecret["kind"]): string {
  if (kind === "symmetric") return SYMMETRIC + randomBytes(NEW_BYTES).toString("base64");
  const seed = randomBytes(HALF_BYTES);
  return PRIVATE + Buffer.concat([seed, publicHalf(toKey(seed))]).toString("base64");
}

/** The public key as a receiver wants it. */
export function showPublicKey(key: KeyObject): string {
  return PUBLIC + publicHalf(key).toString("base64");
}

function readSymmetric(text: string): ReturnType<typeof readStandardSecret> {
  const key = decodeBase64(text);
  if (key === undefined) return { fault: "what follows whsec_ is not base64" };
  return key.length >= LEAST_BYTES && key.length <= MOST_BYTES
    ? { secret: { kind: "symmetric", key } }
    : { fault: `it has ${key.length} bytes` };
}

function readPrivate(text: string): ReturnType<typeof readStandardSecret> {
  const halves = decodeBase64(text);
  if (halves === undefined) return { fault: "what follows whsk_ is not base64" };
  if (halves.length !== 2 * HALF_BYTES) {
    return { fault: `it has ${halves.length} bytes, not the 64 of seed and public key` };
  }
  const key = toKey(halves.subarray(0, HALF_BYTES));
  return publicHalf(key).equals(halves.subarray(HALF_BYTES))
    ? { secret: { kind: "asymmetric", key } }
    : { fault: "its second half is not the public key of the first" };
}

function toKey(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([PKCS8_HEAD, seed]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

function publicHalf(key: KeyObject): Buffer {
  const der = createPublicKey(key).export({ format: "der", type: "spki" });
  return Buffer.from(der).subarray(-HALF_BYTES);
}
