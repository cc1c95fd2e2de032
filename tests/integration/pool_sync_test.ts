import { RegistryConflictError } from "../../src/cluster/pool_registry.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { add, editOn, leasesOf, opened, seenOn, seenOnAll } from "../support/pool_edits.ts";
import { SimulatedPool } from "../support/simulated_pool.ts";

Deno.test("what is edited by hand here goes to all nodes with a sync, or with the next change", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  const byHand = (await pool.node(1).text()).replace("http://a/", "http://hand/");
  await pool.node(1).writeByHand(byHand);
  await (await opened(pool, 2)).pull();
  assertStringIncludes(await pool.node(2).text(), "http://a/");
  const { state, rows } = await (await opened(pool, 1)).sync();
  assertEquals([state.generation, state.byHand], [2, false]);
  assertEquals(rows, [{ node: "gl2", isUp: true }]);
  assertStringIncludes(await pool.node(2).text(), "http://hand/");
});

Deno.test("what was edited by hand there is kept there when a sync replaces it", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  const byHand = (await pool.node(2).text()).replace("http://a/", "http://hand/");
  await pool.node(2).writeByHand(byHand);
  const { notes } = await (await opened(pool, 1)).sync();
  assertEquals(await pool.node(2).keptAside(), [byHand]);
  assert(notes.some((note) => note.startsWith("gl2 had a registry that no other")), `${notes}`);
  assertEquals(await pool.node(2).text(), await pool.node(1).text());
});

Deno.test("a sync refuses what was edited by hand on top of an old one, unless it is forced", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  pool.node(1).faults.side = 1;
  await editOn(pool, 2, "b");
  const byHand = (await pool.node(1).text()).replace("http://a/", "http://hand/");
  await pool.node(1).writeByHand(byHand);
  pool.heal();
  const registry = await opened(pool, 1);
  await assertRejects(() => registry.sync(), RegistryConflictError, "gl2 has generation 2");
  assertEquals(await leasesOf(pool), [{}, {}]);
  const { state } = await registry.sync({ isForced: true });
  assertEquals(state.generation, 3);
  assertEquals(await seenOnAll(pool), ["3 a", "3 a"]);
});

Deno.test("a sync of nodes that are in step writes nothing", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  const { ino } = await Deno.stat(pool.node(1).file.path);
  const { rows, state } = await (await opened(pool, 2)).sync();
  assertEquals([state.generation, rows.map(({ error }) => error)], [1, [undefined]]);
  assertEquals((await Deno.stat(pool.node(1).file.path)).ino, ino);
});

Deno.test("of two changes made while nodes were cut off one stays, and the other is kept aside", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  pool.node(2).faults.side = 1;
  await editOn(pool, 1, "b");
  await editOn(pool, 2, "c");
  pool.heal();
  for (const node of pool.nodes) await (await pool.open(node)).pull();
  const [first, second] = await seenOnAll(pool);
  assertEquals(first, second);
  const kept = (await Promise.all(pool.nodes.map((node) => node.keptAside()))).flat();
  assertEquals(kept.length, 1);
  assertStringIncludes(kept.join(), first === "2 a b" ? "http://c/" : "http://b/");
});

Deno.test("a change that a longer history of others replaces is kept aside", async () => {
  await using pool = await SimulatedPool.make(3);
  await editOn(pool, 1, "a");
  pool.node(1).faults.side = 1;
  await editOn(pool, 1, "lost");
  await editOn(pool, 2, "b");
  await editOn(pool, 2, "c");
  pool.heal();
  await (await opened(pool, 1)).pull();
  assertEquals(await seenOnAll(pool), ["3 a b c", "3 a b c", "3 a b c"]);
  const kept = await pool.node(1).keptAside();
  assertEquals(kept.length, 1);
  assertStringIncludes(kept.join(), "http://lost/");
});

Deno.test("what came to all others before it was replaced is not kept", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(3).faults.isDown = true;
  for (const [at, name] of ["a", "b", "c", "d"].entries()) await editOn(pool, at % 2 + 1, name);
  pool.heal();
  await (await opened(pool, 3)).pull();
  const kept = await Promise.all(pool.nodes.map((node) => node.keptAside()));
  assertEquals(kept, [[], [], []]);
});

Deno.test("a node that had a registry of its own when it joined keeps it aside", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  await editOn(pool, 1, "b");
  const late = await pool.addNode();
  await pool.detach(late);
  await (await pool.open(late)).edit(add("own"));
  await pool.attach(late);
  await (await pool.open(late)).pull();
  assertEquals(await seenOnAll(pool), ["2 a b", "2 a b", "2 a b"]);
  assertStringIncludes((await late.keptAside()).join(), "http://own/");
});

Deno.test("a node that was taken out of the pool is neither asked nor given anything", async () => {
  await using pool = await SimulatedPool.make(3);
  await editOn(pool, 1, "a");
  await pool.detach(pool.node(3));
  const { rows } = await editOn(pool, 1, "b");
  assertEquals(rows, [{ node: "gl2", isUp: true }]);
  assertEquals(await pool.node(1).file.isConfirmed(), true);
  await editOn(pool, 3, "c");
  assertEquals(await seenOnAll(pool), ["2 a b", "2 a b"]);
  assertEquals(await seenOn(pool.node(3)), "2 a c");
});

Deno.test("a look takes over what is newer, and tells how the pool is", async () => {
  await using pool = await SimulatedPool.make(3);
  await editOn(pool, 1, "a");
  pool.node(3).faults.isDown = true;
  await editOn(pool, 1, "b");
  const away = await (await opened(pool, 1)).pull();
  assertEquals([away.isComplete, away.isEverywhere, away.isAhead], [true, false, false]);
  pool.heal();
  const ahead = await (await opened(pool, 1)).pull();
  assertEquals([ahead.taken, ahead.isEverywhere, ahead.isAhead], [undefined, false, true]);
  const behind = await (await opened(pool, 3)).pull();
  assertEquals(behind.taken?.generation, 2);
  assertEquals([behind.isEverywhere, behind.isAhead], [true, false]);
});

Deno.test("a node that stays behind is given what it misses", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(3).faults.isDown = true;
  await editOn(pool, 1, "a");
  pool.heal();
  await (await opened(pool, 2)).spread();
  assertEquals(await seenOnAll(pool), ["1 a", "1 a", "1 a"]);
  const before = pool.calls.length;
  await (await opened(pool, 2)).spread();
  assertEquals(pool.calls.slice(before).some((call) => call.includes("copy")), false);
});
