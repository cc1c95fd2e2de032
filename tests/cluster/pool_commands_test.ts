import { eventTypeByName } from "../../src/event/catalog.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import {
  inShort,
  POOL_NEEDS,
  registryText,
  report,
  sameOn,
  startDaemons,
  tell,
  tellAll,
} from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";
import type { GlusterNode } from "./gluster_node.ts";

const URL = "http://10.77.0.1:9000/hook";

/** What changes nothing: the words, the exit code and what the error names. */
const REFUSED: readonly (readonly [string, number, RegExp])[] = [
  [`webhook-add ${URL}`, 5, /exists/],
  ["webhook-add http://10.77.0.1:9000/x --name ops", 5, /ops/],
  ["webhook-mod http://10.77.0.1:9000/other --timeout 3s", 6, /other/],
  ["webhook-del nobody", 6, /nobody/],
  ["webhook-pause nobody", 6, /nobody/],
  ["webhook-resume nobody", 6, /nobody/],
  ["webhook-mod ops --timeout loud", 7, /loud/],
  ["webhook-add ftp://10.77.0.1/ --name ftp", 7, /ftp/],
  ["config-set log-level loud", 7, /loud/],
  ["config-set no-such-key 1", 7, /no-such-key/],
  ["config-set log-level DEBUG", 2, /DEBUG/],
  ["config-reset timeout", 2, /timeout/],
  ["config-reset no-such-key", 7, /no-such-key/],
];

/** Sends what `gluster volume start` would, without taking the time that starting a program takes. */
async function emit(node: GlusterNode): Promise<void> {
  const { index } = eventTypeByName("VOLUME_START") ?? { index: 0 };
  const datagram = `${Math.floor(Date.now() / 1000)} ${index} name=${node.name}`;
  await node.must("bash", "-c", 'printf %s "$1" >/dev/udp/::1/55555', "bash", datagram);
}

testNeeding(POOL_NEEDS, "every command reaches every node of a pool", async (context) => {
  await onCluster(3, async ({ nodes }) => {
    const [one, two, three] = nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    await startDaemons(...nodes);
    const file = `${one.folder}/received.jsonl`;
    const hook = one.startEventing("serve-test-hook", "--json", "--port", "9000", "--output", file);
    await hook.shows(/Listening/);

    await context.step("a webhook added on one node is posted to by all", async () => {
      const { output, error } = await tellAll(one, "webhook-add", URL, "--name", "ops");
      const addedMs = performance.now();
      assertEquals({ output, error }, {
        output: ["gl2", "gl3", "localhost"].map((node) => (
          { node, node_status: "UP", sync_status: "OK", error: "" }
        )),
        error: "",
      });
      await Promise.all(nodes.map(emit));
      let text = "";
      await until("the events of all nodes arrive", async () => {
        text = await Deno.readTextFile(file).catch(() => "");
        return nodes.every(({ name }) => text.includes(`"name":"${name}"`));
      }, { seen: () => text });
      report("all nodes deliver after", addedMs);
      assertEquals(inShort(await sameOn(nodes)), { generation: 1, names: ["ops"] });
    });

    await context.step("a person gets a table", async () => {
      const { code, stdout, stderr } = await two.eventing("webhook-mod", "ops", "--retry-for=1h");
      assertEquals([code, stderr], [0, ""]);
      assertMatch(stdout, /^NODE +NODE STATUS +SYNC STATUS *\n/m);
      for (const node of ["gl1", "gl3", "localhost"]) {
        assertMatch(stdout, new RegExp(`^${node} +UP +OK *$`, "m"));
      }
      assert(!stdout.includes("gl2"), stdout);
    });

    await context.step("each change is the same on all nodes afterwards", async () => {
      const changes: readonly (readonly [GlusterNode, string, RegExp])[] = [
        [three, "webhook-mod ops --bearer_token=T1 --rate 10/s", /^bearer-token = "T1"$/m],
        [one, "webhook-pause ops", /^paused = true$/m],
        [two, "webhook-resume ops", /^generation = 5$/m],
        [three, "config-set log-level DEBUG", /^log-level = "DEBUG"$/m],
        [one, "config-set timeout 7s", /^timeout = "7s"$/m],
        [two, "config-reset timeout", /^generation = 8$/m],
        [three, "webhook-add http://10.77.0.1:9000/second --name second", /^name = "second"$/m],
      ];
      for (const [node, line, wanted] of changes) {
        await tellAll(node, ...line.split(" "));
        assertMatch(await sameOn(nodes, line), wanted, line);
      }
    });

    await context.step("what cannot be changes nothing anywhere", async () => {
      const before = await sameOn(nodes);
      for (const [line, code, wanted] of REFUSED) {
        const node = line.length % 2 === 0 ? one : two;
        const told = await tell(node, ...line.split(" "));
        assertEquals(told.code, code, told.said);
        assertMatch(told.error, wanted, told.said);
      }
      const paused = ["webhook-pause", "second"];
      await tellAll(three, ...paused);
      assertEquals((await tell(two, ...paused)).code, 2);
      await tellAll(three, "webhook-resume", "second");
      assertEquals((await tell(two, "webhook-resume", "second")).code, 2);
      const after = await sameOn(nodes);
      assertEquals(after.replace(/^generation.*/m, ""), before.replace(/^generation.*/m, ""));
      assertEquals(inShort(after).generation, inShort(before).generation + 2);
    });

    await context.step("reload, status, sync and webhook-list tell of all nodes", async () => {
      await tellAll(two, "reload");
      const before = await registryText(one);
      await tellAll(three, "sync");
      assertEquals(await sameOn(nodes), before, "a sync that was not needed changes something");
      const status = await tellAll(one, "status");
      const { webhooks, data } = status.output as {
        webhooks: { name: string; delivered: number }[];
        data: { node: string; registry: { generation: number; byHand: boolean } }[];
      };
      assertEquals(webhooks.map(({ name }) => name), ["ops", "second"], status.said);
      assert((webhooks[0]?.delivered ?? 0) >= 3, status.said);
      const { generation } = inShort(before);
      assertEquals(
        data.map(({ registry }) => [registry.generation, registry.byHand]),
        nodes.map(() => [generation, false]),
        status.said,
      );
      const list = await tell(two, "webhook-list");
      assertEquals(list.code, 0);
      assertEquals(
        (list.output as { name: string }[]).map(({ name }) => name),
        ["ops", "second"],
        list.said,
      );
    });

    await context.step("what is deleted on one node is gone on all", async () => {
      await tellAll(three, "webhook-del", URL);
      await tellAll(two, "webhook-del", "second");
      assertEquals(inShort(await sameOn(nodes)).names, []);
      const status = await tellAll(one, "status");
      assertEquals((status.output as { webhooks: unknown }).webhooks, [], status.said);
      await tellAll(one, "config-reset", "all");
      await sameOn(nodes);
    });
  });
});
