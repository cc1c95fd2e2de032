import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import {
  besideRegistry,
  inShort,
  keptAside,
  PATIENCE_MS,
  POOL_NEEDS,
  registryText,
  sameOn,
  startDaemons,
  tell,
  tellAll,
  untilInForce,
  untilSame,
} from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";
import type { GlusterNode } from "./gluster_node.ts";

const URL = "http://10.77.0.1:9/hook";
const BY_HAND = `\n[[webhook]]\nname = "by-hand"\nurl = "${URL}/by-hand"\n`;

/** Writes the file as an editor would. */
async function edit(node: GlusterNode, change: (text: string) => string): Promise<string> {
  const text = change(await registryText(node));
  await Deno.writeTextFile(besideRegistry(node, "webhooks.toml"), text);
  return text;
}

testNeeding(POOL_NEEDS, "a registry that was edited by hand counts there", async (context) => {
  await onCluster(3, async ({ nodes }) => {
    const [one, two, three] = nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    await startDaemons(...nodes);
    await tellAll(one, "webhook-add", URL, "--name", "ops");
    const given = await sameOn(nodes);

    await context.step("its daemon works with it, and the others keep theirs", async () => {
      const edited = await edit(two, (text) => text + BY_HAND);
      let told = await tell(two, "webhook-list");
      await until("the daemon of gl2 works with both webhooks", async () => {
        told = await tell(two, "status", "--local");
        return (told.output as { webhooks: unknown[] }).webhooks.length === 2;
      }, { withinMs: PATIENCE_MS, seen: () => told });
      // Whatever makes the daemons look at each other does not overwrite it.
      await tellAll(two, "reload");
      assertEquals(await registryText(two), edited);
      assertEquals(await sameOn([one, three]), given);
    });

    await context.step("status names it, on every node", async () => {
      for (const [node, name] of [[one, "gl2"], [two, "localhost"]] as const) {
        const { code, stdout } = await node.eventing("status");
        assertEquals(code, 0, stdout);
        assertMatch(stdout, new RegExp(`^${name}: its registry was edited by hand; .*sync`, "m"));
      }
    });

    await context.step("sync there gives it to all", async () => {
      await tellAll(two, "sync");
      const text = await sameOn(nodes);
      assertEquals(inShort(text), { generation: 2, names: ["ops", "by-hand"] });
      for (const node of nodes) await untilInForce(node, 2);
      assertEquals(await Promise.all(nodes.map(keptAside)), [[], [], []]);
    });

    await context.step("a command there gives what was edited to all too", async () => {
      await edit(two, (text) => text.replace("/by-hand", "/by-both"));
      await tellAll(two, "config-set", "timeout", "7s");
      assertMatch(await sameOn(nodes), /\/by-both"/);
    });

    await context.step("a change elsewhere replaces it, and it is kept aside", async () => {
      const edited = await edit(two, (text) => text.replace("/by-both", "/by-nobody"));
      const { code, stdout, stderr } = await one.eventing("config-set", "timeout", "8s");
      assertEquals(code, 0, stdout + stderr);
      assertMatch(stderr, /^note: gl2 had a registry that no other node had; .*replaced-3-/m);
      assertMatch(await sameOn(nodes), /\/by-both"/);
      const [kept = "none", ...more] = await keptAside(two);
      assertEquals(more, []);
      assertEquals(await Deno.readTextFile(besideRegistry(two, kept)), edited);
    });

    await context.step("what is no TOML changes nothing elsewhere and exits 7 there", async () => {
      const before = await sameOn(nodes);
      const broken = await edit(two, (text) => `${text}[[webhook\n`);
      for (const line of ["config-set timeout 9s", "webhook-del ops", "sync", "reload --local"]) {
        const told = await tell(two, ...line.split(" "));
        assertEquals(told.code, 7, told.said);
        assertMatch(told.error, /TOML/, told.said);
        assertEquals(await registryText(two), broken);
        assertEquals(await sameOn([one, three]), before, line);
      }
      await edit(two, () => before);
      await untilSame("it is mended", nodes);
      await tellAll(two, "sync");
    });
  });
});
