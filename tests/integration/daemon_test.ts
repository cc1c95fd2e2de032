import { ControlSocketError } from "../../src/api/control_server.ts";
import { ListenError } from "../../src/listener/udp_sockets.ts";
import { Daemon } from "../../src/daemon/daemon.ts";
import type { DaemonOptions } from "../../src/daemon/daemon_options.ts";
import { InvalidRegistryError } from "../../src/registry/errors.ts";
import { SpoolError } from "../../src/spool/errors.ts";
import { systemDaemonDeps } from "../../src/cli/daemon_deps.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { Receiver } from "../support/receiver.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

async function volumesAt(receiver: Receiver, count: number): Promise<unknown[]> {
  await until(`${count} requests came`, () => receiver.requests.length >= count, {
    seen: () => receiver.requests,
  });
  return receiver.events.map(({ message }) => message["name"]);
}

Deno.test("every event reaches every webhook, in order, under one id", async () => {
  await using folder = await makeTempFolder();
  await using one = new Receiver();
  await using two = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(one.url, { name: "one" });
  await daemon.register(two.url, { name: "two" });
  await daemon.start();
  const volumes = Array.from({ length: 50 }, (_, number) => `gv${number}`);
  await daemon.send(...volumes.map(startOf));
  const webhooks = await daemon.delivers(50);
  assertEquals([await volumesAt(one, 50), await volumesAt(two, 50)], [volumes, volumes]);
  assertEquals(one.events.map(({ id }) => id), two.events.map(({ id }) => id));
  assertEquals(new Set(one.events.map(({ id }) => id)).size, 50);
  assertEquals(
    one.requests.map(({ headers }) => headers.get("webhook-id")),
    one.events.map(({ id }) => id),
  );
  assertEquals(webhooks.map(({ delivered }) => delivered), [50, 50]);
});

Deno.test("a webhook that hangs or is dead does not delay another", async () => {
  await using folder = await makeTempFolder();
  const hanging = Promise.withResolvers<Response>();
  await using hung = new Receiver({ answer: () => hanging.promise });
  await using healthy = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(hung.url, { name: "hung", timeout: "1h" });
  await daemon.register("http://127.0.0.1:1/", { name: "dead" });
  await daemon.register(healthy.url, { name: "healthy" });
  await daemon.start();
  await daemon.send(...["a", "b", "c"].map(startOf));
  assertEquals(await volumesAt(healthy, 3), ["a", "b", "c"]);
  const rows = await daemon.reports("the dead one fails, the healthy one is done", (report) => {
    const [, dead, done] = report.webhooks;
    return dead?.failure && done?.pending === 0 ? report.webhooks : undefined;
  });
  assertEquals(rows.map(({ name, pending }) => [name, pending]), [
    ["hung", 3],
    ["dead", 3],
    ["healthy", 0],
  ]);
  hanging.resolve(new Response());
});

Deno.test("a webhook that is added while the daemon runs gets what happens from then on", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  await daemon.send(startOf("before"));
  await daemon.reports("the event is in", ({ events }) => events.received === 1);
  await daemon.register(receiver.url);
  await daemon.send(startOf("after"));
  assertEquals(await volumesAt(receiver, 1), ["after"]);
});

Deno.test("an edit by hand is noticed without a signal", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  await Deno.mkdir(`${folder.path}/events`);
  const webhook = `[[webhook]]\nname = "hand"\nurl = "${receiver.url}"\n`;
  await Deno.writeTextFile(daemon.file.path, webhook);
  await daemon.reports("the webhook is there", ({ webhooks }) => webhooks.length === 1);
  await daemon.send(startOf("gv1"));
  assertEquals(await volumesAt(receiver, 1), ["gv1"]);
});

