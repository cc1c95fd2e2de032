/**
 * The daemon is killed again and again under load. Nothing that it says it has taken in may be
 * missing at a webhook, come in another order, or come under another id.
 *
 * @module
 */
import { assert } from "../support/assert.ts";
import { runProgram } from "../support/program.ts";
import { Random } from "../support/random.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { checkArrivals, type LaneOrder } from "./arrival_checks.ts";
import { readHistory } from "./committed_events.ts";
import { SoakDaemon } from "./daemon_process.ts";
import { untilDelivered } from "./delivered.ts";
import { show, showMs } from "./figures.ts";
import { FLAKY_TIMEOUT_MS, flakyAnswers } from "./flaky_answers.ts";
import { freePort } from "./free_port.ts";
import { type ReceiverOptions, RecordingReceiver } from "./recording_receiver.ts";
import { type Figures, pause, Progress, type Surroundings } from "./scenario.ts";
import { StatusWatch } from "./status_watch.ts";
import { SteadyLoad } from "./steady_load.ts";

/** How often and how hard. */
export interface CrashOptions {
  readonly kills: number;
  /** Datagrams a second. */
  readonly perSecond: number;
  /** Decides when it is killed and which requests fail. */
  readonly seed: number;
  /** The longest that the daemon lives once it is ready. */
  readonly longestLifeMs: number;
}

/** A webhook of the scenario. */
interface Target {
  readonly name: string;
  readonly order: LaneOrder;
  readonly options: readonly string[];
  readonly url: string;
  /** Undefined as long as nobody listens on its port. */
  receiver?: RecordingReceiver;
}

const QUICK_RETRY = ["--retry-min", "5ms", "--retry-max", "50ms"];
const FLAKY_OPTIONS = ["--timeout", `${FLAKY_TIMEOUT_MS}ms`];
/** The share of kills that may hit the daemon before it is ready. */
const KILLED_WHILE_STARTING = 0.15;
const LONGEST_START_MS = 150;

/** Webhooks with many requests in flight, where the binary knows such. */
const WIDE: readonly Pick<Target, "name" | "order" | "options">[] = [
  { name: "wide", order: "none", options: ["--order", "none", "--concurrency", "8"] },
  { name: "volumes", order: "volume", options: ["--order", "volume", "--concurrency", "4"] },
  { name: "batches", order: "fifo", options: ["--batch", "20"] },
];

/** Runs the scenario. */
export async function crash(options: CrashOptions, surroundings: Surroundings): Promise<Figures> {
  const { kills, perSecond, seed, longestLifeMs } = options;
  const { signal, report } = surroundings;
  report(`seed ${seed}`);
  const random = new Random(seed);
  await using cleanups = new AsyncDisposableStack();
  const folder = cleanups.use(await makeTempFolder());
  const targets = await makeTargets(random, cleanups);
  const daemon = cleanups.use(new SoakDaemon({ folder: folder.path }));
  for (const { name, url, options } of targets) {
    await daemon.command("webhook-add", url, "--name", name, ...QUICK_RETRY, ...options);
  }
  const fromTheStart = targets.map(({ name }) => name);
  const watch = cleanups.use(new StatusWatch({ daemon, fromTheStart }));
  const load = cleanups.use(new SteadyLoad(daemon, perSecond));
  const progress = new Progress(surroundings);

  let longestStartMs = 0;
  let killedWhileStarting = 0;
  for (let killed = 0; killed < kills; killed++) {
    if (killed === Math.floor(kills / 2)) wakeTheDead(targets, cleanups);
    daemon.spawn();
    if (random.chance(KILLED_WHILE_STARTING)) {
      killedWhileStarting++;
      await pause(random.below(LONGEST_START_MS), signal);
    } else {
      longestStartMs = Math.max(longestStartMs, await daemon.ready());
      await pause(random.below(longestLifeMs), signal);
    }
    await daemon.kill();
    checkAll(watch, targets);
    progress.at(() => `${killed + 1} of ${kills} kills, ${show(load.sent)} datagrams sent`);
  }
  longestStartMs = Math.max(longestStartMs, await daemon.start());
  await load.stop();
  const status = await untilDelivered({ daemon, fromTheStart, surroundings, progress, watch });
  const committed = await readHistory(daemon);
  await daemon.stop();
  checkAll(watch, targets);
  assert(
    committed.length === status.events.received,
    `the history has ${committed.length} events, but ${status.events.received} were received`,
  );
  const figures: Record<string, string | number> = {
    seed,
    kills: `${kills}, ${killedWhileStarting} of them while starting`,
    "datagrams sent": show(load.sent),
    "events committed": show(committed.length),
    "events missing": 0,
    "statuses checked": show(watch.seen),
    "longest start": showMs(longestStartMs),
  };
  for (const { name, order, receiver } of targets) {
    assert(receiver !== undefined, `${name} has no receiver`);
    const { requests, duplicates } = checkArrivals(name, receiver.log, { committed, order });
    figures[name] = `${show(requests)} posts recorded, ${show(duplicates)} duplicates`;
  }
  return figures;
}

async function makeTargets(random: Random, cleanups: AsyncDisposableStack): Promise<Target[]> {
  const open = (options?: ReceiverOptions) => cleanups.use(new RecordingReceiver(options));
  const healthy = open();
  const flaky = open({ behave: flakyAnswers(new Random(random.next())) });
  const url = `http://127.0.0.1:${freePort()}/hook`;
  const { stdout } = await runProgram(["webhook-add", "--help"]);
  const wide = stdout.includes("--order") ? WIDE : [];
  return [
    { name: "healthy", order: "fifo", options: [], url: healthy.url, receiver: healthy },
    { name: "flaky", order: "fifo", options: FLAKY_OPTIONS, url: flaky.url, receiver: flaky },
    { name: "dead-at-first", order: "fifo", options: [], url },
    ...wide.map((webhook) => {
      const receiver = open({ behave: flakyAnswers(new Random(random.next())) });
      return {
        ...webhook,
        options: [...FLAKY_OPTIONS, ...webhook.options],
        url: receiver.url,
        receiver,
      };
    }),
  ];
}

function wakeTheDead(targets: readonly Target[], cleanups: AsyncDisposableStack): void {
  for (const target of targets) {
    const port = Number(new URL(target.url).port);
    target.receiver ??= cleanups.use(new RecordingReceiver({ port }));
  }
}

function checkAll(watch: StatusWatch, targets: readonly Target[]): void {
  watch.check();
  for (const { receiver } of targets) receiver?.check();
}
