/**
 * The file system of the spool fills up in the middle of the load, and has space again later. The
 * daemon stays up, counts, recovers, and delivers all that it took in.
 *
 * @module
 */
import { assert, assertEquals } from "../support/assert.ts";
import { RunningProgram } from "../support/program.ts";
import { BINARY } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { checkNumbers } from "./arrival_checks.ts";
import { SoakDaemon } from "./daemon_process.ts";
import { untilDelivered } from "./delivered.ts";
import { show } from "./figures.ts";
import { RecordingReceiver } from "./recording_receiver.ts";
import { type Figures, pause, Progress, type Surroundings, untilDone } from "./scenario.ts";
import { StatusWatch } from "./status_watch.ts";
import { checkAllTakenIn, SteadyLoad } from "./steady_load.ts";

/** How much. */
export interface FullDiskOptions {
  /** How often the disk fills up. */
  readonly rounds: number;
  /** How long it stays full once the daemon has noticed. */
  readonly fullMs: number;
  /** Datagrams a second. */
  readonly perSecond: number;
}

const WEBHOOK = "ops";
const DISK_MB = 64;
const NORMAL_MS = 1000;

// In a mount namespace of its own, so that nothing of it is left.
const SCRIPT = `
  set -e
  size=$1; state=$2; shift 2
  mkdir -p "$state"
  mount -t tmpfs -o "size=$size" tmpfs "$state"
  exec "$@"`;

/** Runs the scenario. It needs root and Linux, for a file system of its own. */
export async function fullDisk(
  { rounds, fullMs, perSecond }: FullDiskOptions,
  surroundings: Surroundings,
): Promise<Figures> {
  const { signal } = surroundings;
  const progress = new Progress(surroundings);
  await using cleanups = new AsyncDisposableStack();
  const folder = cleanups.use(await makeTempFolder());
  const receiver = cleanups.use(new RecordingReceiver());
  const state = `${folder.path}/state`;
  const daemon = cleanups.use(
    new SoakDaemon({
      folder: folder.path,
      launch: (args) =>
        new RunningProgram(
          ["--mount", "sh", "-c", SCRIPT, "sh", `${DISK_MB}m`, state, BINARY, ...args],
          { binary: "unshare" },
        ),
    }),
  );
  await daemon.command("webhook-add", receiver.url, "--name", WEBHOOK);
  await daemon.start();
  const fromTheStart = [WEBHOOK];
  let mostHeld = 0;
  const onStatus = ({ events }: { events: { held: number } }) => {
    mostHeld = Math.max(mostHeld, events.held);
  };
  const watch = cleanups.use(new StatusWatch({ daemon, fromTheStart, everyMs: 50, onStatus }));
  const load = cleanups.use(new SteadyLoad(daemon, perSecond));
  // The daemon's file system as seen from outside of its namespace.
  const filler = `/proc/${daemon.pid}/root${state}/filler`;

  const spoolIs = (ok: boolean) =>
    untilDone(`the spool is ${ok ? "written again" : "full"}`, async () => {
      watch.check();
      const { spool, events: { received, held } } = await daemon.mustStatus();
      const isSo = spool.ok === ok && (!ok || held === 0);
      return isSo ? { done: true } : { mark: `${received} received, ${held} held` };
    }, surroundings);
  for (let round = 1; round <= rounds; round++) {
    await pause(NORMAL_MS, signal);
    const filled = await fill(filler, signal);
    await spoolIs(false);
    await pause(fullMs, signal);
    assertEquals((await daemon.mustStatus()).spool.ok, false, "the disk is still full");
    await Deno.remove(filler);
    await spoolIs(true);
    progress.at(() => `${round} of ${rounds} rounds, ${show(filled)} bytes filled`);
  }
  await pause(NORMAL_MS, signal);
  await load.stop();
  const status = await untilDelivered({ daemon, fromTheStart, surroundings, progress, watch });
  const drops = await checkAllTakenIn({ daemon, sent: load.sent, status });
  const { received, lost } = status.events;
  receiver.check();
  const { requests, duplicates } = checkNumbers(WEBHOOK, receiver.log, received);
  assert(mostHeld > 0, "no event was ever held although the disk was full");
  const told = daemon.log.match(/ERROR +spool fails/g)?.length;
  assertEquals(told, rounds, `it says so once each time: ${daemon.log}`);
  await daemon.stop();
  return {
    "disks filled": rounds,
    "datagrams sent": show(load.sent),
    "events received / lost": `${show(received)} / ${lost}`,
    "dropped by the kernel": drops,
    "most held": show(mostHeld),
    "posts / duplicates": `${show(requests)} / ${duplicates}`,
    "statuses checked": watch.seen,
  };
}

const SIZES = [1_048_576, 65_536, 4096, 512];

/** Writes a file until there is no space for another byte. @returns Its size. */
async function fill(path: string, signal: AbortSignal): Promise<number> {
  using file = await Deno.open(path, { create: true, append: true });
  let filled = 0;
  for (const size of SIZES) {
    const bytes = new Uint8Array(size);
    try {
      for (;;) {
        signal.throwIfAborted();
        filled += await file.write(bytes);
      }
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    }
  }
  return filled;
}
