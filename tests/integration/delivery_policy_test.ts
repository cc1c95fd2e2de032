/**
 * What a daemon does with receivers that reject, are gone, or come back late, and how it tells.
 *
 * @module
 */
import { ControlClient } from "../../src/api/control_client.ts";
import type { WebhookStatus } from "../../src/api/status_report.ts";
import { pauseWebhook, resumeWebhook, setConfig } from "../../src/registry/changes.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { Receiver } from "../support/receiver.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { QUICK_RETRY, startOf, TestDaemon } from "../support/test_daemon.ts";

const VOLUMES = ["a", "b", "c", "d"];

function onlyWebhook(daemon: TestDaemon): WebhookStatus {
  const { webhooks: [webhook] } = daemon.daemon.status();
  assert(webhook !== undefined);
  return webhook;
}

Deno.test("what was given up on is explained, posted again on demand, and counted once", async () => {
  await using folder = await makeTempFolder();
  let isMended = false;
  await using receiver = new Receiver({
    answer: ({ body }) =>
      !isMended && /"name":"[bd]"/.test(body)
        ? new Response("no such volume: s3cret", { status: 422 })
        : new Response(),
  });
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, { ...QUICK_RETRY, "name": "ops", "bearer-token": "s3cret" });
  await daemon.start();
  await daemon.send(...VOLUMES.map(startOf));
  await daemon.delivers(4);
  assertEquals(onlyWebhook(daemon).dead, 2);

  const client = new ControlClient(daemon.socket);
  const letters = await client.deadLetters({ limit: 10 });
  assertEquals(letters.map(({ webhook, message }) => [webhook, message["name"]]), [
    ["ops", "b"],
    ["ops", "d"],
  ]);
  assertMatch(letters[0]?.reason ?? "", /^422 Unprocessable.*rejected 6 times/);
  const attempts = await client.attempts({ limit: 100, failed: true });
  assertEquals(attempts.length, 12);
  assertEquals(attempts.map(({ outcome }) => outcome).filter((end) => end === "dead").length, 2);
  assertEquals(attempts[0]?.answer, "no such volume: ***");
  const history = await client.history({ limit: 100 });
  assertEquals(history.map(({ message }) => message["name"]), VOLUMES);

  isMended = true;
  receiver.requests.length = 0;
  const dry = await client.replay({ webhook: "ops", dead_letters: true, dry_run: true });
  assertEquals([dry.events, dry.dead_letters, dry.waiting], [2, 2, 0]);
  const report = await client.replay({ webhook: receiver.url, dead_letters: true });
  assertEquals([report.events, report.dead_letters, report.dry_run], [2, 2, false]);
  await daemon.delivers(4);
  assertEquals(receiver.events.map(({ id }) => id), letters.map(({ id }) => id));
  const { delivered, dead, replayed } = onlyWebhook(daemon);
  assertEquals([delivered, dead, replayed], [4, 0, 0]);
  assertEquals(await client.deadLetters({ limit: 10 }), []);
});

Deno.test("a replay of what was delivered already counts apart", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, { name: "ops" });
  await daemon.start();
  await daemon.send(...VOLUMES.map(startOf));
  await daemon.delivers(4);
  const client = new ControlClient(daemon.socket);
  const unknown = await client.replay({ webhook: "ops", ids: ["nope"] });
  assertEquals([unknown.events, unknown.unknown_ids], [0, ["nope"]]);
  const ids = receiver.events.slice(1, 3).map(({ id }) => id);
  assertEquals((await client.replay({ webhook: "ops", ids })).events, 2);
  await daemon.reports("both are posted again", ({ webhooks: [ops] }) => ops?.replayed === 2);
  assertEquals(receiver.events.slice(4).map(({ id }) => id), ids);
  const { matched, delivered, pending, replaying } = onlyWebhook(daemon);
  assertEquals([matched, delivered, pending, replaying], [4, 4, 0, 0]);
});

