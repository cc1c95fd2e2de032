import { assert, assertEquals } from "../support/assert.ts";
import { RunningProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import { GlusterNode } from "./gluster_node.ts";

const NEEDED = ["root", "gluster", "namespaces", "overlays"] as const;

/** Leaves a process without parent, as bricks are. */
const STRAY = ["sh", "-c", "setsid sleep 600 >/dev/null 2>&1 &"];

/** What a node on which nothing was started consists of. */
const FIRST_PROCESSES = 2;

/** Makes a node with such a process and tells of both. */
const OWNER = `
import { GlusterNode } from ${JSON.stringify(import.meta.resolve("./gluster_node.ts"))};
const node = await GlusterNode.make();
await node.run(${JSON.stringify(STRAY)});
const pids = (await node.processes()).map(({ pid }) => pid);
console.log(\`node: \${JSON.stringify([node.folder, ...pids])}\`);
await new Promise(() => setInterval(() => {}, 1000));
`;

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(exists));
  return paths.filter((_, place) => found[place]);
}

/** What there is of a node; a dead process has no namespaces, even if its parent is not told yet. */
function tracesOf(folder: string, pids: readonly number[]): string[] {
  return [folder, ...pids.map((pid) => `/proc/${pid}/ns/net`)];
}

testNeeding(
  NEEDED,
  "a node that is gone leaves no process, namespace, mount or folder",
  async () => {
    let traces: string[];
    let folder: string;
    {
      await using node = await GlusterNode.make();
      ({ folder } = node);
      await node.startGlusterd();
      await node.run(STRAY);
      const pids = (await node.processes()).map(({ pid }) => pid);
      traces = tracesOf(folder, pids);
      assert(pids.includes(node.pid) && pids.length >= FIRST_PROCESSES + 2, pids.join());
      assertEquals(await existing(traces), traces);
    }
    assertEquals(await existing(traces), []);
    assert(!(await Deno.readTextFile("/proc/self/mountinfo")).includes(folder));
  },
);

testNeeding(NEEDED, "a node whose test process is killed goes too", async () => {
  await using owner = new RunningProgram(["eval", "--quiet", "--no-check", OWNER], {
    binary: Deno.execPath(),
  });
  const [, text = ""] = await owner.shows(/node: (.*)\n/);
  const [folder, ...pids]: [string, ...number[]] = JSON.parse(text);
  const traces = tracesOf(folder, pids);
  assertEquals(pids.length, FIRST_PROCESSES + 1, owner.stdout + owner.stderr);
  assertEquals(await existing(traces), traces);

  owner.kill("SIGKILL");

  let left = traces;
  await until("the node is gone", async () => {
    left = await existing(traces);
    return left.length === 0;
  }, { seen: () => left });
});

testNeeding(NEEDED, "two nodes at the same time see nothing of each other", async () => {
  const before = await Deno.readTextFile("/etc/hosts");
  await using one = await GlusterNode.make();
  await using other = await GlusterNode.make();
  await Promise.all([one.startGlusterd(), other.startGlusterd()]);
  const uuids = await Promise.all(
    [one, other].map((node) => node.gluster("system::", "uuid", "get")),
  );
  assert(uuids[0] !== uuids[1], uuids.join());
  assertEquals((await one.pidsOf("glusterd")).length, 1);
  assertEquals((await other.pidsOf("glusterd")).length, 1);
  assertEquals(await Deno.readTextFile("/etc/hosts"), before);
});
