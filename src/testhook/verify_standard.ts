/**
 * Whether a request is signed as Standard Webhooks 1.0.0 want it, and why not.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from "node:crypto";
import { readStandardSecret } from "../registry/standard_secret.ts";
import { decodeBase64 } from "../std/base64.ts";
import type { HookVerdict } from "./hook_report.ts";

/** What a receiver verifies with. */
export type VerifyingKey =
  | { readonly version: "v1"; readonly key: Uint8Array }
  | { readonly version: "v1a"; readonly key: KeyObject };

/** A request as it is verified. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly nowMs: number;
}

/** How far the sender's clock may be off, in seconds: what the reference libraries allow. */
const TOLERANCE_SECONDS = 300;
const SYMMETRIC = "whsec_";
const PUBLIC = "whpk_";
/** What stands before the bytes of an ed25519 public key (RFC 8410, 4). */
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");
const PUBLIC_BYTES = 32;
/** Each of them costs time, and anybody can send any number. */
const MOST_SIGNATURES = 20;
const ED25519_BYTES = 64;

/**
 * The key in a secret: `whsec_`, `whpk_`, or `whsk_`, which has the public key in it; the reference
 * libraries take the base64 alone, too. The fault says nothing of the secret but its kind.
 */
export function readVerifyingKey(
  secret: string,
): { readonly key: VerifyingKey } | { readonly fault: string } {
  if (isPublicKey(secret)) return readPublic(secret.slice(PUBLIC.length));
  const isBare = !isStandardSecret(secret);
  const read = readStandardSecret(isBare ? SYMMETRIC + secret : secret);
  if ("fault" in read) return isBare ? { fault: "it begins with neither whsec_ nor whpk_" } : read;
  return read.secret.kind === "symmetric"
    ? { key: { version: "v1", key: read.secret.key } }
    : { key: { version: "v1a", key: createPublicKey(read.secret.key) } };
}

/** Whether the secret is one of Standard Webhooks, by how it begins. */
export function isStandardSecret(secret: string): boolean {
  return /^wh(?:sec|sk|pk)_/.test(secret);
}

/** Whether it is the public key of a key pair. */
export function isPublicKey(secret: string): boolean {
  return secret.startsWith(PUBLIC);
}

/** Verifies a signature; one that any of the secrets made is good. */
export function verifyStandard(
  { headers, body, nowMs }: SignedRequest,
  secrets: readonly string[],
): HookVerdict {
  const missing = ["webhook-signature", "webhook-id", "webhook-timestamp"]
    .filter((name) => (headers[name] ?? "") === "");
  if (missing.length > 0) return bad(`no ${missing.join(" and no ")} header`);
  const { "webhook-id": id, "webhook-timestamp": time = "", "webhook-signature": list = "" } =
    headers;
  if (!/^\d{1,12}$/.test(time)) return bad("webhook-timestamp is no number of seconds");
  const signatures = list.split(" ").filter((each) => each !== "").map(readSignature);
  if (signatures.length > MOST_SIGNATURES) {
    return bad(
      `webhook-signature has ${signatures.length} signatures, of which at most ` +
        `${MOST_SIGNATURES} are looked at`,
    );
  }
  const keys: VerifyingKey[] = [];
  let fault = "there is none";
  for (const secret of secrets) {
    const read = readVerifyingKey(secret);
    if ("key" in read) keys.push(read.key);
    else fault = read.fault;
  }
  if (keys.length === 0) return bad(`the secret cannot verify Standard Webhooks: ${fault}`);
  const content = Buffer.concat([Buffer.from(`${id}.${time}.`), body]);
  const tests = keys.map((key) => makeTest(key, content));
  const place = signatures.findIndex((signature) => tests.some((fits) => fits(signature)));
  const signature = signatures[place];
  if (signature === undefined) return bad(whyNone(signatures, keys));
  const offSeconds = Math.round(nowMs / 1000 - Number(time));
  if (Math.abs(offSeconds) > TOLERANCE_SECONDS) {
    const side = offSeconds > 0 ? "old" : "ahead";
    return bad(
      `timestamp is ${Math.abs(offSeconds)} s ${side}, ${TOLERANCE_SECONDS} are allowed: ` +
        "the request is a repeated one, or a clock is wrong",
    );
  }
  const which = signatures.length === 1 ? "" : `, signature ${place + 1} of ${signatures.length}`;
  return { scheme: "standard", ok: true, reason: `signed with ${signature.version}${which}` };
}

interface Signature {
  readonly version: string;
  /** `undefined` if it is written in a way that the reference libraries do not take. */
  readonly bytes: Uint8Array | undefined;
}

function readSignature(text: string): Signature {
  const [version = "", base64 = ""] = text.split(",", 2);
  return { version, bytes: decodeBase64(base64) };
}

/** Tells of signatures whether they are the key's; the content is read once for all of them. */
function makeTest(key: VerifyingKey, content: Uint8Array): (signature: Signature) => boolean {
  if (key.version === "v1a") {
    return ({ version, bytes }) =>
      version === "v1a" && bytes?.length === ED25519_BYTES &&
      verify(null, content, key.key, bytes);
  }
  const right = createHmac("sha256", key.key).update(content).digest();
  return ({ version, bytes }) =>
    version === "v1" && bytes?.length === right.length && timingSafeEqual(bytes, right);
}

function whyNone(signatures: readonly Signature[], keys: readonly VerifyingKey[]): string {
  const has = (version: string) => signatures.some((signature) => signature.version === version);
  const isOf = (version: string) => keys.some((key) => key.version === version);
  if (signatures.some(({ version, bytes }) => isOf(version) && bytes === undefined)) {
    return "a signature is not base64 as RFC 4648, 4 has it: letters, digits, +, /, and = at the end";
  }
  if (keys.some((key) => has(key.version))) {
    return "signature does not match the body: it is made with another secret, or of another body";
  }
  if (has("v1a") && isOf("v1")) return "signed with v1a, but the secret is symmetric (whsec_)";
  if (has("v1") && isOf("v1a")) {
    return "signed with v1, but the secret is a key pair's (whpk_, whsk_)";
  }
  const versions = signatures.map(({ version }) => version.slice(0, 16)).join(", ");
  return `webhook-signature has no signature of a known version: ${versions || "it is empty"}`;
}

function bad(reason: string): HookVerdict {
  return { scheme: "standard", ok: false, reason };
}

function readPublic(base64: string): ReturnType<typeof readVerifyingKey> {
  const bytes = decodeBase64(base64);
  if (bytes === undefined) return { fault: "what follows whpk_ is not base64" };
  if (bytes.length !== PUBLIC_BYTES) {
    return { fault: `it has ${bytes.length} bytes, not the ${PUBLIC_BYTES} of a public key` };
  }
  const der = Buffer.concat([SPKI_HEAD, bytes]);
  return {
    key: { version: "v1a", key: createPublicKey({ key: der, format: "der", type: "spki" }) },
  };
}
