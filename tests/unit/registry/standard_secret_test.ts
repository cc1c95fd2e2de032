import {
  newStandardSecret,
  readStandardSecret,
  showPublicKey,
} from "../../../src/registry/standard_secret.ts";
import { assert, assertEquals, assertMatch } from "../../support/assert.ts";
import { PRIVATE_KEY, PUBLIC_KEY, S1 } from "../../support/standard_vectors.ts";

/** A secret of so many bytes. */
function secretOf(bytes: number): string {
  return `whsec_${new Uint8Array(bytes).fill(7).toBase64()}`;
}

Deno.test("a secret of 24 to 64 bytes is one", () => {
  for (const text of [S1, secretOf(24), secretOf(32), secretOf(64)]) {
    const read = readStandardSecret(text);
    assert("secret" in read && read.secret.kind === "symmetric", text);
  }
});

Deno.test("a private key is taken with the public key that belongs to it", () => {
  const read = readStandardSecret(PRIVATE_KEY);
  assert("secret" in read && read.secret.kind === "asymmetric");
  assertEquals(showPublicKey(read.secret.key), PUBLIC_KEY);
});

Deno.test("what is no secret of the standard is refused, without showing it", () => {
  const swapped = Uint8Array.fromBase64(PRIVATE_KEY.slice(5));
  swapped[40] = (swapped[40] ?? 0) ^ 1;
  const cases: readonly (readonly [string, RegExp])[] = [
    ["", /begins with neither/],
    ["s3cret", /begins with neither/],
    [S1.slice(6), /begins with neither/],
    ["whsec_", /has 0 bytes/],
    [secretOf(23), /has 23 bytes/],
    [secretOf(65), /has 65 bytes/],
    [`${S1}!`, /whsec_ is not base64/],
    [`${S1} `, /whsec_ is not base64/],
    [secretOf(32).replace("=", ""), /whsec_ is not base64/],
    [PUBLIC_KEY, /public key, which only the receiver has/],
    ["whsk_AAAA", /has 3 bytes, not the 64/],
    ["whsk_***", /whsk_ is not base64/],
    [`whsk_${swapped.toBase64()}`, /second half is not the public key/],
  ];
  for (const [text, pattern] of cases) {
    const read = readStandardSecret(text);
    assert("fault" in read, text);
    assertMatch(read.fault, pattern);
    assert(text.length < 10 || !read.fault.includes(text.slice(6)), read.fault);
  }
});

Deno.test("new secrets are good, and each is another one", () => {
  for (const kind of ["symmetric", "asymmetric"] as const) {
    const [one, other] = [newStandardSecret(kind), newStandardSecret(kind)];
    assert(one !== other, one);
    const read = readStandardSecret(one);
    assert("secret" in read && read.secret.kind === kind, one);
  }
});
