import { markChanges } from "../../../src/cluster/compare_pictures.ts";
import { busyVolumes, type ClusterFacts, drawCluster } from "../../../src/cluster/draw_cluster.ts";
import { parsePoolList } from "../../../src/cluster/pool.ts";
import { parseVolumeInfo, parseVolumeStatus } from "../../../src/cluster/volumes.ts";
import type { ClusterPicture } from "../../../src/event/cluster_picture.ts";
import { assertEquals } from "../../support/assert.ts";
import { readGlusterXml } from "../../support/gluster_xml.ts";

const AT = "2026-11-26T03:00:00.000Z";
const LATER = "2026-11-26T03:00:01.000Z";

/** The facts in these files, those of a cluster in which all is well if not given. */
async function factsOf(
  { pool = "pool", info = "volume_info", status = "volume_status" } = {},
): Promise<ClusterFacts> {
  return {
    nodes: parsePoolList(await readGlusterXml(pool)),
    ownHost: "gl1",
    volumes: parseVolumeInfo(await readGlusterXml(info)),
    bricks: parseVolumeStatus(await readGlusterXml(status)),
  };
}

function bricksOf(picture: ClusterPicture, volume: string): (readonly string[])[] {
  const { bricks = [] } = picture.volumes.find(({ name }) => name === volume) ?? {};
  return bricks.map(({ name, state, detail }) => [name, state, detail]);
}

function volumesOf({ volumes }: ClusterPicture): (readonly string[])[] {
  return volumes.map(({ name, state, health, detail }) => [name, state, health, detail]);
}

Deno.test("a cluster in which all is well is drawn so, and this node has its name", async () => {
  const picture = drawCluster(await factsOf());
  assertEquals(picture.peers.map(({ name, state, detail }) => [name, state, detail]), [
    ["gl1", "up", "this node"],
    ["gl2", "up", ""],
    ["gl3", "up", ""],
  ]);
  assertEquals(volumesOf(picture), [
    ["disp", "started", "ok", ""],
    ["dist", "stopped", "unknown", ""],
    ["rep", "started", "ok", ""],
  ]);
  assertEquals(bricksOf(picture, "rep"), [
    ["gl1:/bricks/r1", "up", ""],
    ["gl2:/bricks/r2", "up", ""],
    ["gl3:/bricks/r3", "up", "arbiter"],
  ]);
  assertEquals(bricksOf(picture, "dist").map(([, state]) => state), ["unknown", "unknown"]);
  assertEquals(picture.last_change, null);
});

Deno.test("a brick that was killed is down, and its volume suffers", async () => {
  const picture = drawCluster(await factsOf({ status: "volume_status_brick_killed" }));
  assertEquals(bricksOf(picture, "rep")[1], [
    "gl2:/bricks/r2",
    "down",
    "its process does not run",
  ]);
  assertEquals(volumesOf(picture)[2], ["rep", "started", "degraded", "1 of 3 bricks down"]);
});

Deno.test("a node that is not connected takes its bricks along", async () => {
  const picture = drawCluster(
    await factsOf({ pool: "pool_node_down", status: "volume_status_node_down" }),
  );
  assertEquals(picture.peers[2]?.state, "down");
  assertEquals(bricksOf(picture, "rep")[2], [
    "gl3:/bricks/r3",
    "down",
    "arbiter, its node is not connected",
  ]);
  assertEquals(volumesOf(picture).map(([, , health, detail]) => [health, detail]), [
    ["degraded", "1 of 3 bricks down"],
    ["unknown", ""],
    // With the brick that was killed too many are gone.
    ["down", "2 of 3 bricks down, no file in reach"],
  ]);
});

Deno.test("some sets of bricks that are gone take some files along", async () => {
  const facts = await factsOf();
  const volumes = facts.volumes.map((volume) => ({ ...volume, state: "started" as const }));
  const drawDist = (states: readonly boolean[]) => {
    const bricks = new Map(states.map((isUp, at) => [`gl${at + 1}:/bricks/d${at + 1}`, isUp]));
    return volumesOf(drawCluster({ ...facts, volumes, bricks: new Map([["dist", bricks]]) }))[1];
  };
  assertEquals(drawDist([true, true])?.slice(2), ["ok", ""]);
  assertEquals(drawDist([true, false])?.slice(2), [
    "degraded",
    "1 of 2 bricks down, some files out of reach",
  ]);
  assertEquals(drawDist([false, false])?.slice(2), [
    "down",
    "2 of 2 bricks down, no file in reach",
  ]);
});

Deno.test("a volume that glusterd could not look at is as it was, and is named", async () => {
  const killed = await factsOf({ status: "volume_status_brick_killed" });
  const before = drawCluster(killed);
  const bricks = new Map([...killed.bricks].filter(([name]) => name !== "rep"));
  const facts = { ...killed, bricks };
  assertEquals(busyVolumes(killed), []);
  assertEquals(busyVolumes(facts), ["rep"]);
  assertEquals(bricksOf(drawCluster(facts, before), "rep").map(([, state]) => state), [
    "up",
    "down",
    "up",
  ]);
  assertEquals(bricksOf(drawCluster(facts), "rep").map(([, state]) => state), [
    "unknown",
    "unknown",
    "unknown",
  ]);
});

Deno.test("what has changed has the time at which it was seen, and one change is named", async () => {
  const change = async (from: Parameters<typeof factsOf>[0], to: Parameters<typeof factsOf>[0]) => {
    const before = drawCluster(await factsOf(from));
    const now = drawCluster(await factsOf(to), before);
    return markChanges({ before, now }, LATER);
  };
  const killed = await change({}, { status: "volume_status_brick_killed" });
  assertEquals(killed.last_change, {
    kind: "brick",
    name: "gl2:/bricks/r2",
    what: "disconnected",
    changed_at: LATER,
  });
  const rep = killed.volumes[2];
  assertEquals(rep?.changed_at, LATER);
  assertEquals(rep?.bricks.map(({ changed_at }) => changed_at), [null, LATER, null]);
  const back = await change({ status: "volume_status_brick_killed" }, {});
  assertEquals(back.last_change?.what, "connected");
  const gone = await change({ status: "volume_status_brick_killed" }, {
    pool: "pool_node_down",
    status: "volume_status_node_down",
  });
  assertEquals([gone.last_change?.kind, gone.last_change?.name], ["peer", "gl3"]);
  const started = await change({ info: "volume_info_created", status: "volume_status_none" }, {});
  assertEquals([started.last_change?.name, started.last_change?.what], ["disp", "started"]);
  const created = await change({ info: "volume_info_none", status: "volume_status_none" }, {});
  assertEquals([created.last_change?.name, created.last_change?.what], ["disp", "created"]);
  const deleted = await change({}, { info: "volume_info_none", status: "volume_status_none" });
  assertEquals([deleted.last_change?.name, deleted.last_change?.what], ["disp", "deleted"]);
});

Deno.test("what has not changed keeps its time, and the first picture has none", async () => {
  const first = markChanges({ before: undefined, now: drawCluster(await factsOf()) }, AT);
  assertEquals(first.peers.map(({ changed_at }) => changed_at), [null, null, null]);
  const killed = await factsOf({ status: "volume_status_brick_killed" });
  const second = markChanges({ before: first, now: drawCluster(killed, first) }, AT);
  const third = markChanges({ before: second, now: drawCluster(killed, second) }, LATER);
  assertEquals(third, second);
});
