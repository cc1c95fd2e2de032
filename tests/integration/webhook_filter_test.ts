/**
 * Webhooks with filters on a whole daemon: who gets what, and that the counts add up.
 *
 * @module
 */
import { ControlClient } from "../../src/api/control_client.ts";
import type { WebhookStatus } from "../../src/api/status_report.ts";
import {
  modifyWebhook,
  pauseWebhook,
  resumeWebhook,
  setConfig,
  type WebhookSettings,
} from "../../src/registry/changes.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { Receiver } from "../support/receiver.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { QUICK_RETRY, startOf, TestDaemon } from "../support/test_daemon.ts";

const BRICK_DOWN = "1795333034 76 peer=gl2;volume=ec1;brick=/data/n2/e";
const BRICK_UP = "1795333034 77 peer=gl2;volume=ec1;brick=/data/n2/e";
const QUORUM_LOST = "1795333034 80 volume=gv1";
const SUBVOL_DOWN = "1795333034 109 client-pid=-6; subvol=gv1-replicate-0";
const PEER_UP = "1795333034 70 host=gl2;uuid=e9bfb6da-6bc7-431f-9139-d20d93663784";
const START_BY_FORCE = "1795333034 3 name=gv1;force=1";

const LIFE = [
  startOf("gv1"),
  BRICK_DOWN,
  PEER_UP,
  QUORUM_LOST,
  SUBVOL_DOWN,
  BRICK_UP,
  START_BY_FORCE,
];

function settings(name: string, filter: WebhookSettings): WebhookSettings {
  return { ...QUICK_RETRY, name, ...filter };
}

/** How the webhook is doing; all its counts add up to what came in. */
function statusOf(daemon: TestDaemon, name: string, received: number): WebhookStatus {
  const webhook = daemon.daemon.status().webhooks.find((each) => each.name === name);
  assert(webhook !== undefined, `there is no ${name}`);
  const { matched, delivered, pending, dead, dropped, filtered } = webhook;
  assertEquals(matched, delivered + pending + dead + dropped, name);
  assertEquals(received, matched + filtered, name);
  return webhook;
}

Deno.test("each webhook gets what its filter lets through, and the rest is counted", async () => {
  await using folder = await makeTempFolder();
  await using alerts = new Receiver();
  await using volume = new Receiver();
  await using everything = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(alerts.url, settings("alerts", { severity: "alert" }));
  await daemon.register(
    volume.url,
    settings("volume", { volumes: ["gv*"], fields: ["message.force!=false"] }),
  );
  await daemon.register(everything.url, settings("all", {}));
  await daemon.start();
  await daemon.send(...LIFE);
  await daemon.delivers(LIFE.length);
  assertEquals(alerts.names, ["BRICK_DISCONNECTED", "QUORUM_LOST", "AFR_SUBVOLS_DOWN"]);
  assertEquals(volume.names, ["QUORUM_LOST", "AFR_SUBVOLS_DOWN", "VOLUME_START"]);
  assertEquals(everything.requests.length, LIFE.length);
  for (const name of ["alerts", "volume"]) {
    const { delivered, filtered } = statusOf(daemon, name, LIFE.length);
    assertEquals([delivered, filtered], [3, 4], name);
  }
  assertEquals(statusOf(daemon, "all", LIFE.length).filtered, 0);
});

Deno.test("a long stretch that nobody wants passes, and what comes behind it is posted", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  await daemon.register(receiver.url, settings("ops", { severity: "critical" }));
  const count = 3000;
  for (let sent = 0; sent < count; sent += 500) {
    await daemon.send(...Array.from({ length: 500 }, () => PEER_UP));
    await daemon.reports("they are in", ({ events }) => events.received === sent + 500);
  }
  await daemon.send(QUORUM_LOST);
  await daemon.delivers(count + 1);
  const { delivered, filtered } = statusOf(daemon, "ops", count + 1);
  assertEquals([receiver.names, delivered, filtered], [["QUORUM_LOST"], 1, count]);
});

