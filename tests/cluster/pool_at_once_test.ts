import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import {
  inShort,
  PATIENCE_MS,
  POOL_NEEDS,
  readBeside,
  registryText,
  report,
  sameOn,
  startDaemons,
  tell,
  type Told,
  untilInForce,
  untilSame,
} from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";

const URL = "http://10.77.0.1:9/hook";
/** Each takes five seconds; simulated pools try many more (`tests/integration/pool_random_test.ts`). */
const PAIRS = 20;

/** Whether a command was done; one that was not has to say plainly why. */
function wasDone(told: Told): boolean {
  if (told.code === 0) return true;
  assertEquals([told.code, told.rows], [1, []], told.said);
  assertMatch(told.error, /^Cannot change the registry: another command on gl\d/, told.said);
  return false;
}

testNeeding(POOL_NEEDS, "changes at the same time become one registry", async (context) => {
  await onCluster(3, async ({ nodes }) => {
    const [one, two, three] = nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    await startDaemons(...nodes);

    await context.step(`two on two nodes, ${PAIRS} times`, async () => {
      const begunMs = performance.now();
      const wanted: string[] = [];
      let refused = 0;
      for (let pair = 1; pair <= PAIRS; pair++) {
        const names = [`one-${pair}`, `two-${pair}`];
        const told = await Promise.all(
          [one, two].map((node, at) =>
            tell(node, "webhook-add", `${URL}${pair}/${at}`, "--name", names[at] ?? "")
          ),
        );
        const done = told.map(wasDone);
        wanted.push(...names.filter((_, at) => done[at]));
        refused += done.filter((isDone) => !isDone).length;
        const said = told.map((one) => one.said).join("\n");
        const { generation, names: there } = inShort(await sameOn(nodes, said));
        assertEquals(there.toSorted(), wanted.toSorted(), said);
        assertEquals(generation, wanted.length, said);
      }
      report(`${PAIRS} pairs, of which ${refused} commands were refused`, begunMs);
      for (const node of nodes) await untilInForce(node, wanted.length);
    });

    await context.step("three on one node", async () => {
      const before = inShort(await registryText(one));
      const names = ["a", "b", "c"];
      const told = await Promise.all(
        names.map((name) => tell(three, "webhook-add", `${URL}/${name}`, "--name", name)),
      );
      const added = names.filter((_, at) => wasDone(told[at] as Told));
      const { generation, names: there } = inShort(await sameOn(nodes));
      assertEquals(there.slice(before.names.length).toSorted(), added);
      assertEquals(generation, before.generation + added.length);
    });

    await context.step("the one after a command that was killed waits, and is done", async () => {
      const before = inShort(await registryText(one));
      const killed = one.startEventing("webhook-add", `${URL}/killed`, "--name", "killed");
      let lease = "";
      await until("gl2 has given its lease", async () => {
        lease = await readBeside(two, ".webhooks.toml.lease");
        return lease.includes('"held":');
      }, { withinMs: PATIENCE_MS, seen: () => lease });
      killed.kill("SIGKILL");
      await killed.ended();
      const begunMs = performance.now();
      const { code, stdout, stderr } = await two.eventing(
        ...["webhook-add", `${URL}/after`, "--name", "after"],
      );
      report("the command after the one that was killed is done after", begunMs);
      assertEquals(code, 0, stdout + stderr);
      assertMatch(stderr, /^note: waiting for another command .*, on gl1$/m);
      const text = await untilSame("all have it", nodes, ({ names }) => names.includes("after"));
      const { names } = inShort(text);
      // It may have come as far as to write its change, and then its node kept it.
      const fresh = names.slice(before.names.length).filter((name) => name !== "killed");
      assertEquals(fresh, ["after"], text);
    });
  });
});
