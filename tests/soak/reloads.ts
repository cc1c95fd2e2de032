/**
 * The registry changes again and again under load, in all the ways in which it can. A webhook that
 * is not touched gets every event once and in order; one that is touched misses none.
 *
 * @module
 */
import { assertEquals } from "../support/assert.ts";
import { Random } from "../support/random.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { checkNumbers } from "./arrival_checks.ts";
import { SoakDaemon } from "./daemon_process.ts";
import { untilDelivered } from "./delivered.ts";
import { show, showMs } from "./figures.ts";
import { RecordingReceiver } from "./recording_receiver.ts";
import { RegistryChanger } from "./registry_changer.ts";
import { type Figures, Progress, type Surroundings } from "./scenario.ts";
import { StatusWatch } from "./status_watch.ts";
import { checkAllTakenIn, SteadyLoad } from "./steady_load.ts";

/** How much. */
export interface ReloadsOptions {
  readonly reloads: number;
  /** Datagrams a second. */
  readonly perSecond: number;
  /** Decides which change comes when. */
  readonly seed: number;
}

const WATCHED = "watched";
const CHANGED = "changed";

/** Runs the scenario. */
export async function reloads(
  { reloads, perSecond, seed }: ReloadsOptions,
  surroundings: Surroundings,
): Promise<Figures> {
  surroundings.report(`seed ${seed}`);
  const progress = new Progress(surroundings);
  await using cleanups = new AsyncDisposableStack();
  const folder = cleanups.use(await makeTempFolder());
  const watched = cleanups.use(new RecordingReceiver());
  const changed = cleanups.use(new RecordingReceiver());
  const others = cleanups.use(new RecordingReceiver());
  const daemon = cleanups.use(new SoakDaemon({ folder: folder.path }));
  await daemon.command("webhook-add", watched.url, "--name", WATCHED);
  await daemon.command("webhook-add", changed.url, "--name", CHANGED, "--timeout", "10s");
  await daemon.start();
  const fromTheStart = [WATCHED, CHANGED];
  const watch = cleanups.use(new StatusWatch({ daemon, fromTheStart }));
  const load = cleanups.use(new SteadyLoad(daemon, perSecond));
  const changer = new RegistryChanger({
    daemon,
    changed: CHANGED,
    othersUrl: others.url,
    random: new Random(seed),
    signal: surroundings.signal,
  });

  const beganMs = performance.now();
  for (let done = 0; done < reloads; done++) {
    await changer.change();
    watch.check();
    progress.at(() => `${done + 1} of ${reloads} reloads, ${show(load.sent)} sent`);
  }
  const tookMs = performance.now() - beganMs;
  await load.stop();
  const status = await untilDelivered({ daemon, fromTheStart, surroundings, progress, watch });
  const drops = await checkAllTakenIn({ daemon, sent: load.sent, status });
  const { received } = status.events;
  for (const receiver of [watched, changed, others]) receiver.check();
  assertEquals(checkNumbers(WATCHED, watched.log, received).duplicates, 0, "nothing came twice");
  const again = checkNumbers(CHANGED, changed.log, received).duplicates;
  await daemon.stop();
  return {
    seed,
    "reloads": `${reloads}, ${showMs(Math.round(tookMs / reloads))} each`,
    ...changer.counts,
    "datagrams sent": show(load.sent),
    "events received": `${show(received)}, ${drops} dropped by the kernel`,
    "at the watched webhook": `${show(received)}, each once and in order`,
    "duplicates at the changed one": again,
    "statuses checked": watch.seen,
  };
}
