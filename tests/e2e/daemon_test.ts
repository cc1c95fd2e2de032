/**
 * The compiled daemon from start to end, as an administrator meets it.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { RunningProgram, runProgram } from "../support/program.ts";
import {
  command,
  mustDo,
  namesAt,
  placesIn,
  startDaemon,
  statusOf,
} from "../support/local_node.ts";
import { Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

testNeeding(
  ["binary"],
  "one file in an empty folder carries an event to the test hook",
  async () => {
    await using folder = await makeTempFolder();
    await using hook = new RunningProgram([
      "serve-test-hook",
      "--port",
      "0",
      "--max-events",
      "2",
      "--output",
      `${folder.path}/events.jsonl`,
    ]);
    const [, url = ""] = await hook.shows(/webhook-add (http:\S+\/)/);
    await mustDo(folder.path, "webhook-add", url);
    await using daemon = await startDaemon(folder.path);
    const sent = await mustDo(folder.path, "emit", "VOLUME_CREATE", "name=gv1", "bricks=gl1:/b1");
    assertStringIncludes(sent, "Sent VOLUME_CREATE to UDP 127.0.0.1:");
    await mustDo(folder.path, "emit", "volume_set", "name=gv1", "options=,user.note,a=b;c=d");
    const { code } = await hook.ended();
    assertEquals(code, 0);
    const [heading = "", first = "", second = ""] = hook.stdout.split("\n");
    const column = heading.indexOf("MESSAGE");
    assertEquals(first.slice(column), "name=gv1 bricks=gl1:/b1");
    assertEquals(second.slice(column), 'name=gv1 options=[["user.note","a=b;c=d"]]');
    const lines = (await Deno.readTextFile(`${folder.path}/events.jsonl`)).trim().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).body.event), ["VOLUME_CREATE", "VOLUME_SET"]);
    // The hook has answered before it ended.
    const { webhooks: [row] } = await until("nothing waits", async () => {
      const status = await statusOf(folder.path);
      return status.webhooks[0]?.state === "waiting" ? status : undefined;
    });
    assertEquals([row?.delivered, row?.pending, row?.failure], [2, 0, null]);
    daemon.kill("SIGTERM");
    assertEquals((await daemon.ended()).code, 0);
  },
);

testNeeding(
  ["binary", "ipv6"],
  "without --listen it takes the configured port on IPv4 and IPv6",
  async () => {
    await using folder = await makeTempFolder();
    const free = Deno.listenDatagram({ transport: "udp", hostname: "::", port: 0 });
    const { port } = free.addr as Deno.NetAddr;
    free.close();
    await mustDo(folder.path, "config-set", "port", String(port));
    await using receiver = new Receiver();
    await mustDo(folder.path, "webhook-add", receiver.url);
    await using daemon = new RunningProgram(["run", ...placesIn(folder.path)]);
    await daemon.shows(/INFO +ready /);
    await mustDo(folder.path, "emit", "VOLUME_START", "name=four", "--to", `127.0.0.1:${port}`);
    await mustDo(folder.path, "emit", "VOLUME_START", "name=six", "--to", `[::1]:${port}`);
    await mustDo(folder.path, "emit", "VOLUME_START", "name=found");
    assertEquals(await namesAt(receiver, 3), ["four", "six", "found"]);
  },
);

testNeeding(["binary"], "a change says when the daemon works with another registry", async () => {
  await using folder = await makeTempFolder();
  await using _daemon = await startDaemon(folder.path);
  const places = placesIn(folder.path).with(1, `${folder.path}/other`);
  const { stdout } = await runProgram(["webhook-add", "http://a.example/", "--local", ...places]);
  assertStringIncludes(stdout, "works with another registry");
});

testNeeding(
  ["binary"],
  "five events that happen while the receiver is away arrive in order, once",
  async () => {
    await using folder = await makeTempFolder();
    const retry = ["--retry-min", "10ms", "--retry-max", "100ms"];
    let port: number;
    await using daemon = await startDaemon(folder.path);
    {
      await using receiver = new Receiver();
      port = receiver.port;
      await mustDo(folder.path, "webhook-add", receiver.url, "--name", "ops", ...retry);
      await mustDo(folder.path, "emit", "VOLUME_START", "name=first");
      assertEquals(await namesAt(receiver, 1), ["first"]);
    }
    const volumes = ["a", "b", "c", "d", "e"];
    for (const volume of volumes) {
      await mustDo(
        folder.path,
        "emit",
        "VOLUME_START",
        `name=${volume}`,
      );
    }
    await daemon.shows(/WARNING webhook fails webhook=ops reason="refused/);
    const text = await mustDo(folder.path, "status");
    assertMatch(text, /ops +http\S+ +(retrying|delivering) +1 +5 +0/);
    assertMatch(text, /ops: fails since .*refused/);
    await using back = new Receiver({ port });
    assertEquals(await namesAt(back, 5), volumes);
    await daemon.shows(/INFO +webhook works again/);
    const { webhooks: [row] } = await until("nothing waits", async () => {
      const status = await statusOf(folder.path);
      return status.webhooks[0]?.pending === 0 ? status : undefined;
    });
    assertEquals([row?.delivered, row?.dead, row?.failure, back.requests.length], [6, 0, null, 5]);
  },
);

testNeeding(
  ["binary"],
  "a daemon that was killed delivers afterwards what it had accepted",
  async () => {
    await using folder = await makeTempFolder();
    await mustDo(folder.path, "webhook-add", "http://127.0.0.1:1/", "--name", "ops");
    {
      await using daemon = await startDaemon(folder.path);
      for (const name of ["a", "b", "c"]) {
        await mustDo(
          folder.path,
          "emit",
          "VOLUME_START",
          `name=${name}`,
        );
      }
      await until("three are in", async () => (await statusOf(folder.path)).events.received === 3);
      daemon.kill("SIGKILL");
      await daemon.ended();
    }
    await using receiver = new Receiver();
    await mustDo(folder.path, "webhook-mod", "ops", "--url", receiver.url);
    await using _again = await startDaemon(folder.path);
    assertEquals(await namesAt(receiver, 3), ["a", "b", "c"]);
  },
);

testNeeding(
  ["binary"],
  "a second daemon is refused at once, on each thing that is shared",
  async () => {
    await using folder = await makeTempFolder();
    await using daemon = await startDaemon(folder.path);
    const [, port = ""] = await daemon.shows(/listening=127\.0\.0\.1:(\d+)/);
    const other = `${folder.path}/other`;
    const cases: [string[], RegExp][] = [
      [placesIn(folder.path), /another daemon runs on the control socket/],
      [[...placesIn(other), "--state-dir", `${folder.path}/state`].toSpliced(2, 2), /locked/],
      [[...placesIn(other), "--listen", `127.0.0.1:${port}`], /Address already in use/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await runProgram(["run", ...args]);
      assertEquals(code, 1, stderr);
      assertMatch(stderr, message);
      assertMatch(stderr, /\nhint: .+\n$/);
    }
    assertEquals((await command(folder.path, "status")).code, 0);
  },
);

for (const signal of ["SIGHUP", "SIGUSR2"] as const) {
  testNeeding(["binary"], `${signal} makes the daemon read the registry`, async () => {
    await using folder = await makeTempFolder();
    await using daemon = await startDaemon(folder.path);
    await Deno.mkdir(`${folder.path}/events`, { recursive: true });
    const text = 'generation = 9\n[[webhook]]\nname = "ops"\nurl = "http://127.0.0.1:1/"\n';
    await Deno.writeTextFile(`${folder.path}/events/webhooks.toml`, text);
    daemon.kill(signal);
    await daemon.shows(/registry taken over generation=9 webhooks=1/);
  });
}

function neverAnswer(): Promise<Response> {
  return new Promise(() => {});
}

/** Starts a daemon and waits until it has a request in flight to its only webhook. */
async function startWithRequestInFlight(
  folder: string,
  receiver: Receiver,
): Promise<RunningProgram> {
  await mustDo(folder, "webhook-add", receiver.url);
  await using cleanups = new AsyncDisposableStack();
  const daemon = cleanups.use(await startDaemon(folder));
  await mustDo(folder, "emit", "VOLUME_START", "name=gv1");
  await until("the request is in flight", () => receiver.requests.length === 1);
  cleanups.move();
  return daemon;
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  testNeeding(
    ["binary"],
    `${signal} ends the daemon cleanly, with what was in flight delivered`,
    async () => {
      await using folder = await makeTempFolder();
      const held = Promise.withResolvers<void>();
      await using receiver = new Receiver({
        answer: async () => {
          await held.promise;
          return new Response();
        },
      });
      await using daemon = await startWithRequestInFlight(folder.path, receiver);
      daemon.kill(signal);
      held.resolve();
      const { code } = await daemon.ended();
      assertEquals(code, 0, daemon.stderr);
      await using _again = await startDaemon(folder.path);
      const { webhooks: [row] } = await statusOf(folder.path);
      assertEquals([row?.delivered, row?.pending, receiver.requests.length], [1, 0, 1]);
    },
  );
}

