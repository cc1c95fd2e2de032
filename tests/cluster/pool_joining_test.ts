import { assert, assertEquals } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import {
  inShort,
  POOL_NEEDS,
  registryText,
  report,
  startDaemon,
  startDaemons,
  tell,
  untilInForce,
  untilSame,
} from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";

const URL = "http://10.77.0.1:9/hook";

testNeeding(POOL_NEEDS, "a node that joins the pool has its registry", async (context) => {
  // One node has no peer yet: what happens in a pool of one, of two and of three differs.
  await onCluster(1, async (cluster) => {
    const one = cluster.node(1);
    await startDaemons(one);
    const alone = await tell(one, "webhook-add", URL, "--name", "ops");
    assertEquals([alone.code, alone.rows], [0, ["localhost UP OK"]], alone.said);
    const given = await registryText(one);
    assertEquals(inShort(given).names, ["ops"]);

    const cases = [
      "whose daemon runs already, in a pool of two",
      "whose daemon runs already, in a pool of three",
      "whose daemon is started after it joined",
    ];
    for (const [at, what] of cases.entries()) {
      await context.step(`a node ${what}`, async () => {
        const node = await cluster.addNode();
        await node.installByHand();
        const isEarly = at < 2;
        if (isEarly) await startDaemon(node);
        let begunMs = performance.now();
        await cluster.probe(node);
        if (!isEarly) {
          begunMs = performance.now();
          await startDaemon(node);
        }
        await untilSame(`${node.name} has the registry`, [one, node], (_, text) => text === given);
        report(`${node.name}, ${what}, has the registry after`, begunMs);
        await untilInForce(node, inShort(given).generation);
      });
    }

    await context.step("then all are in step, and a change on the newest reaches all", async () => {
      const newest = cluster.nodes.at(-1);
      assert(newest !== undefined);
      const told = await tell(newest, "webhook-del", "ops");
      assertEquals([told.code, told.rows.length], [0, 4], told.said);
      await untilSame("all have it", cluster.nodes, ({ names }) => names.length === 0);
    });
  });
});
