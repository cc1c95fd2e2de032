import { assert, assertEquals } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import {
  besideRegistry,
  inShort,
  keptAside,
  POOL_NEEDS,
  registryText,
  report,
  sameOn,
  startDaemon,
  startDaemons,
  tell,
  tellAll,
  untilInForce,
  untilPeer,
  untilQuiet,
  untilSame,
} from "./eventing_pool.ts";
import { type GlusterCluster, onCluster } from "./gluster_cluster.ts";
import type { GlusterNode } from "./gluster_node.ts";

const URL = "http://10.77.0.1:9/";

async function add(node: GlusterNode, name: string) {
  return await tell(node, "webhook-add", URL + name, "--name", name);
}

type Pair = readonly [GlusterNode, GlusterNode];

/**
 * Cuts pairs off from each other and waits until they know. Meanwhile no daemon runs: a glusterd that
 * is asked for something before it knows may take the other one for connected for minutes.
 */
async function cutQuietly(cluster: GlusterCluster, pairs: readonly Pair[]): Promise<void> {
  const { nodes } = cluster;
  for (const node of nodes) await node.eventing("stop", "--local");
  for (const node of nodes) await untilQuiet(node);
  const begunMs = performance.now();
  for (const [one, other] of pairs) await cluster.cut(one, other);
  for (const [one, other] of pairs) {
    await untilPeer(one, other, "Disconnected");
    await untilPeer(other, one, "Disconnected");
  }
  report("the cut is noticed after", begunMs);
  await Promise.all(nodes.map(startDaemon));
}

testNeeding(POOL_NEEDS, "both sides of a cut network can be changed", async (context) => {
  await onCluster(3, async (cluster) => {
    const { nodes } = cluster;
    const [one, two, three] = nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    await startDaemons(...nodes);
    await tellAll(one, "webhook-add", `${URL}ops`, "--name", "ops");

    await context.step("two nodes that see a third one both make their changes", async () => {
      await cutQuietly(cluster, [[one, three]]);
      const left = await add(one, "one");
      assertEquals([left.code, left.rows], [4, [
        "gl2 UP OK",
        "gl3 DOWN NOT OK: N/A",
        "localhost UP OK",
      ]], left.said);
      const right = await add(three, "three");
      assertEquals([right.code, right.rows], [4, [
        "gl1 DOWN NOT OK: N/A",
        "gl2 UP OK",
        "localhost UP OK",
      ]], right.said);
      assertEquals(inShort(await sameOn([two, three])).names, ["ops", "one", "three"]);

      await cluster.heal(one, three);
      const begunMs = performance.now();
      const text = await untilSame("gl1 has it too", nodes);
      report("healed, and all have both changes after", begunMs);
      assertEquals(inShort(text), { generation: 3, names: ["ops", "one", "three"] });
      assertEquals(await Promise.all(nodes.map(keptAside)), [[], [], []]);
      await cluster.isConnected();
    });

    await context.step("a node that saw nobody loses or wins, and what lost is kept", async () => {
      // A node without a carrier may take itself for connected for minutes.
      await cutQuietly(cluster, [[one, three], [two, three]]);
      const left = await add(one, "left");
      const right = await add(three, "right");
      assertEquals([left.code, right.code], [4, 4], left.said + right.said);
      const sides = [await sameOn([one, two]), await registryText(three)];

      for (const other of [one, two]) await cluster.heal(other, three);
      const begunMs = performance.now();
      const text = await untilSame("all have one registry", nodes);
      report("healed, and all have one registry after", begunMs);
      assert(sides.includes(text), text);
      const losers = text === sides[1] ? [one, two] : [three];
      for (const node of nodes) {
        const [kept, ...more] = await keptAside(node);
        assertEquals(more, [], node.name);
        assertEquals(kept !== undefined, losers.includes(node), `${node.name} keeps ${kept}`);
        if (kept === undefined) continue;
        const lost = await Deno.readTextFile(besideRegistry(node, kept));
        assert(sides.includes(lost) && lost !== text, lost);
      }
      for (const node of nodes) await untilInForce(node, 4);
    });
  });
});
