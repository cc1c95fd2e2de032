/**
 * Events that wait for a paused webhook, and how fast they go once it is resumed.
 *
 * @module
 */
import type { SoakDaemon } from "../soak/daemon_process.ts";
import { show, showRate } from "../soak/figures.ts";
import { kernelDrops, memoryOf } from "../soak/process_figures.ts";
import { Progress, untilDone } from "../soak/scenario.ts";
import { ArrivalCurve } from "./arrival_curve.ts";
import type { BenchContext, Findings, Row } from "./bench.ts";
import { Blaster } from "./blaster.ts";
import type { Measured } from "./budgets.ts";
import { untilDelivered } from "./our_load.ts";
import { startOurs } from "./our_relay.ts";
import { MemoryWatch } from "./process_tree.ts";

const WEBHOOK = "away";
const BATCH = 100;
/** Few enough that the kernel has room for what the daemon has not read yet. */
const PER_SECOND = 8000;
/** So many are sent before the daemon is asked whether it has got them. */
const PART = 2000;

/** Runs the benchmark. */
export async function backlog(context: BenchContext): Promise<Findings> {
  const rows: Row[] = [];
  let measured: Measured = {};
  for (const events of context.sizes.backlogs) {
    const figures = await figuresOf(events, context);
    rows.push({ name: `${show(events)} waiting`, figures });
    measured = { backlog: { events, mb: figures.waitingMb } };
  }
  return {
    columns: [
      { key: "perSecond", heading: "events/s while draining", unit: "rate" },
      { key: "waitingMb", heading: "memory while they wait", unit: "megabytes" },
      { key: "mostMb", heading: "most while draining", unit: "megabytes" },
    ],
    rows,
    notes: [`they are posted in batches of ${BATCH}`],
    measured,
  };
}

async function figuresOf(
  events: number,
  context: BenchContext,
): Promise<{ readonly waitingMb: number } & Row["figures"]> {
  const { nginx, signal } = context;
  const webhook = { name: WEBHOOK, url: nginx.url(), batch: BATCH, paused: true };
  await using relay = await startOurs([webhook]);
  const { daemon, pid } = relay;
  const sent = await fill(daemon, events, context);
  const { residentMb: waitingMb } = await memoryOf(pid);
  await using memory = new MemoryWatch([pid]);
  await using curve = new ArrivalCurve(nginx, events);
  await curve.begun();
  await daemon.command("webhook-resume", WEBHOOK);
  const { webhooks } = await untilDelivered({ daemon, sent, curve, context });
  signal.throwIfAborted();
  const delivered = webhooks[0]?.delivered ?? 0;
  const perSecond = curve.perSecond * delivered / curve.count;
  return { perSecond, waitingMb, mostMb: memory.mostMb };
}

/** Lets so many events wait, and sends again what was lost. @returns How many were sent. */
async function fill(daemon: SoakDaemon, events: number, context: BenchContext): Promise<number> {
  const { signal, report } = context;
  const progress = new Progress(context);
  const beganMs = performance.now();
  using blaster = new Blaster(daemon.port);
  for (let received = 0; received < events;) {
    const count = Math.min(PART, events - received);
    await blaster.send({ count, perSecond: PER_SECOND }, signal);
    received = await untilKnown(daemon, blaster.sent, signal);
    progress.at(() => `${show(received)} of ${show(events)} events wait`);
  }
  report(
    `${show(events)} events wait, taken in at ${showRate(events, performance.now() - beganMs)}`,
  );
  return blaster.sent;
}

/** Waits until each datagram was read or thrown away. @returns How many were taken in. */
async function untilKnown(daemon: SoakDaemon, sent: number, signal: AbortSignal): Promise<number> {
  return await untilDone("all datagrams are known", async () => {
    const { events } = await daemon.mustStatus();
    const known = events.received + await kernelDrops(daemon.port);
    return known >= sent ? { done: events.received } : { mark: `${known} of ${sent}` };
  }, { signal, seen: () => daemon.log });
}
