import { fromLines, type NodeAnswer } from "../../src/cluster/answer_lines.ts";
import { addWebhook } from "../../src/registry/changes.ts";
import type { GlusterCommand } from "../../src/cluster/gluster_command.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import type { SimulatedNode } from "../support/simulated_node.ts";
import { SimulatedPool } from "../support/simulated_pool.ts";

const noGluster: GlusterCommand = () => Promise.resolve(undefined);

/** What a node answers to these words. */
async function ask(node: SimulatedNode, ...words: string[]): Promise<NodeAnswer | undefined> {
  const printed = await node.answer(["-", node.workdir, ...words], noGluster);
  return fromLines(printed).get(node.uuid);
}

/** Why a node could not do it. */
async function errorOf(node: SimulatedNode, ...words: string[]): Promise<string> {
  const answer = await ask(node, ...words);
  return answer === undefined || answer.ok ? "" : answer.error;
}

Deno.test("a node answers everybody but who says not to need it", async () => {
  await using pool = await SimulatedPool.make(2);
  const node = pool.node(1);
  assertEquals(await node.answer([node.uuid, node.workdir, "state"], noGluster), "");
  assertEquals(await ask(node, "state"), {
    ok: true,
    value: { generation: 0, checksum: "", byHand: false },
  });
});

Deno.test("a node whose folder is another one than the asker's asks its own glusterd", async () => {
  await using pool = await SimulatedPool.make(2);
  const node = pool.node(2);
  const words = ["-", `${node.workdir}/other`, "state"];
  const printed = await node.answer(words, pool.glusterOn(node));
  assertEquals(fromLines(printed).get(node.uuid)?.ok, true);
});

Deno.test("what a node does not know it says, with its version", async () => {
  await using pool = await SimulatedPool.make(1);
  for (const word of ["nonsense", "", "constructor", "__proto__"]) {
    assertStringIncludes(await errorOf(pool.node(1), word), "its version, 0.0.0-test, cannot do");
  }
});

Deno.test("words that are missing are an answer too, and never an end without one", async () => {
  await using pool = await SimulatedPool.make(1);
  for (const word of ["lease", "release", "take", "read", "resume", "reload", "status", "test"]) {
    const printed = await pool.node(1).answer(["-", pool.node(1).workdir, word], noGluster);
    if (word === "read") assertEquals(printed, "");
    else assertEquals(fromLines(printed).size, 1, word);
  }
});

Deno.test("a registry of any size is read by the one node that is meant", async () => {
  await using pool = await SimulatedPool.make(2);
  const node = pool.node(1);
  for (let number = 0; number < 3; number++) {
    await node.file.change((registry) =>
      addWebhook(registry, `http://h${number}/${"x".repeat(2000)}`, {})
    );
  }
  assertEquals(await ask(node, "read", pool.node(2).uuid), undefined);
  assertEquals(await ask(node, "read", node.uuid), { ok: true, value: await node.file.copy() });
});

Deno.test("a registry that was to be copied and is not there is asked for in vain", async () => {
  await using pool = await SimulatedPool.make(1);
  assertEquals(
    await errorOf(pool.node(1), "take", "abc", "t"),
    "the registry did not arrive whole",
  );
  assertEquals(await pool.node(1).fileNames(), []);
});
