/**
 * Healthy webhooks, first alone, then beside one that never answers: what they get and how soon.
 *
 * @module
 */
import { assertEquals } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { checkNumbers } from "./arrival_checks.ts";
import { SoakDaemon } from "./daemon_process.ts";
import { untilDelivered } from "./delivered.ts";
import { hang } from "./bad_answers.ts";
import { percentile, show, showMs } from "./figures.ts";
import type { LoadSender } from "./load_sender.ts";
import { RecordingReceiver } from "./recording_receiver.ts";
import { type Figures, pause, Progress, type Surroundings, untilDone } from "./scenario.ts";
import { StatusWatch } from "./status_watch.ts";
import { checkAllTakenIn, SteadyLoad } from "./steady_load.ts";

/** How much. */
export interface IsolationOptions {
  /** How often to measure both; the machine may be slower at one time than at another. */
  readonly rounds: number;
  /** How long each of the two is measured in a round. */
  readonly phaseMs: number;
  /** Datagrams a second. */
  readonly perSecond: number;
}

const HEALTHY = 9;
const WARM_UP_MS = 500;
const HANGING = "hanging";
const PHASES = ["alone", "beside one that hangs"] as const;

/** The numbers of the datagrams that were sent in a phase: from, and up to but not with. */
interface Span {
  readonly phase: typeof PHASES[number];
  readonly from: number;
  readonly to: number;
}

/** Runs the scenario. */
export async function isolation(
  { rounds, phaseMs, perSecond }: IsolationOptions,
  surroundings: Surroundings,
): Promise<Figures> {
  const { signal } = surroundings;
  const progress = new Progress(surroundings);
  await using cleanups = new AsyncDisposableStack();
  const folder = cleanups.use(await makeTempFolder());
  const healthy = Array.from({ length: HEALTHY }, (_, index) => ({
    name: `healthy-${index + 1}`,
    receiver: cleanups.use(new RecordingReceiver()),
  }));
  const hanging = cleanups.use(new RecordingReceiver({ behave: () => ({ play: hang }) }));
  const daemon = cleanups.use(new SoakDaemon({ folder: folder.path }));
  for (const { name, receiver: { url } } of healthy) {
    await daemon.command("webhook-add", url, "--name", name);
  }
  await daemon.start();
  const fromTheStart = healthy.map(({ name }) => name);
  const watch = cleanups.use(new StatusWatch({ daemon, fromTheStart, everyMs: 1000 }));
  const load = cleanups.use(new SteadyLoad(daemon, perSecond));
  const spans: Span[] = [];
  const measure = async (phase: Span["phase"]) => {
    const from = load.sent;
    await pause(phaseMs, signal);
    spans.push({ phase, from, to: load.sent });
    watch.check();
  };
  // The first requests of a program take longer, whatever is beside them.
  await pause(WARM_UP_MS, signal);
  for (let round = 1; round <= rounds; round++) {
    await measure("alone");
    await daemon.command("webhook-add", hanging.url, "--name", HANGING);
    const { begun } = hanging;
    await untilDone("the hanging webhook is tried", () => {
      return Promise.resolve(hanging.begun > begun ? { done: true } : { mark: "none" });
    }, surroundings);
    await measure("beside one that hangs");
    await daemon.command("webhook-del", HANGING);
    progress.at(() => `${round} of ${rounds} rounds`);
  }
  await load.stop();
  const status = await untilDelivered({ daemon, fromTheStart, surroundings, progress, watch });
  await checkAllTakenIn({ daemon, sent: load.sent, status });
  for (const { name, receiver } of healthy) {
    receiver.check();
    const { duplicates } = checkNumbers(name, receiver.log, status.events.received);
    assertEquals(duplicates, 0, `${name} got events twice`);
  }
  await daemon.stop();
  const receivers = healthy.map(({ receiver }) => receiver);
  return latencyFigures(spans, receivers, load.sender);
}

function latencyFigures(
  spans: readonly Span[],
  receivers: readonly RecordingReceiver[],
  sender: LoadSender,
): Figures {
  const latencies = PHASES.map((phase) => {
    const own = spans.filter((span) => span.phase === phase);
    return receivers.flatMap(({ log }) =>
      log.arrivals
        .filter(({ number }) => own.some(({ from, to }) => number >= from && number < to))
        .map(({ number, atMs }) => atMs - sender.sentAtMs(number))
    );
  });
  const [alone = [], beside = []] = latencies;
  const ratio = (share: number) => show(percentile(beside, share) / percentile(alone, share));
  return {
    "posts measured": `${show(alone.length)} alone, ${show(beside.length)} beside one that hangs`,
    ...Object.fromEntries(latencies.map((values, index) => [
      `p50 / p99 ${PHASES[index]}`,
      `${showMs(percentile(values, 0.5))} / ${showMs(percentile(values, 0.99))}`,
    ])),
    "ratio of p50 / of p99": `${ratio(0.5)} / ${ratio(0.99)}`,
  };
}