Deno.test("410 pauses a webhook, across restarts, until somebody resumes it", async () => {
  await using folder = await makeTempFolder();
  let status = 410;
  await using receiver = new Receiver({ answer: () => new Response(null, { status }) });
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, { ...QUICK_RETRY, name: "ops" });
  await daemon.start();
  await daemon.send(...VOLUMES.map(startOf));
  await daemon.reports("it is paused", ({ webhooks: [ops] }) => ops?.state === "paused");
  await daemon.stop();
  await daemon.start();
  await daemon.reports("all wait", ({ webhooks: [ops] }) => ops?.pending === 4);
  const paused = onlyWebhook(daemon);
  assertEquals([paused.state, paused.pause?.reason], ["paused", "410 Gone"]);
  assertEquals(receiver.requests.length, 1);
  assertEquals(daemon.log.filter((line) => line.includes("is paused")).length, 2);

  status = 200;
  const client = new ControlClient(daemon.socket);
  assertEquals(await client.resume("ops"), { webhook: "ops", resumed: true });
  await daemon.delivers(4);
  assertEquals(receiver.events.slice(1).map(({ message }) => message["name"]), VOLUMES);
  assertEquals(await client.resume("ops"), { webhook: "ops", resumed: false });
  await daemon.stop();
  await daemon.start();
  assertEquals(onlyWebhook(daemon).pause, null);
});

Deno.test("when the spool is full, the oldest waiting events go, and one event says how many", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  const note = "x".repeat(10_000);
  await using receiver = new Receiver();
  await using healthy = new Receiver();
  await daemon.register(receiver.url, { name: "paused" });
  await daemon.register(healthy.url, { name: "healthy" });
  await daemon.file.change((registry) => pauseWebhook(registry, "paused"));
  await daemon.file.change(() => setConfig("spool-max-size", "1MiB"));
  await daemon.start();
  for (let sent = 0; sent < 300; sent++) {
    await daemon.send(`1795333034 6 name=gv${sent};options=,user.note,${note}`);
    await daemon.reports("it is in", ({ events }) => events.received > sent);
  }
  await daemon.reports("the healthy one has all", ({ webhooks }) => webhooks[1]?.delivered === 300);
  await daemon.reports("there is room again", ({ webhooks: [paused] }) => {
    return paused !== undefined && paused.pending < 90;
  });
  // Now there is room, or what is delivered could drop more while it is counted.
  await daemon.file.change(() => setConfig("spool-max-size", "16MiB"));
  await daemon.file.change((registry) => resumeWebhook(registry, "paused"));
  await daemon.daemon.reload();
  const [{ dropped, delivered } = { dropped: 0, delivered: 0 }] = await daemon.delivers(300);
  assertEquals(dropped + delivered, 300);
  assert(delivered > 50, `${delivered} were left`);
  assertEquals(receiver.requests.length, delivered + 1);
  const [gap, first, ...others] = receiver.events;
  assertEquals([gap?.event, gap?.message["missing"]], ["EVENTING_GAP", String(dropped)]);
  assertEquals(gap?.host, Deno.hostname());
  assertEquals(first?.message["name"], `gv${dropped}`);
  assertEquals(others.at(-1)?.message["name"], "gv299");
  const told = daemon.log.filter((line) => line.includes("spool-max-size reached"));
  assertEquals(told.length, 1, daemon.log.join("\n"));
});

Deno.test("a spool that is no spool is set aside, and the daemon begins anew", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, { name: "ops" });
  await Deno.mkdir(`${folder.path}/state`);
  const text = "this was a letter to somebody else\n".repeat(500);
  await Deno.writeTextFile(daemon.spoolPath, text);
  await daemon.start();
  await daemon.send(startOf("a"));
  await daemon.delivers(2);
  assertEquals(receiver.names, ["EVENTING_GAP", "VOLUME_START"]);
  const [, movedTo = ""] = /set aside.* moved_to=(\S+)/.exec(daemon.log.join("\n")) ?? [];
  assertMatch(movedTo, /spool\.db\.damaged-\d{8}T\d{6}Z$/);
  assertEquals(await Deno.readTextFile(movedTo), text);
});

Deno.test("a thousand reloads lose, double and disorder nothing", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, { name: "ops" });
  await daemon.start();
  for (let round = 0; round < 1000; round++) {
    const text = `generation = ${round + 2}\n[config]\ntimeout = "${10 + round}s"\n` +
      `[[webhook]]\nname = "ops"\nurl = "${receiver.url}"\n` +
      (round % 2 === 0 ? `[[webhook]]\nname = "other"\nurl = "http://127.0.0.1:1/"\n` : "");
    await Deno.writeTextFile(daemon.file.path, text);
    const reloading = daemon.daemon.reload();
    await daemon.send(startOf(`gv${round}`));
    await reloading;
  }
  await daemon.reports("all came", ({ webhooks: [ops] }) => ops?.delivered === 1000);
  const names = receiver.events.map(({ message }) => message["name"]);
  assertEquals(names, Array.from({ length: 1000 }, (_, round) => `gv${round}`));
});
