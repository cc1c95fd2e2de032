import { LeaseError } from "../../src/cluster/lease_round.ts";
import { addWebhook, setConfig } from "../../src/registry/changes.ts";
import { InvalidRegistryError, RegistryAccessError } from "../../src/registry/errors.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { add, editOn, leasesOf, opened, seenOn, seenOnAll } from "../support/pool_edits.ts";
import { SimulatedPool } from "../support/simulated_pool.ts";

Deno.test("a change on one node is on all nodes, and leaves neither lease nor offer", async () => {
  await using pool = await SimulatedPool.make(3);
  const { changed, rows, notes } = await editOn(pool, 2, "a");
  assertEquals(changed, true);
  assertEquals(rows, [{ node: "gl1", isUp: true }, { node: "gl3", isUp: true }]);
  assertEquals(notes.length, 2, "no daemon runs on the two others");
  assertEquals(await seenOnAll(pool), ["1 a", "1 a", "1 a"]);
  assertEquals(await leasesOf(pool), [{}, {}, {}]);
  for (const node of pool.nodes) {
    const lock = [".webhooks.toml.lease", ".webhooks.toml.lock", ".webhooks.toml.record"];
    assertEquals(await node.fileNames(), [...lock, "webhooks.toml"], node.host);
    assertEquals(await node.file.isConfirmed(), true, node.host);
  }
});

Deno.test("a change that changes nothing is not given to anybody", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  const before = pool.calls.length;
  const outcome = await (await opened(pool, 1)).edit(() => []);
  assertEquals(outcome.changed, false);
  assertEquals(pool.calls.slice(before).some((call) => call.includes("copy")), false);
  assertEquals(await leasesOf(pool), [{}, {}]);
});

Deno.test("a node that is alone changes its own registry, and has no rows", async () => {
  await using pool = await SimulatedPool.make(1);
  assertEquals((await editOn(pool, 1, "a")).rows, []);
  assertEquals(await seenOnAll(pool), ["1 a"]);
  assertEquals(await pool.node(1).file.isConfirmed(), true);
});

Deno.test("a change is made on top of the newest registry that any node has", async () => {
  await using pool = await SimulatedPool.make(3);
  await editOn(pool, 1, "a");
  pool.node(3).faults.isDown = true;
  await editOn(pool, 1, "b");
  pool.heal();
  const { notes } = await editOn(pool, 3, "c");
  assert(notes.some((note) => note.startsWith("this node was behind: ")), notes.join("\n"));
  assertEquals(await seenOnAll(pool), ["3 a b c", "3 a b c", "3 a b c"]);
});

Deno.test("a node that is down misses a change, and is not known to have it", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(3).faults.isDown = true;
  const { rows } = await editOn(pool, 1, "a");
  const hint = "see why its glusterd is not connected: gluster peer status";
  assertEquals(rows, [
    { node: "gl2", isUp: true },
    { node: "gl3", isUp: false, error: "N/A", hint },
  ]);
  assertEquals(await pool.node(1).file.isConfirmed(), false);
});

Deno.test("while glusterd is down here a change is made here, and says what the others miss", async () => {
  await using pool = await SimulatedPool.make(2);
  pool.node(1).faults.isDown = true;
  const { rows } = await editOn(pool, 1, "a");
  const error = "glusterd on this node is not running";
  const hint = "see how glusterd is doing: gluster peer status";
  assertEquals(rows, [{ node: "gl2", isUp: false, error, hint }]);
  assertEquals(await seenOnAll(pool), ["1 a", "0"]);
});

Deno.test("a glusterd that is busy is asked again", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(1).faults.busyTimes = 3;
  pool.node(3).faults.busyTimes = 4;
  await editOn(pool, 1, "a");
  assertEquals(await seenOnAll(pool), ["1 a", "1 a", "1 a"]);
});

Deno.test("while a glusterd stays busy nothing is changed, and the command says so", async () => {
  await using pool = await SimulatedPool.make(2);
  pool.node(2).faults.busyTimes = Infinity;
  const error = await assertRejects(() => editOn(pool, 1, "a"), LeaseError);
  assertStringIncludes(error.message, "glusterd has been busy with another command for too long");
  assertEquals(await seenOnAll(pool), ["0", "0"]);
});

Deno.test("a glusterd that dies in the middle is asked again", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(2).faults.diesTimes = 2;
  const { rows } = await editOn(pool, 1, "a");
  assertEquals(rows.map(({ error }) => error), [undefined, undefined]);
  assertEquals(await seenOnAll(pool), ["1 a", "1 a", "1 a"]);
});

Deno.test("a glusterd that does not answer is asked once, and the change is made here", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(1).faults.slowTimes = 1;
  const registry = await opened(pool, 1);
  const before = pool.calls.length;
  const { rows } = await registry.edit(add("a"));
  assertEquals(pool.calls.length - before, 1);
  for (const { error } of rows) {
    assertEquals(error, "glusterd did not answer in time: the network to a node may be cut");
  }
  assertEquals(await seenOnAll(pool), ["1 a", "0", "0"]);
  // It had reached the others: they keep everybody off until their leases end.
  pool.clock.jump(60_000);
  await editOn(pool, 2, "b");
  assertEquals(await seenOnAll(pool), ["2 a b", "2 a b", "2 a b"]);
});

