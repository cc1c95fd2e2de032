/**
 * What installing does about services: upstream's, and our own when it is replaced.
 *
 * @module
 */
import type { NodeServices } from "../../src/install/install.ts";
import { ConsentMissingError } from "../../src/install/item.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { GlusterTree } from "../support/gluster_tree.ts";

const UPSTREAM = "glustereventsd.service";

/** Services that note what is asked of them. */
function services(state: { upstream?: boolean; running?: boolean; portTaken?: boolean } = {}) {
  const calls: string[] = [];
  const result = (code: number) => Promise.resolve({ code, stderr: "" });
  const node: NodeServices = {
    binary: "/usr/sbin/gluster-eventing",
    systemctl: (args) => {
      const line = args.join(" ");
      if (line.startsWith("is-")) return result(state.upstream === true ? 0 : 3);
      calls.push(line);
      return result(0);
    },
    isPortTaken: () => Promise.resolve(state.portTaken === true),
    isRunning: () => Promise.resolve(state.running === true),
    restart: () => Promise.resolve(void calls.push("restart")),
  };
  return { node, calls };
}

Deno.test("upstream's daemon is stopped only after somebody agreed", async () => {
  await using node = await GlusterTree.make();
  const before = await node.snapshot();
  const { node: withUpstream, calls } = services({ upstream: true });
  const nobody = () => node.install({}, {}, { services: withUpstream });
  const error = await assertRejects(nobody, ConsentMissingError, "nobody is at a terminal");
  assertStringIncludes(error.hint, "--yes");
  const no = { services: withUpstream, ask: () => Promise.resolve(false) };
  await assertRejects(() => node.install({}, {}, no), ConsentMissingError, "stays");
  assertEquals([await node.snapshot(), calls], [before, []]);
  await node.install({}, { yes: true }, { services: withUpstream });
  assertEquals(calls, [`disable --now ${UPSTREAM}`, "daemon-reload"]);
});

Deno.test("a dry run asks nobody and stops nothing", async () => {
  await using node = await GlusterTree.make();
  const { node: withUpstream, calls } = services({ upstream: true });
  const steps = await node.install({}, { dryRun: true }, { services: withUpstream });
  assertEquals(steps[0]?.detail, "is to be stopped and disabled");
  assertEquals(calls, []);
});

Deno.test("without systemd a port that is taken is told of", async () => {
  await using node = await GlusterTree.make();
  const without = {
    ...services({ portTaken: true }).node,
    systemctl: () => Promise.resolve(undefined),
  };
  const steps = await node.install({}, {}, { services: without });
  assertStringIncludes(JSON.stringify(steps), "the UDP port is taken, maybe by glustereventsd");
});

Deno.test("only a new program restarts the service, and only if it runs", async () => {
  await using node = await GlusterTree.make();
  const stopped = services();
  await node.install({}, {}, { services: stopped.node });
  assertEquals(stopped.calls, ["daemon-reload"]);
  const running = services({ running: true });
  await node.install({}, {}, { services: running.node });
  assertEquals(running.calls, []);
  await Deno.writeTextFile(node.source, "program 2\n");
  await node.install({}, {}, { services: running.node });
  assertEquals(running.calls, ["restart"]);
});

Deno.test("a restart that was missed is made up for by the next installation", async () => {
  await using node = await GlusterTree.make();
  await node.install();
  await Deno.writeTextFile(node.source, "program 2\n");
  const running = services({ running: true });
  const failing = { ...running.node, restart: () => Promise.reject(new Error("interrupted")) };
  await assertRejects(() => node.install({}, {}, { services: failing }), Error, "interrupted");
  await node.install({}, {}, { services: running.node });
  assertEquals(running.calls.at(-1), "restart");
});
