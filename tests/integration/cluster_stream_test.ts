/**
 * The events of all nodes in one stream: daemons on loopback, and a `gluster` between them that is
 * simulated.
 *
 * @module
 */
import { ControlRefusedError } from "../../src/api/control_client.ts";
import type { StreamQuery } from "../../src/api/event_stream.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "../support/assert.ts";
import { DaemonPool } from "../support/daemon_pool.ts";
import { FollowedStream } from "../support/followed_stream.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

const CLUSTER: StreamQuery = { scope: "cluster" };

Deno.test("the events of all nodes come in one stream, for one question to glusterd", async () => {
  await using pool = await DaemonPool.start(3);
  const [one, two, three] = [pool.daemon(1), pool.daemon(2), pool.daemon(3)];
  await using stream = await FollowedStream.open(one.socket, CLUSTER);
  assertEquals((await stream.tells("live")).host, "gl1");
  for (const [daemon, name] of [[one, "a"], [two, "b"], [three, "c"], [two, "d"]] as const) {
    await daemon.send(startOf(name));
    await stream.shows(`${name} comes`, ({ volumes }) => volumes.at(-1) === name);
  }
  assertEquals(stream.volumes, ["a", "b", "c", "d"]);
  assertEquals(stream.events.map(({ host }) => host), ["gl1", "gl2", "gl3", "gl2"]);
  assertEquals(stream.notices.map(({ notice }) => notice), ["live"]);
  assertEquals(stream.position.split(",").length, 3);
  assertEquals(pool.questions, 1);
});

Deno.test("who comes back with a position misses nothing of any node and gets nothing twice", async () => {
  await using pool = await DaemonPool.start(3);
  let position: string;
  {
    await using stream = await FollowedStream.open(pool.daemon(1).socket, CLUSTER);
    await stream.tells("live");
    await pool.daemon(2).send(startOf("before"));
    await stream.shows("it comes", ({ volumes }) => volumes.includes("before"));
    position = stream.position;
  }
  for (const [at, daemon] of pool.daemons.entries()) {
    await daemon.send(startOf(`x${at + 1}`), startOf(`y${at + 1}`));
    await daemon.reports("both are in", ({ events }) => events.received >= 2);
  }
  // The asker may be another daemon by now.
  await pool.daemon(1).stop();
  await pool.daemon(1).start();
  await using stream = await FollowedStream.open(pool.daemon(1).socket, {
    ...CLUSTER,
    since: position,
  });
  await stream.tells("live");
  assertEquals(stream.volumes.toSorted(), ["x1", "x2", "x3", "y1", "y2", "y3"]);
  assertEquals(stream.notices.map(({ notice }) => notice), ["live"]);
});

Deno.test("a node whose daemon is down is told of once, and what it has got follows", async () => {
  await using pool = await DaemonPool.start(2);
  const [one, two] = [pool.daemon(1), pool.daemon(2)];
  await using stream = await FollowedStream.open(one.socket, CLUSTER);
  await stream.tells("live");
  await two.send(startOf("a"));
  await stream.shows("a comes", ({ volumes }) => volumes.includes("a"));
  await two.stop();
  const away = await stream.tells("away", "gl2");
  assert(away.notice === "away");
  await one.send(startOf("here"));
  await stream.shows("this node's come", ({ volumes }) => volumes.includes("here"));
  // It has got something before anybody follows it again.
  await two.start();
  await two.send(startOf("b"), startOf("c"));
  await stream.tells("back", "gl2");
  await stream.shows("b and c come", ({ volumes }) => volumes.includes("c"));
  assertEquals(stream.volumes, ["a", "here", "b", "c"]);
  assertEquals(stream.notices.map(({ notice }) => notice), ["live", "away", "back"]);
});

Deno.test("a node that is away from the start is told of with the reason, and begins there", async () => {
  await using pool = await DaemonPool.start(2);
  const [one, two] = [pool.daemon(1), pool.daemon(2)];
  await two.send(startOf("old"));
  await two.reports("it is in", ({ events }) => events.received === 1);
  await two.stop();
  await using stream = await FollowedStream.open(one.socket, CLUSTER);
  const away = await stream.tells("away", "gl2");
  assert(away.notice === "away");
  assertMatch(away.reason, /^no daemon is running there; start it: gluster-eventing start$/);
  await stream.tells("live");
  await two.start();
  await two.send(startOf("new"));
  await stream.shows("new comes", ({ volumes }) => volumes.length > 0);
  assertEquals(stream.volumes, ["new"]);
});

