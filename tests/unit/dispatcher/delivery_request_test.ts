import { buildRequest, requestId } from "../../../src/dispatcher/delivery_request.ts";
import { describeAnswer } from "../../../src/dispatcher/hide_secrets.ts";
import { makeJwt } from "../../../src/dispatcher/jwt.ts";
import type { Webhook } from "../../../src/registry/schema.ts";
import { assert, assertEquals, assertMatch } from "../../support/assert.ts";
import { WEBHOOK } from "./lane_answers.ts";

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
  assertEquals(describeAnswer("no such hook", WEBHOOK), "no such hook");
  assertEquals(describeAnswer("x".repeat(1000), WEBHOOK), "x".repeat(256));
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
  const shown = describeAnswer(answer, webhook);
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
    assertEquals(describeAnswer(`You said <${secret}>`, webhook), "You said <***>");
  }
  const without = { ...WEBHOOK, transport: { proxy: "none" } };
  assertEquals(describeAnswer("none", without), "none");
});

Deno.test("a secret is masked before the answer is cut, so that no part of it is left", () => {
  const webhook = { ...WEBHOOK, bearerToken: TOKEN };
  const shown = describeAnswer(`${"x".repeat(250)}${TOKEN}`, webhook);
  assertEquals(shown, `${"x".repeat(250)}***`);
});

Deno.test("the beginning of a secret is masked where what was read of the answer ends", () => {
  const long = `eyJ${"k".repeat(2000)}`;
  const webhook = { ...WEBHOOK, bearerToken: long };
  assertEquals(describeAnswer(`you sent ${long.slice(0, 1000)}`, webhook), "you sent ***");
  assertEquals(
    describeAnswer(`you sent ${long} and ${long.slice(0, 4)}`, webhook),
    "you sent *** and ***",
  );
});

Deno.test("of two secrets the longer one is masked as a whole", () => {
  const webhook = { ...WEBHOOK, headers: { "X-Part": "12345678", "X-Whole": "1234567890" } };
  assertEquals(describeAnswer("got 1234567890", webhook), "got ***");
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
    describeAnswer(`"${SIGNING.secret}" does not fit ${token}!`, webhook),
    '"***" does not fit Bearer ***!',
  );
  assertEquals(
    describeAnswer(`you sent ${token?.slice(0, -9)}`, webhook),
    "you sent Bearer ***",
  );
});
