import { Webhook as Verifier } from "standardwebhooks";
import { systemClock } from "../../src/dispatcher/clock.ts";
import { type Network, systemNetwork } from "../../src/dispatcher/http/open_connection.ts";
import {
  type ProbeOptions,
  type ProbeVerdict,
  probeWebhook,
} from "../../src/dispatcher/probe_webhook.ts";
import { readRegistry } from "../../src/registry/read_registry.ts";
import type { Webhook } from "../../src/registry/schema.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { linger, RawReceiver, say, sayAndClose, sayAndReset } from "../support/raw_receiver.ts";
import { type Answer, Receiver } from "../support/receiver.ts";
import { S1 } from "../support/standard_vectors.ts";

const ORIGIN = {
  id: "01KAPC6Q0R5T5CZ3X6M1J3M4W7",
  node: { id: "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11", host: "gl1" },
  atMs: 1_795_330_857_123,
};

function webhookAt(url: string, settings = ""): Webhook {
  const text = `[[webhook]]\nname = "ops"\nurl = "${url}"\n${settings}`;
  const [webhook] = readRegistry(text, "webhooks.toml").webhooks;
  if (webhook === undefined) throw new Error("The registry has no webhook");
  return webhook;
}

async function probe(
  webhook: Webhook,
  options: Partial<ProbeOptions> = {},
): Promise<ProbeVerdict> {
  const verdict = await probeWebhook(webhook, {
    origin: ORIGIN,
    isEmpty: false,
    userAgent: "gluster-eventing/1",
    clock: systemClock,
    environment: () => undefined,
    ...options,
  });
  // It goes from node to node as JSON.
  assertEquals(JSON.parse(JSON.stringify(verdict)), verdict);
  assert(Number.isInteger(verdict.duration_ms) && verdict.duration_ms >= 0, Deno.inspect(verdict));
  return verdict;
}

async function answeredBy(answer: Answer, settings = ""): Promise<ProbeVerdict> {
  await using receiver = new Receiver({ answer });
  return await probe(webhookAt(receiver.url, settings));
}

Deno.test("a test event looks like a real one and goes as a delivery would", async () => {
  await using receiver = new Receiver();
  const settings = 'bearer-token = "s3cret"\nheaders = { X-Team = "storage" }';
  const verdict = await probe(webhookAt(receiver.url, settings));
  const wanted = { ok: true, stage: null, status: 200, reason: "200 OK", hint: "" };
  assertEquals(verdict, { ...wanted, duration_ms: verdict.duration_ms });
  const [{ headers, body } = { headers: new Headers(), body: "" }, ...others] = receiver.requests;
  assertEquals(others, []);
  const names = ["content-type", "user-agent", "webhook-id", "authorization", "x-team"];
  assertEquals(names.map((name) => headers.get(name)), [
    "application/json",
    "gluster-eventing/1",
    ORIGIN.id,
    "Bearer s3cret",
    "storage",
  ]);
  const { message, ...event } = JSON.parse(body);
  assertEquals(event, {
    nodeid: ORIGIN.node.id,
    ts: 1_795_330_857,
    event: "TEST",
    id: ORIGIN.id,
    event_group: "TEST",
    severity: "info",
    host: "gl1",
  });
  assertMatch(message.text, /a test/);
});

Deno.test("a webhook that gets batches gets an array, and an empty body stays empty", async () => {
  await using receiver = new Receiver();
  const webhook = webhookAt(receiver.url, 'batch = 50\nbearer-token = "s3cret"');
  await probe(webhook);
  await probe(webhook, { isEmpty: true });
  const [batch, empty] = receiver.requests;
  assertEquals(JSON.parse(batch?.body ?? "").map(({ event }: { event: string }) => event), [
    "TEST",
  ]);
  assertEquals(empty?.body, "");
  const names = ["content-type", "content-length", "authorization"];
  assertEquals(names.map((name) => empty?.headers.get(name)), [null, "0", "Bearer s3cret"]);
});

