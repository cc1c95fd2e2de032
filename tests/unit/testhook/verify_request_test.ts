import { createHmac } from "node:crypto";
import { makeJwt } from "../../../src/dispatcher/jwt.ts";
import { signStandard } from "../../../src/dispatcher/standard_webhooks.ts";
import { readShapes } from "../../../src/testhook/received_event.ts";
import { type Proof, verifyRequest } from "../../../src/testhook/verify_request.ts";
import { assertEquals } from "../../support/assert.ts";
import { PUBLIC_KEY, S1 } from "../../support/standard_vectors.ts";

const NOW_SECONDS = 1_795_330_857;
const BODY = '{"event":"VOLUME_START","message":{"name":"gv1"}}';

function verify(
  headers: Readonly<Record<string, string>>,
  proof: Proof,
  { body = BODY, lateSeconds = 0 } = {},
): string[] {
  const bytes = new TextEncoder().encode(body);
  const events = readShapes({ receivedMs: 0, path: "/", headers, body });
  const nowMs = (NOW_SECONDS + lateSeconds) * 1000;
  return verifyRequest({ headers, body: bytes, events, nowMs }, proof)
    .map(({ scheme, ok, reason }) => `${scheme} ${ok ? "ok" : "bad"}: ${reason}`);
}

const JWT = { secrets: ["s3cret"] };

function token(secret = "s3cret", event = "VOLUME_START", ts = NOW_SECONDS): string {
  return `Bearer ${makeJwt(secret, { event, ts, atMs: NOW_SECONDS * 1000 })}`;
}

function signed(header: unknown, claims: unknown): string {
  return signedText(JSON.stringify(header), JSON.stringify(claims));
}

function signedText(header: string, claims: string): string {
  const encode = (text: string) => btoa(text).replace(/=+$/, "");
  const content = `${encode(header)}.${encode(claims)}`;
  return `Bearer ${content}.${createHmac("sha256", "s3cret").update(content).digest("base64url")}`;
}

Deno.test("nothing is verified if nothing is to be proved", () => {
  assertEquals(verify({}, { secrets: [] }), []);
});

Deno.test("upstream's token is good for a minute, for its event, and with its secret", () => {
  assertEquals(verify({ authorization: token() }, JWT), [
    "jwt ok: the token is signed with the secret",
  ]);
  assertEquals(verify({ authorization: token() }, JWT, { lateSeconds: 100 }), [
    "jwt bad: token expired 40 s ago: a repeated request, or a wrong clock",
  ]);
  assertEquals(verify({ authorization: token("other") }, JWT), [
    "jwt bad: the token is signed with another secret",
  ]);
  assertEquals(verify({ authorization: token("other") }, { secrets: ["s3cret", "other"] }), [
    "jwt ok: the token is signed with the secret",
  ]);
  assertEquals(verify({ authorization: token("s3cret", "VOLUME_STOP") }, JWT), [
    'jwt bad: the token is for "VOLUME_STOP", not for VOLUME_START',
  ]);
  assertEquals(verify({ authorization: token("s3cret", "VOLUME_START", NOW_SECONDS + 90) }, JWT), [
    "jwt bad: the token is issued 90 s in the future: a clock is wrong",
  ]);
  assertEquals(verify({ authorization: token("s3cret", "TEST") }, JWT, { body: "" }), [
    "jwt ok: the token is signed with the secret",
  ]);
});

Deno.test("what is no token says what it is instead", () => {
  const said = [{}, { authorization: "Basic eDp5" }, { authorization: "Bearer x" }]
    .map((headers) => verify(headers, JWT));
  assertEquals(said.flat(), [
    "jwt bad: no Authorization header, which has the token",
    "jwt bad: the Authorization header is not of the kind Bearer",
    "jwt bad: what stands behind Bearer is no JSON Web Token",
  ]);
});

Deno.test("a token without a signature, or with other claims, is not good", () => {
  const claims = { exp: NOW_SECONDS + 60, iat: NOW_SECONDS, iss: "gluster", sub: "VOLUME_START" };
  const head = { alg: "HS256", typ: "JWT" };
  assertEquals(verify({ authorization: signed(head, claims) }, JWT)[0]?.startsWith("jwt ok"), true);
  const said = [
    signed({ alg: "none" }, claims),
    signed(head, { ...claims, iss: "other" }),
    signed(head, { ...claims, exp: "never" }),
    signed(head, { ...claims, iat: undefined }),
    signed(head, null),
  ].flatMap((authorization) => verify({ authorization }, JWT));
  assertEquals(said, [
    'jwt bad: the token is signed with "none", not with HS256',
    'jwt bad: the token is issued by "other", not by "gluster"',
    "jwt bad: the token does not say when it expires (exp)",
    "jwt bad: the token does not say when it was issued (iat)",
    "jwt bad: the token does not say when it expires (exp)",
  ]);
});

Deno.test("a bearer token is compared, and stands beside a signature", () => {
  const proof = { secrets: [S1], bearerToken: "t0ken" };
  const signature = signStandard([S1], { id: "msg_1", timestamp: NOW_SECONDS, body: BODY });
  const headers = {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(NOW_SECONDS),
    "webhook-signature": signature,
  };
  assertEquals(verify({ ...headers, authorization: "Bearer t0ken" }, proof), [
    "bearer ok: the token is the right one",
    "standard ok: signed with v1",
  ]);
  assertEquals(verify({ authorization: "bearer other" }, proof), [
    "bearer bad: it is another token",
    "standard bad: no webhook-signature and no webhook-id and no webhook-timestamp header",
  ]);
  assertEquals(verify({}, { secrets: [], bearerToken: "t0ken" }), [
    "bearer bad: no Authorization header",
  ]);
});

Deno.test("the request says how it is signed, whatever the secret looks like", () => {
  assertEquals(verify({ authorization: token(S1) }, { secrets: [S1] }), [
    "jwt ok: the token is signed with the secret",
  ]);
  assertEquals(
    verify({ "webhook-signature": "v1,x", "webhook-id": "a", "webhook-timestamp": "1" }, JWT),
    [
      "standard bad: the secret cannot verify Standard Webhooks: it begins with neither whsec_ nor whpk_",
    ],
  );
});

Deno.test("a token that is signed with the text of a public key proves nothing", () => {
  assertEquals(verify({ authorization: token(PUBLIC_KEY) }, { secrets: [PUBLIC_KEY] }), [
    "standard bad: no webhook-signature and no webhook-id and no webhook-timestamp header",
  ]);
  assertEquals(verify({ authorization: token(PUBLIC_KEY) }, { secrets: [PUBLIC_KEY, "s3cret"] }), [
    "jwt bad: the token is signed with another secret",
  ]);
});

Deno.test("a token in another spelling, without an end, or with unknown demands is not good", () => {
  const claims = { exp: NOW_SECONDS + 60, iat: NOW_SECONDS, iss: "gluster", sub: "VOLUME_START" };
  const good = token();
  // The last of 43 letters has two bits that stand for nothing.
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = letters.charAt(letters.indexOf(good.slice(-1)) + 1);
  const endless = signedText(
    '{"alg":"HS256"}',
    JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999'),
  );
  const said = [good.slice(0, -1) + last, endless, signed({ alg: "HS256", crit: ["x"] }, claims)]
    .flatMap((authorization) => verify({ authorization }, JWT));
  assertEquals(said, [
    "jwt bad: what stands behind Bearer is no JSON Web Token",
    "jwt bad: the token does not say when it expires (exp)",
    'jwt bad: the token asks for ["x"] (crit), which is not known',
  ]);
});
