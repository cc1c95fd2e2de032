import { verifyStandard } from "../../../src/testhook/verify_standard.ts";
import { assertEquals } from "../../support/assert.ts";
import {
  PRIVATE_KEY,
  PUBLIC_KEY,
  S1,
  S2,
  type Vector,
  VECTORS,
} from "../../support/standard_vectors.ts";

interface Changes {
  readonly secrets?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly nowSeconds?: number;
}

/** The first vector that a secret signs, verified. */
function verify(vector: Vector | undefined, changes: Changes = {}): string {
  if (vector === undefined) throw new Error("There is no such vector");
  const { id, timestamp, signature, body, secret } = vector;
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signature,
    ...changes.headers,
  };
  const { ok, reason } = verifyStandard({
    headers,
    body: new TextEncoder().encode(changes.body ?? body),
    nowMs: (changes.nowSeconds ?? timestamp) * 1000,
  }, changes.secrets ?? [secret]);
  return `${ok ? "ok" : "bad"}: ${reason}`;
}

const SYMMETRIC = VECTORS.find(({ secret }) => secret === S1);
const ASYMMETRIC = VECTORS.find(({ secret }) => secret === PRIVATE_KEY);
const MISMATCH =
  "bad: signature does not match the body: it is made with another secret, or of another body";

Deno.test("the published signatures are good", () => {
  for (const vector of VECTORS) {
    const version = vector.secret === PRIVATE_KEY ? "v1a" : "v1";
    assertEquals(verify(vector), `ok: signed with ${version}`);
  }
  assertEquals(verify(ASYMMETRIC, { secrets: [PUBLIC_KEY] }), "ok: signed with v1a");
  assertEquals(verify(SYMMETRIC, { secrets: [S1.slice("whsec_".length)] }), "ok: signed with v1");
});

Deno.test("one of several signatures is enough, and so is one of several secrets", () => {
  const signature = `v1,AAAA v9,x ${SYMMETRIC?.signature}`;
  const many = { headers: { "webhook-signature": signature } };
  assertEquals(verify(SYMMETRIC, many), "ok: signed with v1, signature 3 of 3");
  assertEquals(verify(SYMMETRIC, { secrets: [S2, S1] }), "ok: signed with v1");
});

Deno.test("another body, another secret, another id or another time does not match", () => {
  assertEquals(verify(SYMMETRIC, { body: '{"test": 2432232315}' }), MISMATCH);
  assertEquals(verify(SYMMETRIC, { secrets: [S2] }), MISMATCH);
  assertEquals(verify(SYMMETRIC, { headers: { "webhook-id": "msg_1" } }), MISMATCH);
  assertEquals(verify(SYMMETRIC, { headers: { "webhook-timestamp": "1614265331" } }), MISMATCH);
  assertEquals(verify(ASYMMETRIC, { body: "{}", secrets: [PUBLIC_KEY] }), MISMATCH);
});

Deno.test("a time may be five minutes off, and not more", () => {
  const at = (offSeconds: number) =>
    verify(SYMMETRIC, { nowSeconds: (SYMMETRIC?.timestamp ?? 0) + offSeconds });
  assertEquals([at(300), at(-300)], ["ok: signed with v1", "ok: signed with v1"]);
  const rest = "300 are allowed: the request is a repeated one, or a clock is wrong";
  assertEquals(at(400), `bad: timestamp is 400 s old, ${rest}`);
  assertEquals(at(-301), `bad: timestamp is 301 s ahead, ${rest}`);
});

Deno.test("headers that are missing or make no sense are named", () => {
  const without = (...names: string[]) =>
    verify(SYMMETRIC, { headers: Object.fromEntries(names.map((name) => [name, ""])) });
  assertEquals(without("webhook-signature"), "bad: no webhook-signature header");
  assertEquals(
    without("webhook-signature", "webhook-id"),
    "bad: no webhook-signature and no webhook-id header",
  );
  const odd = { headers: { "webhook-timestamp": "yesterday" } };
  assertEquals(verify(SYMMETRIC, odd), "bad: webhook-timestamp is no number of seconds");
  assertEquals(
    verify(SYMMETRIC, { headers: { "webhook-signature": "v2,AAAA" } }),
    "bad: webhook-signature has no signature of a known version: v2",
  );
});

Deno.test("a secret of the other kind is named", () => {
  assertEquals(
    verify(ASYMMETRIC, { secrets: [S1] }),
    "bad: signed with v1a, but the secret is symmetric (whsec_)",
  );
  assertEquals(
    verify(SYMMETRIC, { secrets: [PUBLIC_KEY] }),
    "bad: signed with v1, but the secret is a key pair's (whpk_, whsk_)",
  );
  assertEquals(
    verify(SYMMETRIC, { secrets: ["s3cret"] }),
    "bad: the secret cannot verify Standard Webhooks: it begins with neither whsec_ nor whpk_",
  );
});

Deno.test("a secret of another kind beside the right one does no harm", () => {
  assertEquals(verify(SYMMETRIC, { secrets: ["s3cret", S1] }), "ok: signed with v1");
});

Deno.test("a signature in another spelling of base64 is refused, as by others", () => {
  const { signature = "" } = SYMMETRIC ?? {};
  const urlSafe = { "webhook-signature": signature.replaceAll("+", "-").replaceAll("/", "_") };
  assertEquals(
    verify(SYMMETRIC, { headers: urlSafe }),
    "bad: a signature is not base64 as RFC 4648, 4 has it: letters, digits, +, /, and = at the end",
  );
});

Deno.test("only so many signatures are looked at", () => {
  const many = { "webhook-signature": `${"v1,AAAA ".repeat(20)}${SYMMETRIC?.signature}` };
  assertEquals(
    verify(SYMMETRIC, { headers: many }),
    "bad: webhook-signature has 21 signatures, of which at most 20 are looked at",
  );
});