testNeeding(
  ["binary"],
  "a second signal ends a daemon at once that waits for a receiver",
  async () => {
    await using folder = await makeTempFolder();
    await using receiver = new Receiver({ answer: neverAnswer });
    await using daemon = await startWithRequestInFlight(folder.path, receiver);
    daemon.kill("SIGINT");
    // Signals of one kind merge while they wait: the second is sent when the first has arrived.
    await until(
      "it takes no more commands",
      async () => (await command(folder.path, "status")).code === 69,
    );
    daemon.kill("SIGINT");
    assertEquals((await daemon.ended()).code, 130);
  },
);

testNeeding(
  ["binary"],
  "a daemon that waits for a receiver ends by itself, and the event waits on disk",
  async () => {
    await using folder = await makeTempFolder();
    await using receiver = new Receiver({ answer: neverAnswer });
    await using daemon = await startWithRequestInFlight(folder.path, receiver);
    daemon.kill("SIGTERM");
    assertEquals((await daemon.ended()).code, 0, daemon.stderr);
    await using _again = await startDaemon(folder.path);
    await until("it is tried again", () => receiver.requests.length === 2);
    const [first, second] = receiver.events;
    assertEquals(first?.id, second?.id);
  },
);

testNeeding(["binary"], "the demo tells its story and cleans up", async () => {
  await using folder = await makeTempFolder();
  const env = { TMPDIR: folder.path };
  const { code, stdout, stderr } = await runProgram(["demo"], { env });
  assertEquals([code, stderr], [0, ""]);
  const events = stdout.split("\n").slice(1, 7).map((line) => line.split(/ +/)[1]);
  const story = "PEER_ATTACH VOLUME_CREATE VOLUME_START VOLUME_STOP VOLUME_DELETE PEER_DETACH";
  assertEquals(events.join(" "), story);
  const json = JSON.parse((await runProgram(["demo", "--json"], { env })).stdout);
  assertEquals(json.output.arrived.map(({ event }: { event: string }) => event).join(" "), story);
  await using kept = new RunningProgram(["demo", "--keep"], { env });
  const [, places = ""] = await kept.shows(/emit QUORUM_LOST volume=gv1 (--workdir.*)/);
  await runProgram(["emit", "QUORUM_LOST", "volume=gv1", ...places.split(" ")]);
  await kept.shows(/QUORUM_LOST +\S+ +volume=gv1/);
  kept.kill("SIGINT");
  assertEquals((await kept.ended()).code, 0);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});
