/**
 * What a new user does: install on each node, start on one, and go on.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import type { ProgramResult } from "../support/program.ts";
import { BINARY, testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import { onCluster } from "./gluster_cluster.ts";
import { GlusterNode } from "./gluster_node.ts";

const NEEDED = ["binary", "root", "gluster", "namespaces", "overlays"] as const;

const INSTALLED = "/usr/sbin/gluster-eventing";
const RECEIVER = fromHere("../fixtures/receive_signed.ts");

function fromHere(path: string): string {
  return new URL(path, import.meta.url).pathname;
}

/** Runs the installed program, which has to end like this. @returns What it printed. */
async function installed(node: GlusterNode, code: number, ...words: string[]): Promise<string> {
  const result = await node.run([INSTALLED, ...words]);
  assertEquals(result.code, code, describe(words, result));
  return result.stdout;
}

function describe(words: readonly string[], { stdout, stderr }: ProgramResult): string {
  return `${words.join(" ")}: ${stdout}${stderr}`;
}

async function install(node: GlusterNode): Promise<void> {
  await node.must(BINARY, "install", "--yes");
}

/** The rows of a command's JSON, each in a few words. */
function rowsIn(stdout: string, deed: string): string[] {
  const { output } = JSON.parse(stdout);
  return output.map((row: Record<string, string>) =>
    [row["node"], row["node_status"], row[`${deed}_status`], row["error"]].join(" ").trim()
  );
}

const ALL_OK = ["gl2 UP OK", "gl3 UP OK", "localhost UP OK"];

testNeeding(NEEDED, "installed on each node, it is run from one of them", async (context) => {
  await onCluster(3, async ({ nodes }) => {
    const [one, two, three] = nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    const files = await three.must("find", "/usr", "/etc", "-xdev", "-type", "f");
    await Promise.all(nodes.map(install));

    await context.step("start and restart reach all nodes, and say what was done", async () => {
      assertEquals(rowsIn(await installed(one, 0, "start", "--json"), "start"), ALL_OK);
      assertMatch(await installed(one, 0, "start"), /^gl2 +UP +OK +was running already$/m);
      assertEquals(rowsIn(await installed(one, 0, "restart", "--json"), "restart"), ALL_OK);
    });

    await context.step("a webhook is tried from all nodes, and no secret is logged", async () => {
      const hook = one.start([INSTALLED, "serve-test-hook", "--port", "9000"]);
      await hook.shows(/Listening/);
      const url = `http://${one.address}:9000/`;
      const secret = "not-to-be-seen";
      await installed(one, 0, "webhook-add", url, "--name", "ops", "--secret", secret);
      assertMatch(await installed(two, 0, "webhook-test", "ops"), /^gl3: after \d+ ms: 200 OK$/m);
      const tried = await installed(two, 3, "webhook-test", "http://127.0.0.1:9/", "-t", secret);
      assertMatch(tried, /^gl1 +UP +NOT OK: connect$/m);
      for (const node of nodes) {
        const logs = await node.must("sh", "-c", "cat /var/log/glusterfs/*.log");
        assert(!logs.includes(secret), `the logs of ${node.name} hold a secret`);
      }
      assertEquals(await three.must("find", "/var/lib/glusterd/events", "-name", "*letter*"), "");
    });

    await context.step("tools that call gluster-eventsapi go on working", async () => {
      await installed(two, 0, "install", "--replace-eventsapi", "--yes");
      const { output } = JSON.parse(await two.must("gluster-eventsapi", "status", "--json"));
      const states = output.data.map((row: Record<string, string>) => row["glustereventsd_status"]);
      assertEquals(states, ["OK", "OK", "OK"]);
      const url = "http://127.0.0.1:9/vdsm";
      await two.must("gluster-eventsapi", "webhook-add", url, "--bearer_token=T");
      await two.must("gluster-eventsapi", "webhook-mod", url, "--bearer_token=T2");
      await two.must("gluster-eventsapi", "sync");
      assertStringIncludes(await installed(three, 0, "webhook-list"), url);
      await two.must("gluster-eventsapi", "webhook-del", url);
    });

    await context.step("stop reaches all nodes too", async () => {
      assertEquals(rowsIn(await installed(two, 0, "stop", "--json"), "stop"), [
        "gl1 UP OK",
        "gl3 UP OK",
        "localhost UP OK",
      ]);
      assertMatch(await installed(one, 3, "status"), /^ops +http\S+ +unknown /m);
    });

    await context.step("a node that has it no longer is named by the others", async () => {
      await installed(three, 0, "uninstall", "--yes");
      assertEquals(await three.must("find", "/usr", "/etc", "-xdev", "-type", "f"), files);
      const { code, stdout } = await one.run([INSTALLED, "status"]);
      assertEquals(code, 3, stdout);
      assertMatch(stdout, /^gl3 +UP +NOT OK: gluster-eventing is not installed there/m);
    });
  });
});

testNeeding(
  [...NEEDED, "gluster-eventsapi"],
  "a node that ran upstream's events is taken over, and its receivers notice nothing",
  async () => {
    await using node = await GlusterNode.make();
    await node.startGlusterd();
    const receiver = node.start([
      ...[Deno.execPath(), "run", "--quiet", "--no-check", "--allow-net", RECEIVER],
      ...["9000", "/signed=s3cret", "/open="],
    ]);
    await receiver.shows(/Listening/);
    const signed = ["http://127.0.0.1:9000/signed", "--secret", "s3cret"];
    await node.must("gluster-eventsapi", "webhook-add", ...signed);
    await node.must("gluster-eventsapi", "webhook-add", "http://127.0.0.1:9000/open");
    const before = await node.must("cat", "/var/lib/glusterd/events/webhooks.json");

    await install(node);
    assertMatch(await installed(node, 0, "import-upstream"), /^Took over 2 webhooks/m);
    await installed(node, 0, "start");
    await node.gluster("volume", "create", "gv1", `${node.address}:${node.folder}/b1`, "force");

    await until(
      "both receivers have the event",
      () =>
        ["/signed", "/open"].every((path) =>
          receiver.stdout.includes(`good ${path} VOLUME_CREATE`)
        ),
      { withinMs: 30_000, seen: () => receiver.stdout + receiver.stderr },
    );
    assert(!receiver.stdout.includes("refused"), receiver.stdout);
    assertEquals(await node.must("cat", "/var/lib/glusterd/events/webhooks.json"), before);
    assertMatch(await installed(node, 0, "import-upstream"), /nothing was changed/);
    await installed(node, 0, "stop");
  },
);
