/**
 * Events pile up for a webhook whose receiver is away, then the receiver comes back.
 *
 * @module
 */
import { assert, assertEquals } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { checkNumbers } from "./arrival_checks.ts";
import { SoakDaemon } from "./daemon_process.ts";
import { untilDelivered } from "./delivered.ts";
import { show, showRate } from "./figures.ts";
import { freePort } from "./free_port.ts";
import { LoadSender } from "./load_sender.ts";
import { memoryOf } from "./process_figures.ts";
import { RecordingReceiver } from "./recording_receiver.ts";
import { type Figures, Progress, type Surroundings } from "./scenario.ts";
import { StatusWatch } from "./status_watch.ts";

/** How much. */
export interface BacklogOptions {
  readonly events: number;
  /** The most memory, in megabytes, that the daemon may ever have resident; not checked if 0. */
  readonly maxResidentMb: number;
}

/** How the intake of a part of the events went. */
interface Part {
  readonly events: number;
  readonly ms: number;
  readonly residentMb: number;
}

const WEBHOOK = "away";
const PARTS = 10;
/** The kernel's buffer of 212,992 bytes holds about 280 small datagrams. */
const MOST_AHEAD = 100;
const STALLED_AFTER_MS = 30_000;

/** Runs the scenario. */
export async function backlog(
  { events, maxResidentMb }: BacklogOptions,
  surroundings: Surroundings,
): Promise<Figures> {
  const progress = new Progress(surroundings);
  await using cleanups = new AsyncDisposableStack();
  const folder = cleanups.use(await makeTempFolder());
  const port = freePort();
  const daemon = cleanups.use(new SoakDaemon({ folder: folder.path }));
  const url = `http://127.0.0.1:${port}/hook`;
  const retry = ["--retry-min", "50ms", "--retry-max", "250ms"];
  await daemon.command("webhook-add", url, "--name", WEBHOOK, ...retry);
  await daemon.start();
  const fromTheStart = [WEBHOOK];
  const watch = cleanups.use(new StatusWatch({ daemon, fromTheStart, everyMs: 1000 }));
  const sender = cleanups.use(new LoadSender(daemon.port));

  const restMb = (await memoryOf(daemon.pid)).residentMb;
  const parts: Part[] = [];
  for (let part = 0; part < PARTS; part++) {
    const upTo = Math.round(events * (part + 1) / PARTS);
    parts.push(await takeIn({ daemon, sender, upTo, progress, watch }));
    const { events: count, ms, residentMb } = parts.at(-1) as Part;
    surroundings.report(
      `${show(upTo)} events wait; the last ${show(count)} came in at ${showRate(count, ms)}, ` +
        `${residentMb} MB resident`,
    );
  }
  const waiting = (await daemon.mustStatus()).webhooks[0]?.pending;
  assertEquals(waiting, events, "all of them wait");
  const { peakMb } = await memoryOf(daemon.pid);

  const receiver = cleanups.use(new RecordingReceiver({ port }));
  const beganMs = performance.now();
  const status = await untilDelivered({ daemon, fromTheStart, surroundings, progress, watch });
  const drainMs = performance.now() - beganMs;
  receiver.check();
  const { duplicates } = checkNumbers(WEBHOOK, receiver.log, events);
  assertEquals([duplicates, status.events.received], [0, events], "each arrived once");
  const after = await memoryOf(daemon.pid);
  await daemon.stop();
  const rates = parts.map((part) => part.events * 1000 / part.ms);
  const figures = {
    "events that waited": show(events),
    "intake, first / slowest / last tenth": [rates[0] ?? 0, Math.min(...rates), rates.at(-1) ?? 0]
      .map((rate) => `${show(Math.round(rate))}/s`).join(" / "),
    "resident at rest": `${restMb} MB`,
    "resident at each tenth": `${parts.map(({ residentMb }) => residentMb).join(" ")} MB`,
    "most while they waited": `${peakMb} MB`,
    "most in all, at the end": `${after.peakMb} MB, ${after.residentMb} MB`,
    "delivery": showRate(events, drainMs),
  };
  assert(
    maxResidentMb === 0 || after.peakMb < maxResidentMb,
    `the daemon had ${after.peakMb} MB resident, ${maxResidentMb} MB are allowed\n` +
      Deno.inspect(figures),
  );
  return figures;
}

/** Sends as fast as the daemon takes it in, until so many are in. */
async function takeIn(
  { daemon, sender, upTo, progress, watch }: {
    daemon: SoakDaemon;
    sender: LoadSender;
    upTo: number;
    progress: Progress;
    watch: StatusWatch;
  },
): Promise<Part> {
  const beganMs = performance.now();
  const before = sender.sent;
  let movedMs = beganMs;
  for (let last = -1;;) {
    const { received } = (await daemon.mustStatus()).events;
    watch.check();
    if (received >= upTo) break;
    const nowMs = performance.now();
    if (received !== last) movedMs = nowMs;
    last = received;
    assert(
      nowMs - movedMs < STALLED_AFTER_MS,
      `the daemon stays at ${received} of ${sender.sent} datagrams, although never more than ` +
        `${MOST_AHEAD} were on their way`,
    );
    await sender.send(Math.min(MOST_AHEAD - (sender.sent - received), upTo - sender.sent));
    progress.at(() => `${show(received)} events are in`);
  }
  const { residentMb } = await memoryOf(daemon.pid);
  return { events: upTo - before, ms: performance.now() - beganMs, residentMb };
}
