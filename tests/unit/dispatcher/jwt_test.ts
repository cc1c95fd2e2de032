import { JWT_PATTERN, makeJwt } from "../../../src/dispatcher/jwt.ts";
import { assertEquals } from "../../support/assert.ts";

/** A token that was made by another program from the same key and claims. */
const VECTOR = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
  "eyJleHAiOjE0NjgzMDM0MjAsImlhdCI6MTQ2ODMwMzM1MiwiaXNzIjoiZ2x1c3RlciIsInN1YiI6IlZPTFVNRV9DUkVBVEUifQ." +
  "eUTA0DtY6xHaAo_BPT_YfPpOQq5VQpI_6kvlPOBS0s8";
const SECRET = "gluster-secret";
const SUBJECT = { event: "VOLUME_CREATE", ts: 1_468_303_352, atMs: 1_468_303_360_000 };

Deno.test("a token is the one that upstream means, byte by byte", () => {
  assertEquals(makeJwt(SECRET, SUBJECT), VECTOR);
});

Deno.test("a token is valid for a minute from the attempt on, and issued when it happened", () => {
  const token = makeJwt(SECRET, { ...SUBJECT, atMs: 1_468_400_000_999 });
  const claims = JSON.parse(atob(token.split(".")[1] ?? ""));
  assertEquals(claims, {
    exp: 1_468_400_060,
    iat: 1_468_303_352,
    iss: "gluster",
    sub: "VOLUME_CREATE",
  });
});

Deno.test("a secret of any characters signs, as its UTF-8 bytes", () => {
  assertEquals(
    makeJwt("Größe 日本", SUBJECT).split(".")[2],
    "CwjG4KK4DybHc83cU6--Wg6hj04Laot9DWSivBnuY5s",
  );
});

Deno.test("a token is found in a text, whole and cut off anywhere behind its header", () => {
  const [head = "", claims = ""] = VECTOR.split(".");
  for (const shown of [VECTOR, `${head}.${claims}.eUTA`, `${head}.${claims.slice(0, 9)}`]) {
    assertEquals(`got "Bearer ${shown}", no`.replace(JWT_PATTERN, "***"), 'got "Bearer ***", no');
  }
});