Deno.test("a broken edit is reported and changes nothing until it is mended", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url);
  await daemon.start();
  const good = await Deno.readTextFile(daemon.file.path);
  await Deno.writeTextFile(daemon.file.path, `${good}\n[[webhook]]\nname = 7\n`);
  const problems = await daemon.reports(
    "the problems are reported",
    ({ registry }) => registry.problems.length > 0 && registry.problems,
  );
  assertEquals(problems && problems.length, 2);
  await daemon.send(startOf("gv1"));
  assertEquals(await volumesAt(receiver, 1), ["gv1"]);
  await Deno.writeTextFile(daemon.file.path, good);
  await daemon.reports("it is mended", ({ registry }) => registry.problems.length === 0);
});

Deno.test("a receiver that was away gets everything, in order, once", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  let port: number;
  {
    await using receiver = new Receiver();
    port = receiver.port;
    await daemon.register(receiver.url);
    await daemon.start();
    await daemon.send(startOf("first"));
    await volumesAt(receiver, 1);
  }
  const volumes = ["a", "b", "c", "d", "e"];
  await daemon.send(...volumes.map(startOf));
  await daemon.reports("the webhook fails", ({ webhooks: [webhook] }) => webhook?.failure);
  await using back = new Receiver({ port });
  assertEquals(await volumesAt(back, 5), volumes);
  await daemon.delivers(6);
  assertEquals(back.requests.length, 5);
});

Deno.test("what was accepted before a stop is delivered after the next start, under the same id", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  const seen: (string | null)[] = [];
  let isDown = true;
  await using receiver = new Receiver({
    answer: ({ headers }) => {
      seen.push(headers.get("webhook-id"));
      return new Response(null, { status: isDown ? 503 : 204 });
    },
  });
  await daemon.register(receiver.url);
  await daemon.start();
  await daemon.send(...["a", "b"].map(startOf));
  await until("the first was tried", () => seen.length > 0);
  await daemon.stop();
  const tried = seen.length;
  isDown = false;
  await daemon.start();
  await daemon.delivers(2);
  const names = receiver.events.slice(tried).map(({ message }) => message["name"]);
  assertEquals(names, ["a", "b"]);
  assertEquals(seen[tried], seen[0]);
});

Deno.test("a webhook that is changed or renamed keeps what waits for it", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register("http://127.0.0.1:1/", { name: "old" });
  await daemon.start();
  await daemon.send(startOf("gv1"));
  await daemon.reports("the event waits", ({ webhooks: [webhook] }) => webhook?.pending === 1);
  const edit = async (from: string, to: string) => {
    const text = await Deno.readTextFile(daemon.file.path);
    await Deno.writeTextFile(daemon.file.path, text.replace(from, to));
    await daemon.daemon.reload();
  };
  await edit('name = "old"', 'name = "new"');
  await edit("http://127.0.0.1:1/", receiver.url);
  assertEquals(await volumesAt(receiver, 1), ["gv1"]);
  const [webhook] = await daemon.delivers(1);
  assertEquals([webhook?.name, webhook?.delivered], ["new", 1]);
});

Deno.test("glusterd's own id is used from the moment that it has one", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url);
  await daemon.start();
  await daemon.send(startOf("a"));
  await volumesAt(receiver, 1);
  const uuid = "4634cc14-be84-4e20-8b4f-6854c32ddc12";
  await Deno.writeTextFile(
    `${folder.path}/glusterd.info`,
    `UUID=${uuid}\noperating-version=100000\n`,
  );
  await daemon.send(startOf("b"));
  await volumesAt(receiver, 2);
  const [before, after] = receiver.events.map(({ nodeid }) => nodeid);
  assertEquals(after, uuid);
  const kept = await Deno.readTextFile(`${folder.path}/state/node-id`);
  assertEquals(before, kept.trim());
});

Deno.test("events carry the node's host name, and a new one from the next reload on", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  let host = "gl1";
  await using daemon = new TestDaemon(folder.path, { hostname: () => host });
  await daemon.start();
  await daemon.register(receiver.url);
  await daemon.send(startOf("a"));
  await volumesAt(receiver, 1);
  host = "gl1.example.com";
  await daemon.daemon.reload();
  await daemon.send(startOf("b"));
  await volumesAt(receiver, 2);
  assertEquals(receiver.events.map((event) => event.host), ["gl1", "gl1.example.com"]);
});

