/**
 * What a daemon asks its glusterd, when glusterd does not answer and the daemon is to end.
 *
 * @module
 */
import type { GlusterCommand, GlusterResult } from "../../src/cluster/gluster_command.ts";
import { assertEquals } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

/** A glusterd that answers nothing until it is let off. */
function hungGluster() {
  const asked: string[] = [];
  const running = new Set<string>();
  const gluster: GlusterCommand = (args, { signal } = {}) => {
    const { promise, resolve } = Promise.withResolvers<GlusterResult>();
    const question = args.join(" ");
    asked.push(question);
    running.add(question);
    signal?.addEventListener("abort", () => {
      running.delete(question);
      resolve({ code: 143, stdout: "", stderr: "" });
    });
    return promise;
  };
  return { asked, running, gluster };
}

Deno.test({
  name: "no question to glusterd outlives the daemon, whoever has asked it",
  // On a machine that stands still for seconds the daemon ends before what it reads of files does.
  sanitizeOps: false,
  fn: async () => {
    await using folder = await makeTempFolder();
    const { asked, running, gluster } = hungGluster();
    const isOurs = () => Promise.resolve(true);
    await using daemon = new TestDaemon(folder.path, { pool: { gluster, isOurs } });
    await daemon.start();
    using client = Deno.createHttpClient({ proxy: { transport: "unix", path: daemon.socket } });
    const answer = fetch("http://localhost/v1/cluster", { client }).then((response) =>
      response.text()
    ).catch(() => undefined);
    const wanted = ["pool list --xml", "volume info --xml", "volume status all --xml"];
    await until("all is asked", () => wanted.every((question) => asked.includes(question)), {
      seen: () => asked,
    });
    await daemon.stop();
    assertEquals([...running], []);
    await answer;
  },
});
