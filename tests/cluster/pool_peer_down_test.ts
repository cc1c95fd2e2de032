import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import type { ProgramResult } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import {
  inShort,
  PATIENCE_MS,
  POOL_NEEDS,
  readBeside,
  registryText,
  report,
  startDaemons,
  tell,
  untilInForce,
  untilPeer,
  untilQuiet,
  untilSame,
} from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";
import type { GlusterNode } from "./gluster_node.ts";

const URL = "http://10.77.0.1:9/hook";

/** Changes that a node misses, and what then is in its registry. */
const MISSED: readonly (readonly [string, RegExp])[] = [
  [`webhook-add ${URL} --name ops`, /^name = "ops"$/m],
  ["webhook-mod ops --timeout 7s", /^timeout = "7s"$/m],
  ["webhook-del ops", /^(?![^]*name = )/],
];

/** A place in the middle of a command, told by what is beside the registry of a peer. */
interface Middle {
  readonly what: string;
  readonly file: string;
  readonly says: RegExp;
}

const HAS_LEASE: Middle = {
  what: "has given the lease",
  file: ".webhooks.toml.lease",
  says: /"held":/,
};
const HAS_OFFER: Middle = {
  what: "has got the offer",
  file: ".webhooks.toml.offer",
  says: /^# offered/,
};

/** Starts a command and kills the glusterd of a node in the middle. */
async function killInTheMiddle(
  one: GlusterNode,
  words: readonly string[],
  { peer, middle, victim }: { peer: GlusterNode; middle: Middle; victim: GlusterNode },
): Promise<ProgramResult> {
  // What the command before has left there does not count.
  const before = await readBeside(peer, middle.file);
  let isOver = false;
  const command = one.eventing(...words).finally(() => isOver = true);
  let seen = "";
  await until(`${peer.name} ${middle.what}`, async () => {
    seen = await readBeside(peer, middle.file);
    return isOver || (seen !== before && middle.says.test(seen));
  }, { withinMs: PATIENCE_MS, seen: () => seen });
  await victim.killGlusterd();
  return await command;
}

testNeeding(POOL_NEEDS, "a node whose glusterd was down catches up by itself", async (context) => {
  await onCluster(3, async (cluster) => {
    const { nodes } = cluster;
    const [one, two, three] = nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    await startDaemons(...nodes);

    for (const [line, wanted] of MISSED) {
      await context.step(`it misses: ${line}`, async () => {
        const before = await registryText(three);
        await untilQuiet(three);
        await three.killGlusterd();
        await untilPeer(one, three, "Disconnected");
        const told = await tell(one, ...line.split(" "));
        assertEquals([told.code, told.rows], [4, [
          "gl2 UP OK",
          "gl3 DOWN NOT OK: N/A",
          "localhost UP OK",
        ]], told.said);
        assertMatch(await registryText(two), wanted);
        assertEquals(await registryText(three), before, "gl3 cannot have got it");

        await three.startGlusterd();
        const begunMs = performance.now();
        const text = await untilSame("gl3 has caught up", nodes);
        report("glusterd is back, and gl3 has the change after", begunMs);
        assertMatch(text, wanted);
        await untilInForce(three, inShort(text).generation);
        await cluster.isConnected();
      });
    }

    const deaths = [
      { middle: HAS_LEASE, peer: three, victim: three },
      { middle: HAS_OFFER, peer: three, victim: three },
      { middle: HAS_LEASE, peer: three, victim: one },
      { middle: HAS_OFFER, peer: three, victim: one },
    ];
    for (const [at, death] of deaths.entries()) {
      const { middle, peer, victim } = death;
      const what = `glusterd of ${victim.name} dies when ${peer.name} ${middle.what}`;
      await context.step(what, async () => {
        for (const node of nodes) await untilQuiet(node);
        const before = inShort(await untilSame("all is well", nodes));
        const name = `death-${at}`;
        const words = ["webhook-add", URL + at, "--name", name];
        const begunMs = performance.now();
        const { code, stdout, stderr } = await killInTheMiddle(one, words, death);
        report(`${what}: exit ${code} after`, begunMs);
        const said = stdout + stderr;
        assert([0, 1, 3, 4, 8].includes(code), `exit ${code}: ${said}`);
        if (code !== 0) assertMatch(said, /NOT OK: .|^hint: /m);
        assert(!/Unexpected|^ +at /m.test(said), said);

        await victim.startGlusterd();
        await cluster.isConnected();
        const backMs = performance.now();
        const isMade = /^Added/.test(said);
        const names = isMade ? [...before.names, name] : before.names;
        const text = await untilSame(
          `all nodes have ${isMade ? "the change" : "what they had"}`,
          nodes,
          (registry) => registry.names.join() === names.join(),
        );
        report(`${victim.name} is back, and all nodes have one registry after`, backMs);
        for (const node of nodes) await untilInForce(node, inShort(text).generation);
      });
    }
  });
});
