import type { ClusterPicture } from "../../src/event/cluster_picture.ts";
import { assertEquals } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import { GlusterNode } from "./gluster_node.ts";
import { RECEIVER_URL, WatchedNode } from "./watched_node.ts";

const NEEDED = ["binary", "root", "gluster", "namespaces", "overlays", "curl"] as const;

/** Volumes with their bricks, in words. */
function show({ volumes }: ClusterPicture): string[] {
  return volumes.map(({ name, state, health, bricks }) =>
    `${name} ${state}, ${health}: ${bricks.map((brick) => brick.state).join(" ")}`
  );
}

testNeeding(NEEDED, "a killed brick is drawn as down, and up again when it is back", async () => {
  await using node = await GlusterNode.make();
  await node.startGlusterd();
  const watched = new WatchedNode(node);
  await watched.startDaemon();
  await watched.startReceiver();
  await watched.addWebhook(RECEIVER_URL);
  const shows = async (wanted: string[]) => {
    let seen: ClusterPicture | undefined;
    await until(`the picture shows ${wanted.join()}`, async () => {
      seen = JSON.parse(await node.must("curl", "-s", `${RECEIVER_URL}v1/cluster`));
      return seen !== undefined && `${show(seen)}` === `${wanted}`;
    }, { withinMs: 30_000, seen: () => seen });
    return seen?.last_change;
  };
  const bricks = ["b1", "b2"].map((name) => `${node.address}:${node.folder}/bricks/${name}`);

  await node.gluster("volume", "create", "gv1", ...bricks, "force");
  await shows(["gv1 created, unknown: unknown unknown"]);
  await node.gluster("volume", "start", "gv1");
  await shows(["gv1 started, ok: up up"]);
  const [pid] = await node.pidsOf("glusterfsd");
  if (pid === undefined) throw new Error("No brick runs");
  Deno.kill(pid, "SIGKILL");
  await until("a brick is down", async () => {
    const picture: ClusterPicture = JSON.parse(
      await node.must("curl", "-s", `${RECEIVER_URL}v1/cluster`),
    );
    return picture.volumes[0]?.health === "degraded";
  });
  await node.gluster("volume", "start", "gv1", "force");
  const change = await shows(["gv1 started, ok: up up"]);
  assertEquals([change?.kind, change?.what], ["brick", "connected"]);
  await node.gluster("volume", "stop", "gv1");
  await shows(["gv1 stopped, unknown: unknown unknown"]);
  await node.gluster("volume", "delete", "gv1");
  await shows([]);
});
