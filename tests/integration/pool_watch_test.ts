import type { PoolRegistry } from "../../src/cluster/pool_registry.ts";
import { PoolWatch } from "../../src/daemon/pool_watch.ts";
import { addWebhook } from "../../src/registry/changes.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { keepLog } from "../support/log_lines.ts";
import { ManualClock } from "../support/manual_clock.ts";
import type { SimulatedNode } from "../support/simulated_node.ts";
import { SimulatedPool } from "../support/simulated_pool.ts";
import { until } from "../support/until.ts";

/** Watches on a node, and counts how often it looks at the pool, at which times of its clock. */
function watchOn(
  pool: SimulatedPool,
  node: SimulatedNode,
  openPool: () => Promise<PoolRegistry | undefined> = () => pool.open(node),
) {
  const clock = new ManualClock();
  const startMs = clock.steadyNow();
  const { logger, lines } = keepLog();
  const looks: number[] = [];
  const taken = { times: 0 };
  const watch = new PoolWatch({
    file: node.file,
    openPool: () => {
      looks.push(clock.steadyNow() - startMs);
      return openPool();
    },
    onTaken: () => Promise.resolve(taken.times++),
    clock,
    random: () => 0.5,
    logger,
  });
  return {
    watch,
    clock,
    lines,
    looks,
    taken,
    /** Waits until it has looked so often and sleeps. */
    async looked(times: number): Promise<void> {
      await until(
        `it has looked ${times} times`,
        () => looks.length >= times && clock.sleeping > 0,
        {
          seen: () => ({ looks, lines }),
        },
      );
    },
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

async function editOn(pool: SimulatedPool, number: number, name: string): Promise<void> {
  const registry = await pool.open(pool.node(number));
  await registry.edit((current) => addWebhook(current, `http://${name}/`, {}));
}

async function sameEverywhere({ nodes }: SimulatedPool): Promise<boolean> {
  return new Set(await Promise.all(nodes.map((node) => node.text()))).size === 1;
}

Deno.test("a node that starts takes over what it missed, and looks no more", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(3).faults.isDown = true;
  await editOn(pool, 1, "a");
  pool.heal();
  await using watched = watchOn(pool, pool.node(3));
  await watched.looked(1);
  assertEquals([await sameEverywhere(pool), watched.taken.times], [true, 1]);
  assertEquals(watched.lines, [
    "INFO    this node was behind, a newer registry is taken over generation=1 from=gl1",
  ]);
  await watched.clock.pass(3_600_000);
  assertEquals(watched.looks.length, 1);
});

Deno.test("a pool in which nobody has a registry yet is in step", async () => {
  await using pool = await SimulatedPool.make(2);
  await using watched = watchOn(pool, pool.node(1));
  await watched.looked(1);
  await watched.clock.pass(3_600_000);
  assertEquals([watched.lines, watched.looks.length], [[], 1]);
});

Deno.test("a file that is not that of a pool is left alone", async () => {
  await using pool = await SimulatedPool.make(2);
  await using watched = watchOn(pool, pool.node(1), () => Promise.resolve(undefined));
  await watched.looked(1);
  watched.watch.registryChanged();
  await watched.clock.pass(3_600_000);
  assertEquals(watched.lines, []);
});

Deno.test("peers that connect in one moment make for one look", async () => {
  await using pool = await SimulatedPool.make(3);
  await using watched = watchOn(pool, pool.node(1));
  await watched.looked(1);
  for (let peer = 0; peer < 5; peer++) {
    watched.watch.peerConnected();
    await watched.clock.pass(50);
  }
  await watched.clock.pass(2000);
  await watched.looked(2);
  assertEquals(watched.looks, [0, 1000]);
});

Deno.test("a peer that connects while a look is at work makes for another one", async () => {
  await using pool = await SimulatedPool.make(2);
  const gate = Promise.withResolvers<void>();
  await using watched = watchOn(pool, pool.node(1), async () => {
    await gate.promise;
    return await pool.open(pool.node(1));
  });
  await until("it looks", () => watched.looks.length === 1);
  watched.watch.peerConnected();
  gate.resolve();
  await watched.looked(1);
  await watched.clock.pass(1000);
  await watched.looked(2);
  assertEquals(watched.looks, [0, 1000]);
});

Deno.test("a change of its own is looked after later, unless all nodes are known to have it", async () => {
  await using pool = await SimulatedPool.make(2);
  await using watched = watchOn(pool, pool.node(1));
  await watched.looked(1);
  await editOn(pool, 1, "a");
  watched.watch.registryChanged();
  await watched.clock.pass(60_000);
  assertEquals(watched.looks.length, 1);
  pool.node(2).faults.isDown = true;
  await editOn(pool, 1, "b");
  watched.watch.registryChanged();
  await watched.clock.pass(44_000);
  assertEquals(watched.looks.length, 1);
  await watched.clock.pass(1000);
  await watched.looked(2);
});

Deno.test("what stands for no look as long as all is well does not call off one that is due", async () => {
  await using pool = await SimulatedPool.make(2);
  await using watched = watchOn(pool, pool.node(1));
  await watched.looked(1);
  watched.watch.peerConnected();
  watched.watch.registryChanged();
  await watched.clock.pass(1000);
  await watched.looked(2);
});

Deno.test("trouble is told of once, and looked at again less and less often", async () => {
  await using pool = await SimulatedPool.make(2);
  await using watched = watchOn(pool, pool.node(1), () => Promise.reject(new Error("no way")));
  for (let look = 1; look <= 12; look++) {
    await watched.looked(look);
    await watched.clock.advanceToNextSleeper();
  }
  assertEquals(watched.lines.length, 1, watched.lines.join("\n"));
  assertMatch(watched.lines[0] ?? "", /^WARNING .*not be brought in step .* error="no way"$/);
  const gaps = watched.looks.map((atMs, at) => atMs - (watched.looks[at - 1] ?? 0)).slice(1, 12);
  const doubled = [2, 4, 8, 16, 32, 64, 128, 256].map((seconds) => seconds * 1000);
  assertEquals(gaps, [...doubled, 300_000, 300_000, 300_000]);
});

Deno.test("other trouble, and the same after all was well, is told of again", async () => {
  await using pool = await SimulatedPool.make(2);
  const ends = ["one", "one", "two", "", "two"];
  await using watched = watchOn(pool, pool.node(1), () => {
    const error = ends.shift() ?? "";
    return error === "" ? Promise.resolve(undefined) : Promise.reject(new Error(error));
  });
  for (let look = 1; look <= 4; look++) {
    await watched.looked(look);
    if (look < 4) await watched.clock.advanceToNextSleeper();
  }
  watched.watch.peerConnected();
  await watched.clock.pass(1000);
  await watched.looked(5);
  assertEquals(watched.lines.map((line) => /error=(\S+)/.exec(line)?.[1]), ["one", "two", "two"]);
});

Deno.test("while glusterd is down here it looks again, without a word", async () => {
  await using pool = await SimulatedPool.make(2);
  pool.node(1).faults.isDown = true;
  await using watched = watchOn(pool, pool.node(1));
  await watched.looked(1);
  await watched.clock.pass(2000);
  await watched.looked(2);
  pool.node(1).faults.isDown = false;
  await watched.clock.pass(4000);
  await watched.looked(3);
  await watched.clock.pass(3_600_000);
  assertEquals([watched.looks.length, watched.lines], [3, []]);
});

Deno.test("a peer that connects makes the next look soon, however long the trouble lasted", async () => {
  await using pool = await SimulatedPool.make(2);
  await using watched = watchOn(pool, pool.node(1), () => Promise.reject(new Error("no way")));
  for (let look = 1; look <= 8; look++) {
    await watched.looked(look);
    if (look < 8) await watched.clock.advanceToNextSleeper();
  }
  watched.watch.peerConnected();
  await watched.clock.pass(1000);
  await watched.looked(9);
  await watched.clock.pass(2000);
  await watched.looked(10);
});

Deno.test("a node that stays behind is helped, one that catches up by itself is not", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(3).faults.isDown = true;
  await editOn(pool, 1, "a");
  pool.heal();
  await using watched = watchOn(pool, pool.node(2));
  await watched.looked(1);
  assertEquals(await pool.node(3).text(), "");
  await watched.clock.pass(7500);
  await watched.looked(2);
  await until("it is helped", () => sameEverywhere(pool));
  await watched.clock.pass(3_600_000);
  const before = pool.calls.length;
  pool.node(3).faults.isDown = true;
  await editOn(pool, 1, "b");
  pool.heal();
  watched.watch.peerConnected();
  await watched.clock.pass(1000);
  const looks = watched.looks.length;
  await watched.looked(looks);
  await (await pool.open(pool.node(3))).pull();
  await watched.clock.pass(7500);
  await watched.looked(looks + 1);
  await watched.clock.pass(3_600_000);
  const copies = pool.calls.slice(before).filter((call) =>
    call[0] === pool.node(2).host && call.includes("copy")
  );
  assertEquals(copies, []);
});

