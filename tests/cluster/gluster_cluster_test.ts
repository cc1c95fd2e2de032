import { assert, assertEquals } from "../support/assert.ts";
import { RunningProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import { GlusterCluster, onCluster } from "./gluster_cluster.ts";
import type { GlusterNode } from "./gluster_node.ts";
import { SmallDisk } from "./small_disk.ts";

const NEEDED = ["root", "gluster", "namespaces", "overlays"] as const;

/** Makes a cluster and tells where its nodes are and what runs there. */
const OWNER = `
import { GlusterCluster } from ${JSON.stringify(import.meta.resolve("./gluster_cluster.ts"))};
const { nodes } = await GlusterCluster.make(2);
const pids = (await Promise.all(nodes.map((node) => node.processes()))).flat();
const traces = [...nodes.map((node) => node.folder), ...pids.map(({ pid }) => \`/proc/\${pid}/ns\`)];
console.log(\`cluster: \${JSON.stringify(traces)}\`);
await new Promise(() => setInterval(() => {}, 1000));
`;

const SAYS_WHERE = '#!/bin/sh\necho "$(hostname): $*"\n';

/** What the nodes answer to a peer command, in the order of their names. */
async function askAll(node: GlusterNode, ...args: string[]): Promise<string[]> {
  const said = await node.gluster("system::", "execute", ...args);
  return said.trim().split("\n").sort();
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function countExisting(paths: readonly string[]): Promise<number> {
  return (await Promise.all(paths.map(exists))).filter((there) => there).length;
}

/** Whether one node reaches another. */
async function reaches(from: GlusterNode, to: string): Promise<boolean> {
  const connect = "exec 3<>/dev/tcp/$1/24007";
  const { code } = await from.run(["timeout", "1", "bash", "-c", connect, "bash", to]);
  return code === 0;
}

testNeeding(NEEDED, "each node of a cluster has commands that the others lack", async () => {
  await onCluster(3, async (cluster) => {
    const [one, two, three] = cluster.nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    for (const node of cluster.nodes) await node.installPeerCommand("where", SAYS_WHERE);
    assertEquals(await askAll(two, "where", "a b"), ["gl1: a b", "gl2: a b", "gl3: a b"]);

    const place = (await one.must("sh", "-c", "ls /usr/lib*/*/glusterfs/peer_where")).trim();
    await three.must("rm", place);
    const { code, stderr } = await one.run(["gluster", "system::", "execute", "where"]);
    assertEquals(code, 1);
    assert(stderr.includes("Staging failed on gl3"), stderr);
    assert(!await exists(place), "the machine has it too");
  });
});

testNeeding(
  NEEDED,
  "a node's glusterd can end and come back, and a node can come later",
  async () => {
    await onCluster(2, async (cluster) => {
      const [one, two] = cluster.nodes;
      assert(one !== undefined && two !== undefined);
      for (const node of cluster.nodes) await node.installPeerCommand("where", SAYS_WHERE);
      await two.killGlusterd();
      assertEquals(await askAll(one, "where", "here"), ["gl1: here"]);
      await two.startGlusterd();
      await cluster.isConnected();
      assertEquals(await askAll(one, "where", "here"), ["gl1: here", "gl2: here"]);

      const three = await cluster.addNode();
      await three.installPeerCommand("where", SAYS_WHERE);
      assertEquals(await askAll(three, "where", "here"), ["gl3: here"]);
      await cluster.probe(three);
      assertEquals(await askAll(one, "where", "here"), ["gl1: here", "gl2: here", "gl3: here"]);
    });
  },
);

testNeeding(
  ["binary", ...NEEDED],
  "the program that is installed by hand runs on the nodes that have it",
  async () => {
    await onCluster(2, async (cluster) => {
      const [one, two] = cluster.nodes;
      assert(one !== undefined && two !== undefined);
      for (const node of cluster.nodes) await node.installByHand();
      const { stdout: version } = await one.eventing("version");
      const line = version.trim();
      assertEquals(await askAll(one, "gluster-eventing", "version"), [line, line]);
      assertEquals(await two.must("/usr/sbin/gluster-eventing", "version"), version);
    });
  },
);

testNeeding(NEEDED, "nodes can be cut off from each other and healed", async () => {
  await onCluster(3, async (cluster) => {
    const [one, two, three] = cluster.nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    const seen = async () => ({
      oneToThree: await reaches(one, "gl3"),
      threeToOne: await reaches(three, "gl1"),
      twoToThree: await reaches(two, "gl3"),
    });
    assertEquals(await seen(), { oneToThree: true, threeToOne: true, twoToThree: true });
    await cluster.cut(one, three);
    assertEquals(await seen(), { oneToThree: false, threeToOne: false, twoToThree: true });
    await cluster.heal(one, three);
    assertEquals(await seen(), { oneToThree: true, threeToOne: true, twoToThree: true });
    await cluster.unplug(three);
    assertEquals(await seen(), { oneToThree: false, threeToOne: false, twoToThree: false });
    await cluster.plugIn(three);
    await until("gl3 is back", () => reaches(two, "gl3"));
  });
});

testNeeding(NEEDED, "the disk of one node can be full", async () => {
  await onCluster(2, async (cluster) => {
    const [one, two] = cluster.nodes;
    assert(one !== undefined && two !== undefined);
    const events = `${two.workdir}/events`;
    await one.must("sh", "-c", `mkdir -p ${events}; echo text >${events}/file`);
    const disk = await SmallDisk.mount(two, events, 65_536);
    await disk.fill();
    const copy = ["gluster", "system::", "copy", "file", "/events/file"];
    const full = await one.run(copy);
    assert(full.stderr.includes("Commit failed on gl2"), full.stderr);
    await disk.free();
    await one.must(...copy);
    assertEquals(await two.must("cat", `${events}/file`), "text\n");
  });
});

testNeeding(NEEDED, "clusters do not see each other, and leave nothing", async () => {
  const seen = () => Deno.readTextFile("/proc/net/dev").then((text) => text.match(/^.*?:/gm));
  const before = await seen();
  const traces: string[] = [];
  {
    await using one = await GlusterCluster.make(2);
    await using other = await GlusterCluster.make(2);
    for (const node of [...one.nodes, ...other.nodes]) {
      const processes = await node.processes();
      traces.push(node.folder, ...processes.map(({ pid }) => `/proc/${pid}/ns`));
      assertEquals(processes.filter(({ name }) => name === "glusterd").length, 1);
    }
    assertEquals(await countExisting(traces), traces.length);
    assertEquals(await seen(), before);
  }
  assertEquals(await countExisting(traces), 0);
});

testNeeding(NEEDED, "a cluster whose test process is killed goes too", async () => {
  await using owner = new RunningProgram(["eval", "--quiet", "--no-check", OWNER], {
    binary: Deno.execPath(),
  });
  const [, text = ""] = await owner.shows(/cluster: (.*)\n/);
  const traces: string[] = JSON.parse(text);
  assertEquals(await countExisting(traces), traces.length);

  owner.kill("SIGKILL");

  await until("the cluster is gone", async () => await countExisting(traces) === 0);
});
