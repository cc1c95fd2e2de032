import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import type { RunningProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import {
  PATIENCE_MS,
  POOL_NEEDS,
  report,
  startDaemon,
  startDaemons,
  tell,
} from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";
import type { GlusterNode } from "./gluster_node.ts";

/** What is received while nobody takes it. */
const BURST = 200;

/** An event, as far as it is looked at. */
interface ShownEvent {
  readonly id: string;
  readonly nodeid: string;
  readonly event: string;
  readonly host: string;
  readonly message: { readonly name?: string };
}

/** The events that a `watch --json` has shown. */
function eventsOf({ stdout }: RunningProgram): ShownEvent[] {
  return stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

/** What was done to volumes, in order. */
function volumesOf(watch: RunningProgram): string[] {
  return eventsOf(watch)
    .filter(({ event }) => /^VOLUME_(CREATE|START|STOP)$/.test(event))
    .map(({ event, message }) => `${event} ${message.name}`);
}

/** Waits until it was told; others may keep glusterd busy for a while. */
async function notes(watch: RunningProgram, pattern: RegExp): Promise<void> {
  await until(`${pattern} is told`, () => pattern.test(watch.stderr), {
    withinMs: PATIENCE_MS,
    seen: () => [watch.stdout.slice(-2000), watch.stderr],
  });
}

/** The ids of all that a node has received. */
async function historyOf(node: GlusterNode): Promise<string[]> {
  const told = await tell(node, "history", "--local", "--limit", "10000");
  return (told.output as ShownEvent[]).map(({ id }) => id);
}

async function receivedOn(node: GlusterNode): Promise<number> {
  const told = await tell(node, "status", "--local");
  return (told.output as { events: { received: number } }).events.received;
}

/** How often glusterd was asked, from this node, how the nodes can be followed. */
async function questionsOf(node: GlusterNode): Promise<number> {
  const log = await Deno.readTextFile(`${node.folder}/log/cmd_history.log`);
  return [...log.matchAll(/gluster-eventing node \S+ \S+ link : SUCCESS/g)].length;
}

testNeeding(
  POOL_NEEDS,
  "watch --cluster shows what happens on all nodes, and all that a node received that went away",
  async (context) => {
    await onCluster(3, async ({ nodes }) => {
      const [one, two, three] = nodes;
      assert(one !== undefined && two !== undefined && three !== undefined);
      const [daemon, second] = await startDaemons(...nodes);
      assert(daemon !== undefined && second !== undefined);
      const watch = one.startEventing("watch", "--cluster", "--json", "--since", "1h");
      await notes(watch, /gl1: from here on/);

      await context.step("what administrators do on other nodes is shown", async () => {
        const begunMs = performance.now();
        const brick = `gl2:${two.folder}/gv1`;
        await two.gluster("volume", "create", "gv1", brick, "force");
        await three.gluster("volume", "start", "gv1");
        await two.gluster("volume", "stop", "gv1");
        const wanted = ["VOLUME_CREATE gv1", "VOLUME_START gv1", "VOLUME_STOP gv1"];
        await until("what happens on gl2 and gl3 is shown", () => {
          return volumesOf(watch).length === wanted.length;
        }, { withinMs: PATIENCE_MS, seen: () => [watch.stdout, watch.stderr] });
        // Each node's are in order, and those of several nodes come as they do.
        assertEquals(volumesOf(watch).toSorted(), wanted.toSorted());
        report("three commands and their events", begunMs);
        assertEquals(await questionsOf(one), 1);
      });

      await context.step("what a daemon received before it was killed follows once", async () => {
        const before = await receivedOn(two);
        // Nobody takes it: most of it is still on the node when its daemon dies.
        daemon.kill("SIGSTOP");
        await two.must(
          "bash",
          "-c",
          'for i in $(seq "$1"); do printf "1795333034 3 name=v$i" >/dev/udp/::1/55555; done',
          "bash",
          String(BURST),
        );
        await until("all of it is committed", async () => {
          return await receivedOn(two) >= before + BURST;
        }, { withinMs: PATIENCE_MS });
        second.kill("SIGKILL");
        await second.ended();
        daemon.kill("SIGCONT");
        const begunMs = performance.now();
        await notes(watch, /gl2 is away/);
        report("that it is away is told after", begunMs);
        await startDaemon(two);
        const startedMs = performance.now();
        await notes(watch, /gl2 is back/);
        report("that it is back is told after", startedMs);
      });

      await context.step("nothing of any node is missing, and nothing comes twice", async () => {
        let missing: Readonly<Record<string, readonly string[]>> = {};
        await until("all that the nodes have is shown", async () => {
          const shown = new Set(eventsOf(watch).map(({ id }) => id));
          missing = Object.fromEntries(
            await Promise.all(nodes.map(async (node) => {
              const ids = await historyOf(node);
              return [node.name, ids.filter((id) => !shown.has(id))] as const;
            })),
          );
          return Object.values(missing).every((ids) => ids.length === 0);
        }, { withinMs: PATIENCE_MS, seen: () => missing });
        const ids = eventsOf(watch).map(({ id }) => id);
        assertEquals(ids.length, new Set(ids).size);
        const notes = watch.stderr.split("\n").filter((line) => line.includes("gl2"));
        assertEquals(notes.length, 2, watch.stderr);
        assertMatch(notes[0] ?? "", /^note: gl2 is away: .*; what it receives follows when/);
        // One to begin with, and a few to find it again.
        const questions = await questionsOf(one);
        assert(questions >= 2 && questions <= 6, `${questions} questions`);
      });
    });
  },
);
