/**
 * Whether a request has a token as upstream makes it of a webhook's secret (HS256), and why not.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { HookVerdict } from "./hook_report.ts";

/** What a token is compared with. */
export interface TokenContext {
  readonly secrets: readonly string[];
  /** The name of the request's first event; `undefined` if it tells none. */
  readonly event: string | undefined;
  readonly nowMs: number;
}

const ISSUER = "gluster";
/** How far the sender's clock may be ahead, in seconds. */
const TOLERANCE_SECONDS = 60;
const NO_TOKEN = "what stands behind Bearer is no JSON Web Token";
const PART = /^[\w-]+$/;

/** Verifies the token of an Authorization header. */
export function verifyJwt(
  authorization: string | undefined,
  { secrets, event, nowMs }: TokenContext,
): HookVerdict {
  if (authorization === undefined) return bad("no Authorization header, which has the token");
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) return bad("the Authorization header is not of the kind Bearer");
  const [head = "", claims = "", signature = "", ...more] = token.split(".");
  if (![head, claims, signature].every((part) => PART.test(part)) || more.length > 0) {
    return bad(NO_TOKEN);
  }
  const given = Buffer.from(signature, "base64url");
  // One signature has one spelling, though the decoder takes others too.
  if (given.toString("base64url") !== signature) return bad(NO_TOKEN);
  const { alg, crit } = readPart(head) ?? {};
  if (alg !== "HS256") return bad(`the token is signed with ${show(alg)}, not with HS256`);
  // Who does not know what it asks for must not take it (RFC 7515, 4.1.11).
  if (crit !== undefined) return bad(`the token asks for ${show(crit)} (crit), which is not known`);
  const isSigned = secrets.some((secret) => {
    const right = createHmac("sha256", secret).update(`${head}.${claims}`).digest();
    return given.length === right.length && timingSafeEqual(given, right);
  });
  if (!isSigned) return bad("the token is signed with another secret");
  const fault = claimsFault(readPart(claims), { event, now: Math.floor(nowMs / 1000) });
  return fault === undefined
    ? { scheme: "jwt", ok: true, reason: "the token is signed with the secret" }
    : bad(fault);
}

function claimsFault(
  claims: Readonly<Record<string, unknown>> | undefined,
  { event, now }: { readonly event: string | undefined; readonly now: number },
): string | undefined {
  const { exp, iat, iss, sub } = claims ?? {};
  // JSON can say a number that is too large, and so never comes.
  if (typeof exp !== "number" || exp === Infinity) {
    return "the token does not say when it expires (exp)";
  }
  if (now >= exp) return `token expired ${now - exp} s ago: a repeated request, or a wrong clock`;
  if (typeof iat !== "number") return "the token does not say when it was issued (iat)";
  if (iat > now + TOLERANCE_SECONDS) {
    return `the token is issued ${iat - now} s in the future: a clock is wrong`;
  }
  if (iss !== ISSUER) return `the token is issued by ${show(iss)}, not by "${ISSUER}"`;
  if (event !== undefined && sub !== event) {
    return `the token is for ${show(sub)}, not for ${event}`;
  }
  return undefined;
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null
      ? value as Readonly<Record<string, unknown>>
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 64);
}

function bad(reason: string): HookVerdict {
  return { scheme: "jwt", ok: false, reason };
}
