import { EditLease } from "../../src/cluster/edit_lease.ts";
import type { GlusterCommand } from "../../src/cluster/gluster_command.ts";
import {
  type LeaseDeps,
  LeaseError,
  type LeaseRound,
  withLeases,
} from "../../src/cluster/lease_round.ts";
import { NodeRegistry } from "../../src/cluster/node_registry.ts";
import { readPool } from "../../src/cluster/pool.ts";
import { PoolLink } from "../../src/cluster/pool_link.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import type { SimulatedNode } from "../support/simulated_node.ts";
import { SimulatedPool } from "../support/simulated_pool.ts";
import { until } from "../support/until.ts";

/** Waiting takes no time by it. */
function idleClock(): LeaseDeps["clock"] {
  let steadyMs = 0;
  return {
    steadyNow: () => steadyMs,
    sleep: (ms) => {
      steadyMs += ms;
      return Promise.resolve();
    },
  };
}

/** What a command on a node works with; the day stands still. */
async function depsOn(
  pool: SimulatedPool,
  node: SimulatedNode,
  { token = "token", gluster = pool.glusterOn(node), clock = idleClock() } = {},
) {
  const notices: string[] = [];
  const random = () => 0.5;
  const { workdir } = node;
  const link = new PoolLink({
    gluster,
    workdir,
    clock,
    random,
    pool: await readPool({ gluster, workdir }),
  });
  const lease = new EditLease(node.file.path, pool.clock.now);
  const deps: LeaseDeps = {
    here: new NodeRegistry(node.file, lease),
    link,
    clock,
    random,
    newToken: () => token,
    notify: ({ holder }) => notices.push(holder),
  };
  return { deps, lease, notices };
}

/** What the files of all leases hold. */
async function leases({ nodes }: SimulatedPool): Promise<string[]> {
  return await Promise.all(
    nodes.map(({ workdir }) => Deno.readTextFile(`${workdir}/events/.webhooks.toml.lease`)),
  );
}

Deno.test("while something is done, every node holds the lease for it, and none afterwards", async () => {
  await using pool = await SimulatedPool.make(3);
  const { deps } = await depsOn(pool, pool.node(1));
  const answer = await withLeases(deps, async ({ token, replies }) => {
    for (const text of await leases(pool)) assert(text.includes(token), text);
    assertEquals(replies.map(({ node }) => node.host), ["gl2", "gl3"]);
    return 42;
  });
  assertEquals(answer, 42);
  assertEquals(await leases(pool), ["", "", ""]);
});

Deno.test("whatever fails gives all leases back, and is told as it was", async () => {
  await using pool = await SimulatedPool.make(2);
  const { deps } = await depsOn(pool, pool.node(1));
  const work = () => Promise.reject(new RangeError("of the work"));
  await assertRejects(() => withLeases(deps, work), RangeError, "of the work");
  assertEquals(await leases(pool), ["", ""]);
});

Deno.test("a command that does not end is waited for, named once, and given up", async () => {
  await using pool = await SimulatedPool.make(2);
  const [one, other] = [pool.node(1), pool.node(2)];
  const { deps, notices } = await depsOn(pool, one);
  const { lease } = await depsOn(pool, other);
  let never = 0;
  // It has its lease again whenever this one looks.
  const sleep = async (ms: number, signal: AbortSignal) => {
    await lease.acquire({ token: "other", node: other.uuid });
    await deps.clock.sleep(ms, signal);
  };
  await lease.acquire({ token: "other", node: other.uuid });
  const stubborn = { ...deps, clock: { ...deps.clock, sleep } };
  const work = () => Promise.resolve(never++);
  await assertRejects(
    () => withLeases(stubborn, work),
    LeaseError,
    "another command on gl2 has been",
  );
  assertEquals([never, notices], [0, ["gl2"]]);
  await lease.release("other");
  assertEquals(await leases(pool), ["", ""], "it is not in the way of others either");
});

Deno.test("nodes that cannot be reached are not waited for", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(2).faults.isDown = true;
  const { deps } = await depsOn(pool, pool.node(1));
  const replies = await withLeases(deps, (round) => Promise.resolve(round.replies));
  assertEquals(replies.map(({ answer }) => answer.ok), [false, true]);
});

Deno.test("of two commands on one node the one without its lease gives way at once", async () => {
  await using pool = await SimulatedPool.make(3);
  const node = pool.node(1);
  const { clock } = pool;
  clock.stopDay();
  const own = new EditLease(node.file.path, pool.clock.now);
  const before = { token: "before", node: node.uuid };
  const first = { token: "first", node: node.uuid };
  let hasAsked = false;
  const gluster: GlusterCommand = async (args) => {
    if (!args.includes("lease") || hasAsked) return await pool.glusterOn(node)(args);
    // A third one has given back the leases of all other nodes, but not yet that of this one.
    await own.acquire(before);
    const result = await pool.glusterOn(node)(args);
    await own.release(before.token);
    await own.release("second");
    await own.acquire(first);
    hasAsked = true;
    return result;
  };
  const { deps: second } = await depsOn(pool, node, { token: "second", gluster, clock });
  const done: string[] = [];
  const work = ({ token }: LeaseRound) => Promise.resolve(done.push(token));
  const ending = withLeases(second, work);
  await until("the second one has asked", () => hasAsked);
  const { deps } = await depsOn(pool, node, { token: first.token, clock });
  await Promise.all([ending, withLeases(deps, work)]);
  assertEquals(done, ["first", "second"]);
});
