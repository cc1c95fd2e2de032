import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import {
  inShort,
  POOL_NEEDS,
  registryText,
  report,
  startDaemons,
  tell,
  tellAll,
  untilInForce,
  untilPeer,
  untilQuiet,
  untilSame,
} from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";

const URL = "http://10.77.0.1:9/hook";
const ROWS = ["gl2 DOWN NOT OK: N/A", "gl3 DOWN NOT OK: N/A", "localhost UP OK"];

testNeeding(
  POOL_NEEDS,
  "without a glusterd of its own a node is changed alone",
  async (context) => {
    await onCluster(3, async ({ nodes }) => {
      const [one, two, three] = nodes;
      assert(one !== undefined && two !== undefined && three !== undefined);
      await startDaemons(...nodes);
      await tellAll(one, "webhook-add", URL, "--name", "ops");
      const before = await registryText(two);
      for (const node of nodes) await untilQuiet(node);
      await one.killGlusterd();
      await untilPeer(two, one, "Disconnected");

      const changes: readonly (readonly [string, number])[] = [
        [`webhook-add ${URL}2 --name second`, 8],
        ["webhook-mod second --timeout 7s", 8],
        ["config-set timeout 9s", 9],
        ["webhook-del ops", 8],
      ];
      for (const [line, code] of changes) {
        await context.step(`${line} is made here and exits ${code}`, async () => {
          const told = await tell(one, ...line.split(" "));
          assertEquals(told.code, code, told.said);
          const shown = told.rows.map((row) => row.replace(/DOWN NOT OK: .+/, "DOWN NOT OK: N/A"));
          assertEquals(shown, ROWS, told.said);
          assertEquals(await registryText(two), before);
        });
      }
      await context.step("status and webhook-list still tell of this node", async () => {
        const status = await one.eventing("status");
        assertEquals(status.code, 4, status.stdout + status.stderr);
        assertMatch(status.stdout, /^gl2 +DOWN +NOT OK/m);
        assertMatch(status.stdout, /^localhost +UP +OK/m);
        const list = await tell(one, "webhook-list");
        assertEquals((list.output as { name: string }[]).map(({ name }) => name), ["second"]);
        await untilInForce(one, 5);
      });

      await context.step(
        "with its glusterd the others get all of it, without a command",
        async () => {
          const mine = await registryText(one);
          await one.startGlusterd();
          const begunMs = performance.now();
          const text = await untilSame("all have it", nodes);
          report("all nodes have it after", begunMs);
          assertEquals(text, mine);
          assertEquals(inShort(text), { generation: 5, names: ["second"] });
          for (const node of nodes) await untilInForce(node, 5);
        },
      );
    });
  },
);
