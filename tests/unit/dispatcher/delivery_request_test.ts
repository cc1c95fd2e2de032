import { Webhook as Verifier } from "standardwebhooks";
import { buildRequest, requestId } from "../../../src/dispatcher/delivery_request.ts";
import { beginningOf } from "../../../src/dispatcher/attempt_record.ts";
import { hideSecrets } from "../../../src/dispatcher/hide_secrets.ts";
import { parseHead, ProtocolError } from "../../../src/dispatcher/http/http_head.ts";
import { makeJwt } from "../../../src/dispatcher/jwt.ts";
import type { Webhook } from "../../../src/registry/schema.ts";
import { assert, assertEquals, assertMatch, assertThrows } from "../../support/assert.ts";
import { S1, S2 } from "../../support/standard_vectors.ts";
import { WEBHOOK } from "./lanes/lane_answers.ts";

const FIRST = {
  id: "01A",
  seq: 1,
  receivedMs: 0,
  event: "PEER_ATTACH",
  payload: '{"ts":1795333034,"event":"PEER_ATTACH"}',
};
const SECOND = {
  id: "01B",
  seq: 2,
  receivedMs: 0,
  event: "PEER_DETACH",
  payload: '{"ts":1795333035,"event":"PEER_DETACH"}',
};
const AT_MS = 1_795_333_040_999;
const TOKEN = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0";

Deno.test("a request carries the payload as it is, the event's id, the token and the headers", () => {
  const webhook = { ...WEBHOOK, bearerToken: TOKEN, headers: { "X-Team": "storage" } };
  assertEquals(buildRequest({ webhook, events: [FIRST], atMs: AT_MS }, "gluster-eventing/1"), {
    url: "http://ops.example/",
    headers: {
      "X-Team": "storage",
      "content-type": "application/json",
      "user-agent": "gluster-eventing/1",
      "webhook-id": "01A",
      "authorization": `Bearer ${TOKEN}`,
    },
    body: FIRST.payload,
  });
});

Deno.test("a webhook that takes several events at once always gets an array", () => {
  const bodies = [[FIRST], [FIRST, SECOND]]
    .map((events) => ({ webhook: { ...WEBHOOK, batch: 2 }, events, atMs: AT_MS }))
    .map((posted) => buildRequest(posted, "x").body);
  assertEquals(bodies, [`[${FIRST.payload}]`, `[${FIRST.payload},${SECOND.payload}]`]);
});

Deno.test("the id of several events follows from all of theirs and their order", () => {
  const third = { id: "01C", seq: 3, receivedMs: 0, event: "X", payload: "{}" };
  const batches = [[FIRST], [FIRST, SECOND], [SECOND, FIRST], [FIRST, third], [
    FIRST,
    SECOND,
    third,
  ]];
  const ids = batches.map(requestId);
  assertEquals(ids[0], "01A");
  for (const id of ids.slice(1)) assertMatch(id, /^batch_[0-9a-f]{32}$/);
  assertEquals(new Set(ids).size, batches.length);
  assertEquals(batches.map(requestId), ids);
});

Deno.test("of an answer the beginning is kept", () => {
  assertEquals(beginningOf("no such hook"), "no such hook");
  assertEquals(beginningOf("x".repeat(1000)), "x".repeat(256));
});

Deno.test("secrets that a receiver repeats are masked", () => {
  const webhook = {
    ...WEBHOOK,
    url: "http://mona:pa55%20word@ops.example/hook?token=q%2Ft0ken&verbose=1",
    bearerToken: TOKEN,
    headers: { "X-Key": "0123456789", "X-Short": "abc" },
  };
  const answer = [
    `Authorization: Bearer ${TOKEN}, ${TOKEN}`,
    "Authorization: Basic bW9uYTpwYTU1IHdvcmQ=",
    "X-Key: 0123456789; X-Short: abc",
    "user mona, pa55 word, pa55%20word",
    "Cannot POST /hook?token=q%2Ft0ken&verbose=1 (q/t0ken)",
  ].join("\n");
  const shown = hideSecrets(answer, webhook);
  for (const secret of [TOKEN, "bW9uYTp", "0123456789", "pa55", "q%2F", "q/t0"]) {
    assert(!shown.includes(secret), `${secret} in: ${shown}`);
  }
  assert(shown.includes("X-Short: abc"), shown);
});

Deno.test("the user and the password of the webhook's proxy are masked too", () => {
  const transport = { proxy: "http://lisa:p%C3%A455%zz@proxy.example:3128" };
  const webhook = { ...WEBHOOK, transport };
  const basic = new TextEncoder().encode("lisa:pä55%zz").toBase64();
  for (const secret of ["lisa", "pä55%zz", "p%C3%A455%zz", basic]) {
    assertEquals(hideSecrets(`You said <${secret}>`, webhook), "You said <***>");
  }
  const without = { ...WEBHOOK, transport: { proxy: "none" } };
  assertEquals(hideSecrets("none", without), "none");
});

Deno.test("a secret is masked before the answer is cut, so that no part of it is left", () => {
  const webhook = { ...WEBHOOK, bearerToken: TOKEN };
  const shown = beginningOf(hideSecrets(`${"x".repeat(250)}${TOKEN}`, webhook));
  assertEquals(shown, `${"x".repeat(250)}***`);
});

