/**
 * Events on their way into a real Alertmanager.
 */
import { buildRequest, type PostedEvent } from "../../src/dispatcher/delivery_request.ts";
import { systemNetwork } from "../../src/dispatcher/http/open_connection.ts";
import { SocketClient } from "../../src/dispatcher/http/socket_client.ts";
import { toAlertName } from "../../src/dispatcher/formats/alert_labels.ts";
import { EVENT_TYPES } from "../../src/event/catalog.ts";
import { readRegistry } from "../../src/registry/read_registry.ts";
import type { Webhook } from "../../src/registry/schema.ts";
import { type Alertmanager, startAlertmanager } from "../support/alertmanager.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import { ALERT_EXAMPLES } from "../unit/dispatcher/formats/alert_examples.ts";
import { HOSTILE_TEXTS, postedEvent } from "../unit/dispatcher/formats/posted_events.ts";

const MINUTE = 60;

/** A webhook of an Alertmanager, to which events are posted as a lane does. */
function webhookOf({ url }: Alertmanager): Webhook {
  const lines = [
    "[[webhook]]",
    'name = "am"',
    `url = "${url}"`,
    'format = "alertmanager"',
    "batch = 500",
  ];
  const [webhook] = readRegistry(lines.join("\n"), "webhooks.toml").webhooks;
  if (webhook === undefined) throw new Error("The registry has no webhook");
  return webhook;
}

async function post(webhook: Webhook, events: readonly PostedEvent[]): Promise<void> {
  using client = new SocketClient(systemNetwork);
  const request = buildRequest({ webhook, events, atMs: Date.now() }, "gluster-eventing/1");
  const { signal } = new AbortController();
  const { timeoutMs, transport } = webhook;
  const result = await client.post(request, { timeoutMs, signal, transport });
  assert(result.kind === "response" && result.status === 200, Deno.inspect(result));
}

/** The names of the alerts that are open. */
async function openAlerts({ alerts }: Alertmanager): Promise<(string | undefined)[]> {
  return (await alerts()).map(({ labels }) => labels["alertname"]).toSorted();
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}

testNeeding(
  ["alertmanager"],
  "a failure is an alert in Alertmanager until its recovery, soon or long after",
  async () => {
    await using alertmanager = await startAlertmanager();
    const webhook = webhookOf(alertmanager);
    // The same for all: an alert that begins while a former one lasted begins with that one.
    const now = secondsNow();
    for (const lastedFor of [0, 1, 30 * MINUTE]) {
      for (const { opens, closes, labels } of ALERT_EXAMPLES) {
        for (const close of closes) {
          await post(webhook, [postedEvent(...opens, { ts: now - lastedFor })]);
          const name = toAlertName(opens[0]);
          const opened = (await alertmanager.alerts()).filter((each) =>
            each.labels["alertname"] === name
          );
          assertEquals(opened.length, 1, name);
          for (const [label, value] of Object.entries(labels)) {
            assertEquals(opened[0]?.labels[label], value);
          }
          assertEquals(Date.parse(opened[0]?.startsAt ?? ""), (now - lastedFor) * 1000);
          await post(webhook, [postedEvent(...close, { ts: now })]);
          const left = await openAlerts(alertmanager);
          assert(!left.includes(name), `${close[0]} after ${lastedFor} s leaves ${left}`);
        }
      }
    }
  },
);

testNeeding(
  ["alertmanager"],
  "an alert is closed by nothing else than its own recovery, and can be opened again",
  async () => {
    await using alertmanager = await startAlertmanager();
    const webhook = webhookOf(alertmanager);
    const event = (name: string, volume: string) =>
      postedEvent(name, { volume }, { ts: secondsNow() });
    await post(webhook, [event("QUORUM_LOST", "gv0"), event("QUORUM_LOST", "gv1")]);
    assertEquals((await openAlerts(alertmanager)).length, 2);
    await post(webhook, [event("QUORUM_REGAINED", "gv1"), event("QUORUM_REGAINED", "gv2")]);
    const [left, ...others] = await alertmanager.alerts();
    assertEquals([left?.labels["volume"], others], ["gv0", []]);
    const again = [event("QUORUM_LOST", "gv1"), event("QUORUM_LOST", "gv0")];
    await post(webhook, again);
    // A lane posts again what it does not know to have arrived.
    await post(webhook, again);
    assertEquals((await openAlerts(alertmanager)).length, 2);
    // All in one second, and in one request.
    const [lost, back] = [event("QUORUM_LOST", "gv1"), event("QUORUM_REGAINED", "gv1")];
    await post(webhook, [back, lost, back]);
    assertEquals((await openAlerts(alertmanager)).length, 1);
    await post(webhook, [lost, back, lost]);
    assertEquals((await openAlerts(alertmanager)).length, 2);
  },
);

testNeeding(
  ["alertmanager"],
  "Alertmanager takes every kind of event, with nothing in it and with anything",
  async () => {
    await using alertmanager = await startAlertmanager();
    const webhook = webhookOf(alertmanager);
    const at = { ts: secondsNow() };
    const names = [...EVENT_TYPES.map(({ name }) => name), "TEST", "EVENTING_GAP", "UNKNOWN_150"];
    for (const name of names) await post(webhook, [postedEvent(name, {}, at)]);
    for (const text of HOSTILE_TEXTS) {
      const message = { peer: text, volume: text, brick: text };
      await post(webhook, [postedEvent("BRICK_DISCONNECTED", message, { ...at, host: text })]);
    }
    await post(webhook, names.map((name) => postedEvent(name, { volume: "gv0" }, at)));
    const open = await openAlerts(alertmanager);
    for (const name of ["GlusterTest", "GlusterEventingGap", "GlusterUnknown150"]) {
      assert(open.includes(name), name);
    }
  },
);
