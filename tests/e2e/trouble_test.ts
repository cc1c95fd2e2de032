/**
 * The compiled daemon on a node in trouble.
 *
 * @module
 */
import { assertEquals, assertMatch } from "../support/assert.ts";
import {
  command,
  mustDo,
  namesAt,
  placesIn,
  startDaemon,
  statusOf,
} from "../support/local_node.ts";
import { RunningProgram } from "../support/program.ts";
import { Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

testNeeding(
  ["binary", "tmpfs"],
  "a full disk is an error at the start and no end while running",
  async () => {
    await using folder = await makeTempFolder();
    // In a mount namespace of its own, so that nothing of it is left.
    const script = `
    set -e
    mkdir -p "$1/small"
    mount -t tmpfs -o size=1m tmpfs "$1/small"
    if [ "$2" = full ]; then head -c 1048576 /dev/zero > "$1/small/filler" || true; fi
    exec "$GLUSTER_EVENTING_BINARY" run --workdir "$1" --state-dir "$1/small/state" \\
      --socket "$1/sock" --listen 127.0.0.1:0
  `;
    const run = (mode: string) =>
      new RunningProgram(["--mount", "sh", "-c", script, "sh", folder.path, mode], {
        binary: "unshare",
      });
    await using full = run("full");
    assertEquals((await full.ended()).code, 1);
    assertMatch(full.stderr, /error: Cannot [\s\S]*\nhint: free space on the file system/);

    await using filling = run("empty");
    await filling.shows(/INFO +ready /);
    const note = "x".repeat(50_000);
    for (let count = 0; count < 30; count++) {
      await mustDo(folder.path, "emit", "VOLUME_SET", "name=gv1", `options=,user.note,${note}`);
    }
    await filling.shows(/ERROR +spool fails, events are held in memory error=.*full/);
    const { spool, events } = await statusOf(folder.path);
    assertEquals([spool.ok, events.lost, events.received + events.held], [false, 0, 30]);
    // Whether or not this fits on the disk, the daemon goes on and keeps what it holds.
    await command(folder.path, "webhook-add", "http://a.example/");
    assertEquals((await statusOf(folder.path)).events.held, events.held);
    filling.kill("SIGTERM");
    assertEquals((await filling.ended()).code, 1);
    assertMatch(filling.stderr, new RegExp(`events are lost events=${events.held}\n$`));
    assertEquals(filling.stderr.match(/spool fails/g)?.length, 1, filling.stderr);
  },
);

testNeeding(["binary"], "a full log disk ends neither the daemon nor a delivery", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await mustDo(folder.path, "webhook-add", receiver.url);
  const script = 'exec "$GLUSTER_EVENTING_BINARY" "$@" 2>/dev/full';
  const args = ["run", ...placesIn(folder.path), "--listen", "127.0.0.1:0"];
  await using daemon = new RunningProgram(["-c", script, "sh", ...args], { binary: "sh" });
  await until("it answers", async () => (await command(folder.path, "status")).code === 0);
  await mustDo(folder.path, "emit", "VOLUME_START", "name=gv1");
  assertEquals(await namesAt(receiver, 1), ["gv1"]);
  daemon.kill("SIGTERM");
  assertEquals((await daemon.ended()).code, 0);
});

testNeeding(
  ["binary"],
  "a spool that somebody deletes is there again, with all that waited, for the next start",
  async () => {
    await using folder = await makeTempFolder();
    const names = ["before", "noticed", "after"];
    await mustDo(folder.path, "webhook-add", "http://127.0.0.1:1/", "--name", "ops");
    {
      await using daemon = await startDaemon(folder.path);
      await mustDo(folder.path, "emit", "VOLUME_START", "name=before");
      await until("it is in", async () => (await statusOf(folder.path)).events.received === 1);
      await Deno.remove(`${folder.path}/state`, { recursive: true });
      await mustDo(folder.path, "emit", "VOLUME_START", "name=noticed");
      await daemon.shows(/ERROR +somebody removed the spool's file, it was written again path=/);
      await mustDo(folder.path, "emit", "VOLUME_START", "name=after");
      await until("all are in", async () => (await statusOf(folder.path)).events.received === 3);
      daemon.kill("SIGKILL");
      await daemon.ended();
    }
    await using receiver = new Receiver();
    await mustDo(folder.path, "webhook-mod", "ops", "--url", receiver.url);
    await using _again = await startDaemon(folder.path);
    assertEquals(await namesAt(receiver, 3), names);
  },
);