Deno.test("the beginning of a secret is masked where what was read of the answer ends", () => {
  const long = `eyJ${"k".repeat(2000)}`;
  const webhook = { ...WEBHOOK, bearerToken: long };
  assertEquals(hideSecrets(`you sent ${long.slice(0, 1000)}`, webhook), "you sent ***");
  assertEquals(
    hideSecrets(`you sent ${long} and ${long.slice(0, 4)}`, webhook),
    "you sent *** and ***",
  );
});

Deno.test("a key in the path of the URL is masked where a receiver repeats it, a word is not", () => {
  const key = "a8Xk2Lm9QwErTy3U+OpZ";
  const url = `https://ops.example/storage-notifications/${encodeURIComponent(key)}`;
  const webhook = { ...WEBHOOK, url };
  const shown = hideSecrets(`Cannot POST /storage-notifications/a8Xk2Lm9QwErTy3U%2BOpZ`, webhook);
  assertEquals(shown, "Cannot POST /storage-notifications/***");
  assertEquals(hideSecrets(`no hook ${key}, ${key.slice(0, 9)}`, webhook), "no hook ***, ***");
});

Deno.test("the beginning of a secret is masked where what is quoted of the answer ends", () => {
  const webhook = { ...WEBHOOK, url: "http://ops.example/hook?key=s3cret-canary" };
  const line = "POST /a/rather/long/path?key=s3cret-canary HTTP/1.1";
  const { message: failure } = assertThrows(() => parseHead(`${line}\r\n`), ProtocolError);
  assertMatch(failure, /"POST .*key=s3cret-cana"$/);
  assertEquals(hideSecrets(failure, webhook), failure.replace("s3cret-cana", "***"));
});

Deno.test("of two secrets the longer one is masked as a whole", () => {
  const webhook = { ...WEBHOOK, headers: { "X-Part": "12345678", "X-Whole": "1234567890" } };
  assertEquals(hideSecrets("got 1234567890", webhook), "got ***");
});

const SIGNING = { as: "jwt", secret: "s3cret key" } as const;

/** What a request authorizes itself with. */
function tokenOf(webhook: Partial<Webhook>, events = [FIRST], atMs = AT_MS): string | undefined {
  return buildRequest({ webhook: { ...WEBHOOK, ...webhook }, events, atMs }, "x")
    .headers["authorization"];
}

Deno.test("with a secret a fresh token about the event goes along, before the bearer token", () => {
  const { secret } = SIGNING;
  const wanted = (atMs: number) =>
    `Bearer ${makeJwt(secret, { event: "PEER_ATTACH", ts: 1_795_333_034, atMs })}`;
  assertEquals(tokenOf({ signing: SIGNING, bearerToken: TOKEN }), wanted(AT_MS));
  assertEquals(tokenOf({ signing: SIGNING }, [FIRST], AT_MS + 5000), wanted(AT_MS + 5000));
});

Deno.test("of several events the token names the first", () => {
  assertEquals(
    tokenOf({ signing: SIGNING, batch: 2 }, [FIRST, SECOND]),
    tokenOf({ signing: SIGNING }),
  );
});

Deno.test("the secret and the token made with it are masked in an answer", () => {
  const webhook = { ...WEBHOOK, signing: SIGNING };
  const token = tokenOf({ signing: SIGNING });
  assertEquals(
    hideSecrets(`"${SIGNING.secret}" does not fit ${token}!`, webhook),
    '"***" does not fit Bearer ***!',
  );
  assertEquals(
    hideSecrets(`you sent ${token?.slice(0, -9)}`, webhook),
    "you sent Bearer ***",
  );
});

Deno.test("with Standard Webhooks the request is signed, and the bearer token goes along", () => {
  const signing = { as: "standard", secret: S1 } as const;
  const webhook = { ...WEBHOOK, signing, bearerToken: TOKEN, batch: 2 };
  const events = [{ ...FIRST, payload: '{"name":"größe-日本"}' }, SECOND];
  const { headers, body } = buildRequest({ webhook, events, atMs: AT_MS }, "x");
  const timestamp = 1_795_333_040;
  assertEquals(headers["authorization"], `Bearer ${TOKEN}`);
  assertEquals(headers["webhook-timestamp"], String(timestamp));
  assertEquals(
    headers["webhook-signature"],
    new Verifier(S1).sign(requestId(events), new Date(timestamp * 1000), body),
  );
});

Deno.test("a secret is masked in whatever way a receiver writes it", () => {
  const secret = 'a"b/<c>&+d';
  const webhook: Webhook = {
    ...WEBHOOK,
    signing: { as: "standard", secret: S1, oldSecret: { secret: S2, untilMs: 0 } },
    bearerToken: secret,
    transport: { proxy: "http://mona:pr0xy%21@proxy:3128" },
  };
  const spellings = [
    secret,
    JSON.stringify(secret),
    JSON.stringify(secret).replaceAll("/", "\\/"),
    encodeURIComponent(secret),
    "a&quot;b/&lt;c&gt;&amp;+d",
    S1,
    S1.slice(6),
    S2,
    "pr0xy!",
    btoa("mona:pr0xy!"),
  ];
  for (const spelling of spellings) {
    const shown = hideSecrets(`got ${spelling}, no`, webhook);
    assertMatch(shown, /^got "?\*\*\*"?, no$/, spelling);
  }
});
