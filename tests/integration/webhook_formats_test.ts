/**
 * What arrives over HTTP of each format.
 */
import { HTTP } from "cloudevents";
import { systemClock } from "../../src/dispatcher/clock.ts";
import { type ProbeVerdict, probeWebhook } from "../../src/dispatcher/probe_webhook.ts";
import { readRegistry } from "../../src/registry/read_registry.ts";
import type { Format, Webhook } from "../../src/registry/schema.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { type Answer, Receiver, type RecordedRequest } from "../support/receiver.ts";

const ID = "01KAPC6Q0R5T5CZ3X6M1J3M4W7";
const NODE_ID = "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11";
const ORIGIN = { id: ID, node: { id: NODE_ID, host: "gl1" }, atMs: 1_795_330_857_123 };
const TEXT = "a test by gluster-eventing webhook-test; nothing has happened";

function webhookAt(url: string, settings: string): Webhook {
  const text = `[[webhook]]\nname = "ops"\nurl = "${url}"\n${settings}`;
  const [webhook] = readRegistry(text, "webhooks.toml").webhooks;
  if (webhook === undefined) throw new Error("The registry has no webhook");
  return webhook;
}

/** Posts a test event, or an empty body, and tells what arrived and what was made of the answer. */
async function probe(
  settings: string,
  { isEmpty = false, answer }: { isEmpty?: boolean; answer?: Answer } = {},
): Promise<{ request: RecordedRequest; verdict: ProbeVerdict }> {
  await using receiver = new Receiver(answer === undefined ? {} : { answer });
  const verdict = await probeWebhook(webhookAt(receiver.url, settings), {
    origin: ORIGIN,
    isEmpty,
    userAgent: "gluster-eventing/1",
    clock: systemClock,
    environment: () => undefined,
  });
  const [request, ...others] = receiver.requests;
  assert(request !== undefined && others.length === 0);
  return { request, verdict };
}

function format(name: Format, batch = 1): string {
  return `format = "${name}"\nbatch = ${batch}`;
}

Deno.test("a test event arrives in the format of the webhook, with its content type", async () => {
  const types: readonly (readonly [Format, number, string])[] = [
    ["gluster", 1, "application/json"],
    ["gluster", 2, "application/json"],
    ["compat", 1, "application/json"],
    ["cloudevents", 1, "application/cloudevents+json; charset=utf-8"],
    ["cloudevents", 2, "application/cloudevents-batch+json; charset=utf-8"],
    ["cloudevents-binary", 1, "application/json"],
    ["slack", 1, "application/json"],
    ["alertmanager", 1, "application/json"],
  ];
  for (const [name, batch, type] of types) {
    const { request: { headers, body }, verdict } = await probe(format(name, batch));
    assertEquals(verdict.ok, true);
    assertEquals([headers.get("content-type"), headers.get("webhook-id")], [type, ID]);
    assertEquals(Number(headers.get("content-length")), new TextEncoder().encode(body).length);
    assertStringIncludes(body, TEXT);
  }
});

Deno.test("the SDK reads CloudEvents as they arrive, in every mode", async () => {
  for (
    const settings of [
      format("cloudevents"),
      format("cloudevents", 2),
      format("cloudevents-binary"),
    ]
  ) {
    const { request: { headers, body } } = await probe(settings);
    const found = HTTP.toEvent({ headers: Object.fromEntries(headers), body });
    const [event, ...others] = Array.isArray(found) ? found : [found];
    assertEquals(others, []);
    assertEquals(
      [event?.id, event?.source, event?.type, event?.["sequence"]],
      [ID, `urn:uuid:${NODE_ID}`, "org.gluster.test", undefined],
    );
    assertEquals(event?.data, {
      nodeid: NODE_ID,
      ts: 1795330857,
      event: "TEST",
      message: { text: TEXT },
      id: ID,
      event_group: "TEST",
      severity: "info",
      host: "gl1",
    });
  }
});

Deno.test("compat is what upstream's receivers are used to", async () => {
  const { request } = await probe(format("compat"));
  assertEquals(
    request.body,
    `{"event": "TEST", "message": {"text": "${TEXT}"}, "nodeid": "${NODE_ID}", "ts": 1795330857}`,
  );
});

Deno.test("an empty body comes without any header that says what is in it", async () => {
  for (
    const settings of [format("cloudevents-binary"), format("cloudevents", 2), format("slack")]
  ) {
    const { request: { headers, body }, verdict } = await probe(settings, { isEmpty: true });
    assertEquals([verdict.ok, body, headers.get("webhook-id")], [true, "", ID]);
    const names = [...headers.keys()].filter((name) => /^(?:content-type|ce-)/.test(name));
    assertEquals(names, []);
  }
});

Deno.test("a receiver that refuses the content type is said which one it got", async () => {
  const answer = () => new Response(null, { status: 415 });
  const { verdict } = await probe(format("cloudevents"), { answer });
  assertEquals([verdict.ok, verdict.status], [false, 415]);
  assertEquals(
    verdict.hint,
    "the receiver does not take application/cloudevents+json; charset=utf-8, which the format " +
      '"cloudevents" is posted as: set the one that it wants with --format',
  );
});
