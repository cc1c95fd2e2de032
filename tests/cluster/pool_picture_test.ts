/**
 * The cluster as a daemon tells it, beside what really is.
 *
 * @module
 */
import type { ClusterAnswer } from "../../src/api/cluster_answer.ts";
import { assertEquals } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import { onCluster } from "./gluster_cluster.ts";
import type { GlusterNode } from "./gluster_node.ts";
import { WatchedNode } from "./watched_node.ts";

const NEEDED = ["binary", "root", "gluster", "namespaces", "overlays"] as const;

/** Asks a daemon for its picture as a page does: again and again, for it asks glusterd itself. */
class Picture {
  readonly #socket: string;

  constructor(node: GlusterNode) {
    this.#socket = `${node.folder}/control.sock`;
  }

  async ask(): Promise<ClusterAnswer> {
    using client = Deno.createHttpClient({ proxy: { transport: "unix", path: this.#socket } });
    const response = await fetch("http://localhost/v1/cluster", { client });
    assertEquals(response.status, 200);
    return await response.json();
  }

  /** Waits until it shows this. */
  async shows(wanted: string): Promise<void> {
    let seen: ClusterAnswer | undefined;
    await until(`the picture shows ${wanted}`, async () => {
      seen = await this.ask();
      return describe(seen) === wanted;
    }, { withinMs: 60_000, seen: () => seen });
  }

  /** Waits until glusterd has confirmed it. */
  async confirmed(): Promise<ClusterAnswer> {
    return await until("glusterd confirms it", async () => {
      const answer = await this.ask();
      return answer.confirmed && answer.problem === null ? answer : undefined;
    }, { withinMs: 60_000 });
  }
}

/** `gv1 started ok: up up`. */
function describe({ volumes }: ClusterAnswer): string {
  return volumes.map(({ name, state, health, bricks }) =>
    `${name} ${state} ${health}: ${bricks.map((brick) => brick.state).join(" ")}`
  ).join("; ");
}

testNeeding(NEEDED, "the picture follows volumes, bricks and peers of a real pool", async () => {
  await onCluster(2, async (cluster) => {
    const [gl1, gl2] = [cluster.node(1), cluster.node(2)];
    await new WatchedNode(gl1).startDaemon();
    const picture = new Picture(gl1);
    const first = await picture.confirmed();
    assertEquals(first.peers.map(({ name, state }) => [name, state]), [["gl1", "up"], [
      "gl2",
      "up",
    ]]);
    const bricks = [gl1, gl2].map(({ name, folder }) => `${name}:${folder}/bricks/b1`);

    await gl1.gluster("volume", "create", "gv1", "replica", "2", ...bricks, "force");
    await picture.shows("gv1 created unknown: unknown unknown");
    await gl1.gluster("volume", "start", "gv1");
    await picture.shows("gv1 started ok: up up");
    assertEquals((await picture.confirmed()).volumes[0]?.type, "Replicate");

    const [brick = 0] = await gl1.pidsOf("glusterfsd");
    Deno.kill(brick, "SIGKILL");
    await picture.shows("gv1 started degraded: down up");
    const { last_change } = await picture.confirmed();
    assertEquals([last_change?.kind, last_change?.name], ["brick", bricks[0]]);
    await gl1.gluster("volume", "start", "gv1", "force");
    await picture.shows("gv1 started ok: up up");

    await gl2.killGlusterd();
    await picture.shows("gv1 started degraded: up down");
    const away = await picture.confirmed();
    assertEquals(away.peers[1]?.state, "down");
    assertEquals(away.volumes[0]?.bricks[1]?.detail, "its node is not connected");
    await gl2.startGlusterd();
    await picture.shows("gv1 started ok: up up");

    await gl1.gluster("volume", "stop", "gv1");
    await picture.shows("gv1 stopped unknown: unknown unknown");
    await gl1.killGlusterd();
    const { problem, volumes } = await until("glusterd is missed", async () => {
      const answer = await picture.ask();
      return answer.problem === null ? undefined : answer;
    });
    assertEquals([problem, volumes.length], ["glusterd on this node is not running", 1]);
  });
});