Deno.test("while glusterd is down here the local events come, and others are away", async () => {
  await using pool = await DaemonPool.start(2);
  pool.pool.node(1).faults.isDown = true;
  await using stream = await FollowedStream.open(pool.daemon(1).socket, CLUSTER);
  const away = await stream.tells("away", "gl2");
  assert(away.notice === "away");
  assertEquals(away.reason, "glusterd on this node is not running");
  await pool.daemon(1).send(startOf("a"));
  await stream.shows("a comes", ({ volumes }) => volumes.includes("a"));
  assertEquals(pool.questions, 0);
  pool.pool.heal();
  await pool.daemon(2).send(startOf("b"));
  await stream.tells("back", "gl2");
  await stream.shows("b comes", ({ volumes }) => volumes.includes("b"));
});

Deno.test("what a firewall keeps away is named with host and port", async () => {
  await using pool = await DaemonPool.start(2);
  pool.blocked.add("gl2");
  await using stream = await FollowedStream.open(pool.daemon(1).socket, CLUSTER);
  const away = await stream.tells("away", "gl2");
  assert(away.notice === "away");
  assertMatch(away.reason, /^gl2:49[56]\d\d: Connection refused/);
  pool.blocked.clear();
  await stream.tells("back", "gl2");
});

Deno.test("filters go to all nodes", async () => {
  await using pool = await DaemonPool.start(2);
  await using stream = await FollowedStream.open(pool.daemon(1).socket, {
    ...CLUSTER,
    events: ["!VOLUME_START"],
  });
  await stream.tells("live");
  await pool.daemon(2).send(startOf("no"), "1795333034 4 name=yes;force=0");
  await stream.shows("the other comes", ({ volumes }) => volumes.length > 0);
  assertEquals(stream.volumes, ["yes"]);
});

Deno.test("nodes that join are picked up, and those that leave are dropped", async () => {
  await using pool = await DaemonPool.start(1);
  await using stream = await FollowedStream.open(pool.daemon(1).socket, CLUSTER);
  await stream.tells("live");
  const node = await pool.pool.addNode();
  const added = await pool.startOn(node);
  await pool.daemon(1).send("1795333034 0 host=gl2");
  await until("it is asked", () => pool.questions > 0);
  await until("it is followed", async () => {
    await added.send(startOf("new"));
    return stream.volumes.includes("new");
  });
  await pool.pool.detach(node);
  await pool.daemon(1).send("1795333034 1 host=gl2");
  await until("it is not followed any more", async () => {
    stream.clear();
    await added.send(startOf("gone"));
    await pool.daemon(1).send(startOf("here"));
    await stream.shows("here comes", ({ volumes }) => volumes.includes("here"));
    return !stream.volumes.includes("gone");
  });
});

Deno.test("where there is no pool, the whole cluster is refused with what to do", async () => {
  await using folder = await makeTempFolder();
  await using alone = new TestDaemon(folder.path);
  await alone.start();
  const { message, hint } = await assertRejects(
    () => FollowedStream.open(alone.socket, CLUSTER),
    ControlRefusedError,
  );
  assertMatch(message, /knows no pool$/);
  assertMatch(hint, /leave scope out/);
});

Deno.test("eight streams of the whole cluster are served at once, and the next is refused", async () => {
  await using pool = await DaemonPool.start(1);
  await using streams = new AsyncDisposableStack();
  for (let count = 0; count < 8; count++) {
    streams.use(await FollowedStream.open(pool.daemon(1).socket, CLUSTER));
  }
  await assertRejects(
    () => FollowedStream.open(pool.daemon(1).socket, CLUSTER),
    ControlRefusedError,
    "8 streams of all nodes",
  );
  await streams.disposeAsync();
  await until("there is room again", async () => {
    await using again = await FollowedStream.open(pool.daemon(1).socket, CLUSTER).catch(() =>
      undefined
    );
    return again !== undefined;
  });
});