Deno.test("an empty body is signed as such", async () => {
  await using receiver = new Receiver();
  const webhook = webhookAt(receiver.url, `secret = "${S1}"\nsign = "standard"`);
  const nowMs = Date.now();
  for (const isEmpty of [true, false]) {
    await probe(webhook, { isEmpty, origin: { ...ORIGIN, atMs: nowMs } });
  }
  assertEquals(receiver.requests.map(({ body }) => body === ""), [true, false]);
  for (const { headers, body } of receiver.requests) {
    const at = new Date(Number(headers.get("webhook-timestamp")) * 1000);
    assertEquals(at.getTime(), Math.floor(nowMs / 1000) * 1000);
    const signature = new Verifier(S1).sign(ORIGIN.id, at, body);
    assertEquals(headers.get("webhook-signature"), signature, body);
  }
});

Deno.test("only 2xx is good", async () => {
  for (const status of [200, 202, 204, 301, 401, 404, 410, 500, 503]) {
    const verdict = await answeredBy(() => new Response(null, { status }));
    const ok = status < 300;
    assertEquals([verdict.ok, verdict.status], [ok, status]);
    assertEquals(verdict.stage, ok ? null : "response");
    assertEquals(verdict.hint === "", ok);
  }
});

Deno.test("what the receiver says is told without the secrets that it repeats", async () => {
  const text = "no such token: s3cret\nX-Key: pa55word\n";
  const settings = 'bearer-token = "s3cret"\nheaders = { X-Key = "pa55word" }';
  const location = "http://user:pa55word@ops/s3cret?k=pa55word";
  const refused = await answeredBy(() => new Response(text, { status: 403 }), settings);
  assertEquals(refused.reason, "403 Forbidden: no such token: *** X-Key: ***");
  const moved = await answeredBy(
    () => new Response(text, { status: 307, headers: { location } }),
    settings,
  );
  assertMatch(moved.hint, /http:\/\/\*\*\*@ops\/\*\*\*\?\*\*\*$/);
  await using garbled = new RawReceiver(say("s3cret\r\n\r\n"));
  const { reason } = await probe(webhookAt(garbled.url, settings));
  assertEquals(reason, 'the answer is not HTTP/1.1: it begins with "***"');
});

/** Addresses of names, some of which answer nobody. */
function networkOf(addresses: readonly string[], { isDeaf = false } = {}): Network {
  return {
    ...systemNetwork,
    resolve: () => Promise.resolve(addresses),
    connect: async (address) => {
      if (!isDeaf) return await systemNetwork.connect(address);
      const { promise, reject } = Promise.withResolvers<never>();
      address.signal.addEventListener("abort", () => reject(new Error("given up")));
      return await promise;
    },
  };
}

Deno.test("the stage that failed is told, also when its time was over", async () => {
  const timeout = 'timeout = "150ms"';
  await using deaf = new RawReceiver(linger);
  await using closing = new RawReceiver(sayAndClose(""));
  await using resetting = new RawReceiver(sayAndReset(""));
  await using plain = new Receiver();
  const secure = (url: string) => url.replace("http:", "https:");
  const nowhere: Network = {
    ...systemNetwork,
    resolve: async () => await Promise.withResolvers<never>().promise,
  };
  const hanging = networkOf(["127.0.0.3"], { isDeaf: true });
  const cases: readonly (readonly [string, string, RegExp, Network?])[] = [
    ["http://no-such-host.invalid/", "name", /^failed to look up .*: there is none$/],
    ["http://ops.example/", "name", /^no address for the name within 150 ms$/, nowhere],
    ["http://127.0.0.1:1/", "connect", /refused/],
    ["http://ops.example/", "connect", /^no connection within 150 ms$/, hanging],
    [secure(deaf.url), "tls", /^no agreement on TLS within 150 ms$/],
    [secure(closing.url), "tls", /./],
    [secure(plain.url), "tls", /corrupt message/],
    [deaf.url, "response", /^no answer within 150 ms$/],
    [closing.url, "response", /^the connection was closed before the answer came$/],
    [resetting.url, "response", /reset|closed/],
  ];
  for (const [url, stage, reason, network = systemNetwork] of cases) {
    const verdict = await probe(webhookAt(url, timeout), { network });
    assertEquals([verdict.ok, verdict.stage, verdict.status], [false, stage, null], url);
    assertMatch(verdict.reason, reason, url);
    assert(verdict.hint !== "", Deno.inspect(verdict));
  }
});
