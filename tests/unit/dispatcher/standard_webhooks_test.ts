import { Webhook as Verifier } from "standardwebhooks";
import { SIGNATURE_PATTERN, signStandard } from "../../../src/dispatcher/standard_webhooks.ts";
import { newStandardSecret } from "../../../src/registry/standard_secret.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { EVENT_MESSAGE, PRIVATE_KEY, S1, S2, VECTORS } from "../../support/standard_vectors.ts";

Deno.test("signatures are those that the standard's own tests and other programs make", () => {
  for (const { secret, signature, ...message } of VECTORS) {
    assertEquals(signStandard([secret], message), signature);
  }
});

Deno.test("with several secrets each signs, in their order, in one header", () => {
  const signatures = VECTORS.filter(({ id }) => id === EVENT_MESSAGE.id)
    .map(({ signature }) => signature);
  assertEquals(signatures.length, 3);
  assertEquals(signStandard([S1, S2, PRIVATE_KEY], EVENT_MESSAGE), signatures.join(" "));
});

/** The headers of a request of now, signed with these secrets. */
function sign(secrets: readonly string[], body: string, timestamp = nowSeconds()) {
  const id = "01KAPC6Q0R5T5CZ3X6M1000001";
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signStandard(secrets, { id, timestamp, body }),
  };
}

function isTaken(headers: Record<string, string>, body: string): boolean {
  try {
    new Verifier(S1).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

Deno.test("the standard's own library takes what is signed here", () => {
  for (const body of ["{}", '{"name":"größe-日本 💾"}', "[1,2]"]) {
    const secret = newStandardSecret("symmetric");
    assertEquals(new Verifier(secret).verify(body, sign([secret], body)), JSON.parse(body));
  }
});

Deno.test("while two secrets sign, a receiver that knows either of them takes it", () => {
  const headers = sign([S1, S2, PRIVATE_KEY], "{}");
  for (const known of [S1, S2]) assertEquals(new Verifier(known).verify("{}", headers), {});
});

Deno.test("one signature that fits among others that do not is enough", () => {
  const good = sign([S1], "{}");
  const others = ["v1,", "v2,AAAA", signStandard([S2], EVENT_MESSAGE)];
  const list = [...others, good["webhook-signature"], "garbage"].join(" ");
  assertEquals(new Verifier(S1).verify("{}", { ...good, "webhook-signature": list }), {});
});

Deno.test("what is not quite what was signed here is refused by the standard's own library", () => {
  const good = sign([S1], "{}");
  const { "webhook-signature": signature } = good;
  const cases: readonly (readonly [string, Record<string, string>, string?])[] = [
    ["another body", good, "{ }"],
    ["another id", { ...good, "webhook-id": "01KAPC6Q0R5T5CZ3X6M1000002" }],
    ["no id", { ...good, "webhook-id": "" }],
    ["no timestamp", { ...good, "webhook-timestamp": "" }],
    ["no signature", { ...good, "webhook-signature": "" }],
    ["no number", { ...good, "webhook-timestamp": "hello" }],
    ["too old", sign([S1], "{}", nowSeconds() - 301)],
    ["of the future", sign([S1], "{}", nowSeconds() + 310)],
    ["an empty signature", { ...good, "webhook-signature": "v1," }],
    ["a part of it", { ...good, "webhook-signature": signature.slice(0, 8) }],
    ["another version", { ...good, "webhook-signature": signature.replace("v1,", "v2,") }],
    ["three others", sign([S2, S2, S2], "{}")],
    ["of a private key only", sign([PRIVATE_KEY], "{}")],
  ];
  for (const [what, headers, body = "{}"] of cases) {
    assertEquals(isTaken(headers, body), false, what);
  }
});

Deno.test("a secret that is none throws, and shows nothing of it", () => {
  for (const secret of ["", "whsec_", "whsec_c2hvcnQ=", "s3cret"]) {
    assertThrows(() => signStandard([secret], EVENT_MESSAGE), RangeError, "none of Standard");
  }
});

Deno.test("signatures are found in a text, whole and cut off", () => {
  const [v1 = "", v1a = ""] = [S1, PRIVATE_KEY].map((secret) =>
    signStandard([secret], EVENT_MESSAGE)
  );
  const shown = `got "${v1} ${v1a}" and ${v1.slice(0, 30)}`.replace(SIGNATURE_PATTERN, "$1,***");
  assertEquals(shown, 'got "v1,*** v1a,***" and v1,***');
});