Deno.test("log lines come once per change of state, none per event", async () => {
  await using folder = await makeTempFolder();
  let status = 503;
  await using receiver = new Receiver({ answer: () => new Response(null, { status }) });
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url);
  await daemon.start();
  await daemon.send(...Array.from({ length: 20 }, (_, number) => startOf(`gv${number}`)));
  await until("it was tried ten times", () => receiver.requests.length >= 10);
  status = 200;
  await daemon.delivers(20);
  await daemon.stop();
  const told = daemon.log.map((line) =>
    / (?:INFO|WARNING|ERROR) +([a-z ]+?)(?: [a-z_]+=|$)/.exec(line)?.[1]
  );
  const [ready, madeUpId, ...rest] = told;
  assertEquals([ready, madeUpId], ["ready", "glusterd has no id for this node yet"]);
  assertEquals(rest, ["webhook fails", "webhook works again", "stopped"]);
});

Deno.test("a start that fails says why and leaves everything free", async () => {
  await using folder = await makeTempFolder();
  await using first = new TestDaemon(`${folder.path}/first`);
  await first.start();
  const [address] = first.daemon.addresses;
  if (address === undefined) throw new Error("the first listens nowhere");
  const start = (options: Partial<DaemonOptions>) =>
    Daemon.start({
      version: "0.0.0-test",
      workdir: `${folder.path}/second`,
      stateDir: `${folder.path}/second/state`,
      socket: `${folder.path}/second.sock`,
      listen: [{ hostname: "127.0.0.1", port: 0 }],
      ...options,
    }, systemDaemonDeps(() => {}));
  await assertRejects(() => start({ socket: first.socket }), ControlSocketError, "another daemon");
  await assertRejects(() => start({ stateDir: `${first.folder}/state` }), SpoolError, "locked");
  await assertRejects(() => start({ listen: [address] }), ListenError, "in use");
  await Deno.mkdir(`${folder.path}/bad/events`, { recursive: true });
  await Deno.writeTextFile(`${folder.path}/bad/events/webhooks.toml`, "[config]\nport = 0\n");
  await assertRejects(() => start({ workdir: `${folder.path}/bad` }), InvalidRegistryError, "port");
  const long = `${folder.path}/${"x".repeat(120)}`;
  await assertRejects(() => start({ socket: long }), ControlSocketError, "107 bytes");
  await Deno.writeTextFile(`${folder.path}/file`, "precious");
  const file = `${folder.path}/file`;
  await assertRejects(() => start({ socket: file }), ControlSocketError, "no socket");
  assertEquals(await Deno.readTextFile(file), "precious");
  // None of the failures has kept a lock, a port or a socket.
  const second = await start({});
  assert(second.addresses[0]?.port !== undefined);
  await second.stop();
});

Deno.test("a socket that a killed daemon left behind is no obstacle", async () => {
  await using folder = await makeTempFolder();
  const stale = Deno.listen({ transport: "unix", path: `${folder.path}/sock` });
  stale.close();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  const { mode, isSocket } = await Deno.stat(daemon.socket);
  assertEquals([isSocket, (mode ?? 0) & 0o777], [true, 0o600]);
});

Deno.test("ten thousand datagrams of random bytes are counted and do no harm", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url);
  await daemon.start();
  let sent = 0;
  while (sent < 10_000) {
    const batch = Array.from({ length: 100 }, () => {
      const bytes = crypto.getRandomValues(new Uint8Array(1 + sent % 200));
      // Not a digit: what begins with numbers would be an event.
      bytes[0] = 0x80;
      return bytes;
    });
    await daemon.send(...batch);
    sent += batch.length;
    const wanted = sent;
    await daemon.reports(`${wanted} were refused`, ({ events }) => events.refused >= wanted);
  }
  await daemon.send(startOf("gv1"));
  assertEquals(await volumesAt(receiver, 1), ["gv1"]);
});
