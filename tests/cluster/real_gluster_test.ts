import { assert, assertEquals } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import { GlusterNode } from "./gluster_node.ts";
import { RECEIVER_URL, WatchedNode } from "./watched_node.ts";

const NEEDED = ["binary", "root", "gluster", "namespaces", "overlays"] as const;

/** `gluster system:: uuid get` makes glusterd's UUID if there is none, so ask late. */
async function uuidOf(node: GlusterNode): Promise<string> {
  const text = await node.gluster("system::", "uuid", "get");
  return text.replace("UUID:", "").trim();
}

async function createVolume(node: GlusterNode): Promise<{ brick: string }> {
  const brick = `${node.folder}/bricks/b1`;
  // The brick is on the root file system, which has to be forced.
  await node.gluster("volume", "create", "gv1", `${node.address}:${brick}`, "force");
  return { brick };
}

/** Starts glusterd, the daemon and its receiver on a node. */
async function watch(node: GlusterNode): Promise<WatchedNode> {
  await node.startGlusterd();
  const watched = new WatchedNode(node);
  await watched.startDaemon();
  await watched.startReceiver();
  return watched;
}

testNeeding(NEEDED, "a real volume's life arrives in order, with its values whole", async () => {
  // A folder that only glusterd can tell, so that it has to be asked.
  await using node = await GlusterNode.make({ workdir: "/var/lib/glusterd/elsewhere" });
  const watched = await watch(node);
  await watched.addWebhook(RECEIVER_URL);

  const { brick } = await createVolume(node);
  await node.gluster("volume", "start", "gv1");
  await node.gluster("volume", "set", "gv1", "user.note", "a=b;c=d");
  await node.gluster("volume", "stop", "gv1");
  await node.gluster("volume", "delete", "gv1");

  await watched.receives(
    "the volume's end arrives",
    (all) => all.find(({ event }) => event === "VOLUME_DELETE"),
  );
  const events = await watched.received();
  assertEquals(
    events.flatMap(({ event, message }) => event.startsWith("VOLUME_") ? [{ event, message }] : []),
    [
      { event: "VOLUME_CREATE", message: { name: "gv1", bricks: `${node.address}:${brick}` } },
      { event: "VOLUME_START", message: { name: "gv1", force: false } },
      { event: "VOLUME_SET", message: { name: "gv1", options: [["user.note", "a=b;c=d"]] } },
      { event: "VOLUME_STOP", message: { name: "gv1", force: false } },
      { event: "VOLUME_DELETE", message: { name: "gv1" } },
    ],
  );
  const uuid = await uuidOf(node);
  assertEquals(events.map(({ nodeid }) => nodeid), events.map(() => uuid));
  const { listening, registry } = await watched.status();
  assertEquals(registry.path, "/var/lib/glusterd/elsewhere/events/webhooks.toml");
  assert(listening.every((address) => address.endsWith(":55555")), listening.join());
});

testNeeding(
  NEEDED,
  "the first event of a fresh node without IPv6 carries the UUID that glusterd made meanwhile",
  async () => {
    await using node = await GlusterNode.make({ ipv6: false });
    const watched = new WatchedNode(node);
    await watched.startDaemon();
    await node.startGlusterd();
    await watched.startReceiver();
    await watched.addWebhook(RECEIVER_URL);

    await createVolume(node);

    const first = await watched.receives("an event arrives", ([event]) => event);
    assertEquals(
      { event: first.event, nodeid: first.nodeid },
      { event: "VOLUME_CREATE", nodeid: await uuidOf(node) },
    );
  },
);

testNeeding(NEEDED, "a brick process that is killed is reported as a lost brick", async () => {
  await using node = await GlusterNode.make();
  const watched = await watch(node);
  await watched.addWebhook(RECEIVER_URL);
  const { brick } = await createVolume(node);
  await node.gluster("volume", "start", "gv1");
  await watched.receives(
    "glusterd reaches the brick",
    (all) => all.find(({ event }) => event === "BRICK_CONNECTED"),
  );

  const pids = await node.pidsOf("glusterfsd");
  assertEquals(pids.length, 1, `one brick process, seen: ${pids}`);
  for (const pid of pids) Deno.kill(pid, "SIGKILL");

  const lost = await watched.receives(
    "the loss of the brick arrives",
    (all) => all.find(({ event }) => event === "BRICK_DISCONNECTED"),
  );
  assertEquals(lost.message, { peer: node.address, volume: "gv1", brick });
});

testNeeding(
  NEEDED,
  "what happens while the receiver is down arrives later, in order and once each",
  async () => {
    await using node = await GlusterNode.make();
    await node.startGlusterd();
    const watched = new WatchedNode(node);
    await watched.startDaemon();
    const receiver = await watched.startReceiver();
    await watched.addWebhook(RECEIVER_URL, "--retry-min", "50ms", "--retry-max", "200ms");
    await createVolume(node);
    // With nothing in flight, nothing may come twice.
    await watched.isDone();
    receiver.kill("SIGTERM");
    await receiver.ended();

    const notes = ["1", "2", "3", "4", "5"].map((number) => [`user.n${number}`, number]);
    for (const [option = "", value = ""] of notes) {
      await node.gluster("volume", "set", "gv1", option, value);
    }
    await watched.shows(
      "the events wait",
      ({ webhooks }) => webhooks.some(({ pending, state }) => pending >= 5 && state !== "waiting"),
    );
    await watched.startReceiver();
    await watched.isDone();

    const events = await watched.received();
    const ids = events.map(({ id }) => id);
    assertEquals(ids, [...new Set(ids)]);
    assertEquals(
      events.flatMap(({ event, message }) => event === "VOLUME_SET" ? [message] : []),
      notes.map((note) => ({ name: "gv1", options: [note] })),
    );
  },
);

testNeeding(NEEDED, "status accounts for every event of a real node", async () => {
  await using node = await GlusterNode.make();
  const watched = await watch(node);
  await watched.addWebhook(RECEIVER_URL, "--name", "up");
  await watched.addWebhook("http://127.0.0.1:9/", "--name", "down");
  await createVolume(node);
  await node.gluster("volume", "start", "gv1");
  await node.gluster("volume", "stop", "gv1");

  const { events, webhooks } = await watched.shows(
    "one webhook has every event",
    async ({ events, webhooks: [up] }) =>
      up?.pending === 0 && (await watched.received()).length === events.received,
  );
  const { received } = events;
  assert(received >= 3, `${received} events`);
  const nothing = { refused: 0, denied: 0, held: 0, lost: 0, kernel_drops: 0 };
  assertEquals(events, { received, ...nothing });
  assertEquals(
    webhooks.map(({ name, matched, delivered, pending, dead, dropped }) => [
      name,
      { matched, delivered, pending, dead, dropped },
    ]),
    [
      ["up", { matched: received, delivered: received, pending: 0, dead: 0, dropped: 0 }],
      ["down", { matched: received, delivered: 0, pending: received, dead: 0, dropped: 0 }],
    ],
  );
  for (const { matched, delivered, pending, dead, dropped } of webhooks) {
    assertEquals(matched, delivered + pending + dead + dropped);
  }
});