Deno.test("what a newer registry of another node replaces is named in the log", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  await pool.node(2).writeByHand("# mine\n");
  await editOn(pool, 1, "b");
  await pool.node(2).writeByHand("# mine\ngeneration = 1\n");
  await using watched = watchOn(pool, pool.node(2));
  await watched.looked(1);
  assertEquals(watched.lines.length, 2, watched.lines.join("\n"));
  assertStringIncludes(watched.lines[1] ?? "", "no other node had, it is kept");
  assert((await pool.node(2).keptAside()).includes("# mine\ngeneration = 1\n"));
});

Deno.test("a watch that is disposed of in the middle of a look ends after it", async () => {
  await using pool = await SimulatedPool.make(2);
  const gate = Promise.withResolvers<void>();
  const watched = watchOn(pool, pool.node(1), async () => {
    await gate.promise;
    return undefined;
  });
  await until("it looks", () => watched.looks.length === 1);
  const ended = watched[Symbol.asyncDispose]();
  watched.watch.peerConnected();
  gate.resolve();
  await ended;
  assertEquals(watched.clock.sleeping, 0);
});

Deno.test("a watch that is disposed of does not wait for a glusterd that does not answer", async () => {
  await using pool = await SimulatedPool.make(2);
  const watched = watchOn(pool, pool.node(1), () => new Promise(() => {}));
  await until("it looks", () => watched.looks.length === 1);
  let isEnded = false;
  const ended = watched[Symbol.asyncDispose]().then(() => isEnded = true);
  await watched.clock.pass(1500);
  assertEquals(isEnded, false);
  await watched.clock.pass(500);
  await ended;
});
