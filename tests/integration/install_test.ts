/**
 * Installing into a tree, and taking it away again.
 *
 * @module
 */
import { ConsentMissingError, InstallError } from "../../src/install/item.ts";
import { ROTATION_PATH } from "../../src/install/rotation.ts";
import { UNIT_PATH } from "../../src/install/unit.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { GlusterTree, LIBEXEC, resultsOf } from "../support/gluster_tree.ts";

const BINARY = "/usr/sbin/gluster-eventing";
const STATE = "/var/lib/gluster-eventing";

Deno.test("an installation that is taken away leaves exactly what was there before", async () => {
  await using node = await GlusterTree.make();
  const before = await node.snapshot();
  const steps = await node.install({ replaceEventsapi: true });
  assertEquals(steps.every(({ result }) => result === "done"), true, JSON.stringify(steps));
  assertEquals(await Deno.readTextFile(node.tree.at(BINARY)), "program 1\n");
  assertEquals(await Deno.readLink(node.tree.at(`${LIBEXEC}/peer_gluster-eventing`)), BINARY);
  assertEquals(await Deno.readLink(node.tree.at("/usr/sbin/gluster-eventsapi")), BINARY);
  assertEquals((await Deno.stat(node.tree.at(STATE))).mode, 0o40700);
  await node.uninstall();
  assertEquals(await node.snapshot(), before);
});

Deno.test("a second installation and a dry run change nothing", async () => {
  await using node = await GlusterTree.make();
  const before = await node.snapshot();
  const planned = await node.install({}, { dryRun: true });
  assertEquals(planned.every(({ result }) => result === "planned"), true, JSON.stringify(planned));
  assertEquals(await node.snapshot(), before);
  await node.install();
  const installed = await node.snapshot();
  const again = await node.install();
  assertEquals(again.every(({ result }) => result === "already"), true, JSON.stringify(again));
  const dry = await node.uninstall({ dryRun: true });
  assertEquals(dry.every(({ result }) => result === "planned"), true, JSON.stringify(dry));
  assertEquals(await node.snapshot(), installed);
});

Deno.test("a file that an administrator changed is kept and left, and named", async () => {
  await using node = await GlusterTree.make();
  await node.install();
  await node.write(ROTATION_PATH, "# mine\n");
  assertEquals(resultsOf(await node.install())[ROTATION_PATH], "kept");
  assertEquals(resultsOf(await node.uninstall())[ROTATION_PATH], "kept");
  assertEquals(await Deno.readTextFile(node.tree.at(ROTATION_PATH)), "# mine\n");
});

Deno.test("a unit that was changed is put aside by an upgrade", async () => {
  await using node = await GlusterTree.make();
  await node.install();
  await node.write(UNIT_PATH, "# mine\n");
  const steps = await node.install();
  assertStringIncludes(JSON.stringify(steps), `${UNIT_PATH}.changed`);
  assertEquals(await Deno.readTextFile(node.tree.at(`${UNIT_PATH}.changed`)), "# mine\n");
  assertEquals(resultsOf(await node.uninstall())[UNIT_PATH], "done");
});

Deno.test("somebody else's file of the same name is put aside and comes back", async () => {
  await using node = await GlusterTree.make();
  await node.write(BINARY, "another program\n");
  const before = await node.snapshot();
  await node.install();
  await Deno.writeTextFile(node.source, "program 2\n");
  await node.install();
  assertEquals(await Deno.readTextFile(node.tree.at(BINARY)), "program 2\n");
  await node.uninstall();
  assertEquals(await node.snapshot(), before);
});

Deno.test("an installation that fails half-way is completed by the next one", async () => {
  await using node = await GlusterTree.make();
  await node.write(BINARY, "another program\n");
  const before = await node.snapshot();
  const bad = { extraFiles: [{ what: "man page", path: "/usr/sbin/glusterd/x", text: "" }] };
  await assertRejects(() => node.install(bad), InstallError, "Cannot install the man page");
  const good = await node.install();
  assertEquals(resultsOf(good)[BINARY], "already");
  await node.uninstall();
  assertEquals(await node.snapshot(), before);
});

Deno.test("an installation that was interrupted anywhere can be taken away or completed", async () => {
  for (let stopAt = 0; stopAt < 12; stopAt++) {
    for (const goOn of [false, true]) {
      await using node = await GlusterTree.make();
      await node.write(BINARY, "another program\n");
      const before = await node.snapshot();
      let steps = 0;
      const onStep = () => {
        if (steps++ === stopAt) throw new Error("interrupted");
      };
      try {
        await node.install({}, {}, { onStep });
      } catch (error) {
        if (!(error instanceof Error) || error.message !== "interrupted") throw error;
      }
      if (goOn) await node.install();
      await node.uninstall();
      assertEquals(await node.snapshot(), before, `stopped at ${stopAt}, goes on: ${goOn}`);
    }
  }
});

Deno.test("webhooks and events stay, unless a purge is agreed to", async () => {
  await using node = await GlusterTree.make();
  const registry = "/var/lib/glusterd/events/webhooks.toml";
  await node.write("/var/lib/glusterd/events/upstream.json", "{}");
  await node.write(registry, "");
  const before = (await node.snapshot()).filter((line) => !line.startsWith(registry));
  await node.install();
  await node.write(`${STATE}/spool.db`, "");
  await node.write("/var/log/glusterfs/gluster-eventing.log.1.gz", "");
  await node.uninstall();
  assertEquals([await node.tree.has(`${STATE}/spool.db`), await node.tree.has(registry)], [
    true,
    true,
  ]);
  await node.install();
  const installed = await node.snapshot();
  await assertRejects(() => node.uninstall({ purge: true }), ConsentMissingError, "Nobody");
  const no = () => Promise.resolve(false);
  await assertRejects(() => node.uninstall({ purge: true }, { ask: no }), ConsentMissingError);
  assertEquals(await node.snapshot(), installed);
  await node.uninstall({ purge: true, yes: true });
  // The log folder was made by the first installation, and was not empty when that was removed.
  const after = (await node.snapshot()).filter((line) => !line.startsWith("/var/l"));
  assertEquals(after, before.filter((line) => !line.startsWith("/var/l")));
  for (const gone of [STATE, registry, "/var/log/glusterfs/gluster-eventing.log.1.gz"]) {
    assertEquals(await node.tree.has(gone), false, gone);
  }
  assertEquals(await node.tree.has("/var/lib/glusterd/events/upstream.json"), true);
});

Deno.test("to take away what is not installed is no failure", async () => {
  await using node = await GlusterTree.make();
  assertEquals((await node.uninstall()).map(({ result }) => result), ["already"]);
});

Deno.test("a list of what is installed that makes no sense stops everything", async () => {
  await using node = await GlusterTree.make();
  await node.write(`${STATE}/installed.json`, '{"version":"1","entries":[{"path":"x"}]}');
  await assertRejects(() => node.install(), InstallError, "is no list");
  await assertRejects(() => node.uninstall(), InstallError, "is no list");
});
