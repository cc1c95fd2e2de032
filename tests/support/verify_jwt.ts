/**
 * What a receiver does with a token, without any code of the program.
 *
 * @module
 */

/** What a token of upstream's kind claims; times are seconds since 1970. */
export interface Claims {
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly sub: string;
}

/**
 * Verifies the token in an Authorization header.
 *
 * @throws {Error} If there is none, or it was made with another secret or by another rule.
 */
export async function verifyJwt(authorization: string | null, secret: string): Promise<Claims> {
  const [, head = "", claims = "", signature = ""] =
    /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization ?? "") ?? [];
  if (signature === "") throw new Error(`No token in the header: ${authorization}`);
  const { alg, typ } = JSON.parse(new TextDecoder().decode(decode(head)));
  if (alg !== "HS256" || typ !== "JWT") throw new Error(`Another kind of token: ${alg} ${typ}`);
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "verify",
  ]);
  const signed = encoder.encode(`${head}.${claims}`);
  if (!await crypto.subtle.verify("HMAC", key, decode(signature), signed)) {
    throw new Error("The token was made with another secret");
  }
  return JSON.parse(new TextDecoder().decode(decode(claims)));
}

function decode(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(base64url, { alphabet: "base64url" });
}
