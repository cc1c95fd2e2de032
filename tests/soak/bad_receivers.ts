/**
 * A healthy webhook beside one of each kind of bad receiver: it gets everything, and the daemon
 * neither runs out of descriptors nor of memory.
 *
 * @module
 */
import { assert, assertEquals } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { checkNumbers } from "./arrival_checks.ts";
import { BAD_ANSWERS, MAY_DELIVER } from "./bad_answers.ts";
import { webhookIn } from "./counts.ts";
import { SoakDaemon } from "./daemon_process.ts";
import { untilDelivered } from "./delivered.ts";
import { show } from "./figures.ts";
import { descriptorsOf, memoryOf } from "./process_figures.ts";
import { RecordingReceiver } from "./recording_receiver.ts";
import { type Figures, pause, Progress, type Surroundings } from "./scenario.ts";
import { StatusWatch } from "./status_watch.ts";
import { checkAllTakenIn, SteadyLoad } from "./steady_load.ts";

/** How much. */
export interface BadReceiversOptions {
  readonly loadMs: number;
  /** Datagrams a second. */
  readonly perSecond: number;
  /** The most memory, in megabytes, that the daemon may ever have resident. */
  readonly maxResidentMb: number;
}

const HEALTHY = "healthy";
const LOOK_EVERY_MS = 250;
/** More than one request at a time for each of them, with a connection or two behind. */
const MOST_DESCRIPTORS_EACH = 4;
/** Short, so that each kind is met often; what hangs to the end of it is hung up on by the daemon. */
const OPTIONS = ["--timeout", "1s", "--retry-min", "20ms", "--retry-max", "200ms"];

/** Runs the scenario. */
export async function badReceivers(
  { loadMs, perSecond, maxResidentMb }: BadReceiversOptions,
  surroundings: Surroundings,
): Promise<Figures> {
  const progress = new Progress(surroundings);
  await using cleanups = new AsyncDisposableStack();
  const folder = cleanups.use(await makeTempFolder());
  const daemon = cleanups.use(new SoakDaemon({ folder: folder.path }));
  const healthy = cleanups.use(new RecordingReceiver());
  await daemon.command("webhook-add", healthy.url, "--name", HEALTHY);
  const bad = Object.entries(BAD_ANSWERS).map(([name, answer]) => ({
    name,
    receiver: cleanups.use(new RecordingReceiver({ behave: () => answer })),
  }));
  for (const { name, receiver: { url } } of bad) {
    await daemon.command("webhook-add", url, "--name", name, ...OPTIONS);
  }
  await daemon.start();
  const restDescriptors = await descriptorsOf(daemon.pid);
  const fromTheStart = [HEALTHY, ...bad.map(({ name }) => name)];
  let mostDescriptors = 0;
  const watch = cleanups.use(
    new StatusWatch({
      daemon,
      fromTheStart,
      everyMs: LOOK_EVERY_MS,
      onStatus: async () => {
        mostDescriptors = Math.max(mostDescriptors, await descriptorsOf(daemon.pid));
      },
    }),
  );
  const load = cleanups.use(new SteadyLoad(daemon, perSecond));
  const endMs = performance.now() + loadMs;
  while (performance.now() < endMs) {
    await pause(LOOK_EVERY_MS, surroundings.signal);
    watch.check();
    progress.at(() => `${show(load.sent)} datagrams sent, ${mostDescriptors} descriptors`);
  }
  await load.stop();
  const healthyOnly = [HEALTHY];
  const status = await untilDelivered({
    daemon,
    fromTheStart: healthyOnly,
    surroundings,
    progress,
    watch,
  });
  const drops = await checkAllTakenIn({ daemon, sent: load.sent, status });
  const { received } = status.events;
  const { duplicates } = checkNumbers(HEALTHY, healthy.log, received);
  assertEquals(duplicates, 0, `${HEALTHY} got events twice`);
  for (const { name, receiver } of [{ name: HEALTHY, receiver: healthy }, ...bad]) {
    receiver.check();
    assert(receiver.begun > 0, `nothing came to ${name}: ${Deno.inspect(webhookIn(status, name))}`);
  }
  for (const { name } of bad.filter(({ name }) => !MAY_DELIVER.has(name))) {
    assertEquals(webhookIn(status, name).delivered, 0, `${name} counts as delivered`);
  }
  const { residentMb, peakMb } = await memoryOf(daemon.pid);
  const mostAllowed = restDescriptors + MOST_DESCRIPTORS_EACH * fromTheStart.length;
  assert(
    mostDescriptors <= mostAllowed,
    `the daemon had ${mostDescriptors} descriptors open, ${mostAllowed} are allowed`,
  );
  assert(
    peakMb < maxResidentMb,
    `the daemon had ${peakMb} MB resident, ${maxResidentMb} MB are allowed`,
  );
  await daemon.stop();
  return {
    "bad receivers": bad.length,
    "requests to them": show(bad.reduce((sum, { receiver }) => sum + receiver.begun, 0)),
    "events at the healthy one": `${show(received)}, ${drops} dropped by the kernel`,
    "descriptors at rest / most": `${restDescriptors} / ${mostDescriptors}`,
    "resident at the end / most": `${residentMb} / ${peakMb} MB`,
  };
}