Deno.test("a filter that changes applies to what waits, and a restart keeps all counts", async () => {
  await using folder = await makeTempFolder();
  let isUp = false;
  await using receiver = new Receiver({
    answer: () => new Response(null, { status: isUp ? 200 : 503 }),
  });
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, settings("ops", { events: ["group:BRICK", "QUORUM_LOST"] }));
  await daemon.start();
  await daemon.send(...LIFE);
  await daemon.reports("all is looked at", ({ events, webhooks: [ops] }) => {
    return events.received === LIFE.length && ops?.filtered === 4;
  });
  assertEquals(statusOf(daemon, "ops", LIFE.length).pending, 3);

  await daemon.file.change((registry) => modifyWebhook(registry, "ops", { events: ["BRICK_*"] }));
  await daemon.daemon.reload();
  await daemon.reports("it is taken over", ({ webhooks: [ops] }) => ops?.filtered === 5);
  assertEquals(statusOf(daemon, "ops", LIFE.length).pending, 2);

  await daemon.stop();
  // What was filtered stays so, however the filter is after that.
  await daemon.file.change((registry) => modifyWebhook(registry, "ops", { events: [] }));
  isUp = true;
  receiver.requests.length = 0;
  await daemon.start();
  await daemon.delivers(LIFE.length);
  const { delivered, filtered } = statusOf(daemon, "ops", LIFE.length);
  assertEquals([delivered, filtered], [2, 5]);
  assertEquals(receiver.names, ["BRICK_DISCONNECTED", "BRICK_CONNECTED"]);
});

Deno.test("a replay posts what the filter leaves out, and changes no count of it", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, settings("ops", { severity: "alert" }));
  await daemon.start();
  await daemon.send(...LIFE);
  await daemon.delivers(LIFE.length);
  receiver.requests.length = 0;
  const client = new ControlClient(daemon.socket);
  const report = await client.replay({ webhook: "ops", events: ["PEER_*", "QUORUM_LOST"] });
  assertEquals([report.events, report.waiting], [2, 0]);
  await daemon.reports("they are posted", ({ webhooks: [ops] }) => ops?.replayed === 2);
  assertEquals(receiver.names, ["PEER_CONNECT", "QUORUM_LOST"]);
  const { delivered, filtered } = statusOf(daemon, "ops", LIFE.length);
  assertEquals([delivered, filtered], [3, 4]);
});

Deno.test("what is dropped for want of room is told of only as far as it was wanted", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, settings("ops", { events: ["VOLUME_SET"] }));
  await daemon.file.change((registry) => pauseWebhook(registry, "ops"));
  await daemon.file.change(() => setConfig("spool-max-size", "1MiB"));
  await daemon.start();
  const note = "x".repeat(16_000);
  const rounds = 200;
  for (let round = 0; round < rounds; round++) {
    await daemon.send(`1795333034 6 name=gv1;options=,user.note,${note}`, PEER_UP);
    await daemon.reports("they are in", ({ events }) => events.received === 2 * (round + 1));
  }
  await daemon.reports("there is room again", ({ webhooks: [ops] }) => {
    return ops !== undefined && ops.pending < 90;
  });
  await daemon.file.change(() => setConfig("spool-max-size", "64MiB"));
  await daemon.file.change((registry) => resumeWebhook(registry, "ops"));
  await daemon.daemon.reload();
  await daemon.delivers(2 * rounds);
  const { delivered, dropped, filtered } = statusOf(daemon, "ops", 2 * rounds);
  assertEquals([delivered + dropped, filtered], [rounds, rounds]);
  assert(dropped > 0, "nothing was dropped");
  const [gap, ...others] = receiver.events;
  assertEquals([gap?.event, gap?.message["missing"]], ["EVENTING_GAP", String(dropped)]);
  assertEquals([...new Set(others.map(({ event }) => event))], ["VOLUME_SET"]);
});
