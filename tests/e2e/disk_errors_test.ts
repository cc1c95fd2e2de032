/**
 * The compiled daemon on a disk that fails: every write gets an error for a while.
 *
 * @module
 */
import { assertEquals } from "../support/assert.ts";
import { mustDo, namesAt, startDaemon, statusOf } from "../support/local_node.ts";
import { RunningProgram } from "../support/program.ts";
import { Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

const FAILURES = [
  { error: "EIO", is: "an I/O error", shown: /disk I\/O error/ },
  { error: "EROFS", is: "a file system that turned read-only", shown: /readonly|read-only|I\/O/ },
  { error: "ENOSPC", is: "a disk without space", shown: /full/ },
];

for (const { error, is, shown } of FAILURES) {
  testNeeding(
    ["binary", "strace"],
    `${is} is told of once, nothing is lost, and all goes on by itself`,
    async () => {
      await using folder = await makeTempFolder();
      await using receiver = new Receiver();
      await using daemon = await startDaemon(folder.path);
      await mustDo(folder.path, "webhook-add", receiver.url);
      await mustDo(folder.path, "emit", "VOLUME_START", "name=before");
      assertEquals(await namesAt(receiver, 1), ["before"]);
      {
        // What the kernel answers to writes is changed from outside, for this process only.
        const calls = "pwrite64,write,fallocate,ftruncate,fdatasync";
        const files = ["spool.db", "spool.db-wal"].flatMap((name) => [
          "-P",
          `${folder.path}/state/${name}`,
        ]);
        const inject = ["-e", `trace=${calls}`, "-e", `inject=${calls}:error=${error}`];
        await using fault = new RunningProgram(
          ["-f", ...inject, ...files, "-p", String(daemon.pid)],
          { binary: "strace" },
        );
        await fault.shows(/attached/);
        for (const name of ["during-1", "during-2"]) {
          await mustDo(folder.path, "emit", "VOLUME_START", `name=${name}`);
        }
        await daemon.shows(/ERROR +spool fails, events are held in memory/);
        await until("both are held", async () => (await statusOf(folder.path)).events.held === 2);
        assertEquals((await statusOf(folder.path)).spool.ok, false);
      }
      await daemon.shows(/INFO +spool works again events_lost=0/);
      assertEquals(await namesAt(receiver, 3), ["before", "during-1", "during-2"]);
      const told = daemon.stderr.match(/spool fails.*/g) ?? [];
      assertEquals([told.length, told.every((line) => shown.test(line))], [1, true], daemon.stderr);
    },
  );
}