Deno.test("a node without the program keeps glusterd from asking any node", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(3).faults.hasProgram = false;
  const { rows } = await editOn(pool, 1, "a");
  assertEquals(rows.map(({ error }) => error), [
    "glusterd asks no node while gluster-eventing is missing on gl3",
    "gluster-eventing is not installed there",
  ]);
});

Deno.test("a registry that did not arrive whole is not taken, and nothing of it is left here", async () => {
  await using pool = await SimulatedPool.make(3);
  await editOn(pool, 1, "a");
  pool.node(3).faults.copyBytes = 100;
  const { rows } = await editOn(pool, 1, "b");
  assertEquals(rows[0]?.error, undefined);
  assertStringIncludes(rows[1]?.error ?? "", "the registry did not arrive whole (");
  assertStringIncludes(rows[1]?.error ?? "", "Failed to write");
  assertEquals(await seenOnAll(pool), ["2 a b", "2 a b", "1 a"]);
  assertEquals((await pool.node(1).fileNames()).filter((name) => name.includes("offer")), []);
  pool.heal();
  await (await opened(pool, 3)).pull();
  assertEquals(await seenOnAll(pool), ["2 a b", "2 a b", "2 a b"]);
});

Deno.test("a node that answers what nobody can read is told of, and the others are well", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(3).faults.garble = (lines) => lines.replace(/(\d+\/\d+) ../, "$1 !!");
  const { rows } = await editOn(pool, 1, "a");
  assertEquals(rows.map(({ error }) => error), [undefined, "it gave no answer"]);
});

Deno.test("many nodes that change something at once end in one registry with every change", async () => {
  await using pool = await SimulatedPool.make(3);
  const names = ["a", "b", "c", "d", "e", "f"];
  await Promise.all(names.map((name, at) => editOn(pool, at % 3 + 1, name)));
  const [first = "", ...others] = await seenOnAll(pool);
  assertEquals(first.split(" ").toSorted(), ["6", ...names]);
  assertEquals(others, [first, first]);
});

Deno.test("many commands at once on one node do not keep each other's leases", async () => {
  await using pool = await SimulatedPool.make(3);
  const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
  await Promise.all(names.map((name) => editOn(pool, 1, name)));
  const [first = "", ...others] = await seenOnAll(pool);
  assertEquals(first.split(" ").toSorted(), ["10", ...names]);
  assertEquals(others, [first, first]);
});

Deno.test("a change that is refused gives back every lease", async () => {
  await using pool = await SimulatedPool.make(3);
  await editOn(pool, 1, "a");
  const registry = await opened(pool, 2);
  await assertRejects(() => registry.edit(add("a")), Error, "already exists");
  assertEquals(await leasesOf(pool), [{}, {}, {}]);
});

Deno.test("a registry that cannot be read here gives back every lease", async () => {
  await using pool = await SimulatedPool.make(3);
  await editOn(pool, 1, "a");
  await Deno.remove(pool.node(1).file.path);
  await Deno.mkdir(pool.node(1).file.path);
  const registry = await opened(pool, 1);
  await assertRejects(() => registry.edit(add("b")), RegistryAccessError);
  assertEquals(await leasesOf(pool), [{}, {}, {}]);
  assertEquals(await seenOn(pool.node(2)), "1 a");
});

Deno.test("a registry that cannot be read there is told of, and blocks nobody", async () => {
  await using pool = await SimulatedPool.make(3);
  await editOn(pool, 1, "a");
  await Deno.remove(pool.node(3).file.path);
  await Deno.mkdir(pool.node(3).file.path);
  const { rows } = await editOn(pool, 1, "b");
  assertEquals(rows[0]?.error, undefined);
  assertStringIncludes(rows[1]?.error ?? "", "no regular file");
  assertEquals(await leasesOf(pool), [{}, {}, {}]);
});

Deno.test("a registry with a fault here is not changed, and gives back every lease", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  await pool.node(1).writeByHand("generation = \n");
  const registry = await opened(pool, 1);
  await assertRejects(() => registry.edit(add("b")), InvalidRegistryError);
  assertEquals(await leasesOf(pool), [{}, {}]);
});

Deno.test("a command that does not end keeps others off until its leases do, and is named", async () => {
  await using pool = await SimulatedPool.make(2);
  await editOn(pool, 1, "a");
  const lease = {
    held: { token: "t", node: pool.node(2).uuid, untilMs: pool.clock.now() + 40_000 },
  };
  const path = `${pool.node(2).workdir}/events/.webhooks.toml.lease`;
  await Deno.writeTextFile(path, JSON.stringify(lease));
  const { changed } = await editOn(pool, 1, "b");
  assertEquals(changed, true);
  assertEquals(pool.clock.now() > lease.held.untilMs, true);
});

Deno.test("no secret of the registry is among the words that glusterd gets", async () => {
  await using pool = await SimulatedPool.make(2);
  const registry = await opened(pool, 1);
  const settings = { sign: "jwt", secret: "s3cr3t" } as const;
  await registry.edit((current) => addWebhook(current, "https://u:pw@a/?token=t0ken", settings));
  await (await opened(pool, 2)).pull();
  const words = pool.calls.flat().join(" ");
  for (const secret of ["s3cr3t", "pw@", "t0ken"]) {
    assertEquals(words.includes(secret), false, secret);
  }
});

Deno.test("a setting of the registry can be changed on any node", async () => {
  await using pool = await SimulatedPool.make(2);
  await (await opened(pool, 2)).edit(() => setConfig("log-level", "DEBUG"));
  assertEquals((await pool.node(1).file.read()).config.logLevel, "DEBUG");
});
