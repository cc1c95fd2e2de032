/**
 * Puts a load on a program and sees how it gets through.
 *
 * @module
 */
import { show } from "../soak/figures.ts";
import { kernelDrops } from "../soak/process_figures.ts";
import { pause, Progress } from "../soak/scenario.ts";
import { until } from "../support/until.ts";
import { ArrivalCurve } from "./arrival_curve.ts";
import type { BenchContext } from "./bench.ts";
import { type Blast, Blaster } from "./blaster.ts";
import { cpuSecondsOf, MemoryWatch, processTree } from "./process_tree.ts";
import type { Relay, RelayKind } from "./relay.ts";

/** How a program got through a load. */
export interface LoadFigures {
  /** Datagrams, as all counts without the one that warmed up. */
  readonly sent: number;
  /** Datagrams that the kernel threw away. */
  readonly drops: number;
  /** Requests at the receiver, in all and per second while they came. */
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Processor time, from the first datagram to the last request. */
  readonly cpuSeconds: number;
  /** The most memory that was resident meanwhile, in megabytes. */
  readonly mostMb: number;
}

/** What a load is and when it is over. */
export interface LoadOptions {
  readonly blast: Blast;
  /** How many requests an event makes; 1 if not given. */
  readonly requestsPerEvent?: number;
  /** Waits until nothing more will come. */
  readonly untilOver: (curve: ArrivalCurve, sent: number) => Promise<void>;
}

const LOOK_EVERY_MS = 50;
const QUIET_MS = 3000;
const QUICK_QUIET_MS = 700;

/** Warms the program up with one datagram, then sends the others and waits until it is over. */
export async function underLoad(
  relay: Relay,
  context: BenchContext,
  { blast, requestsPerEvent = 1, untilOver }: LoadOptions,
): Promise<LoadFigures> {
  const { nginx, signal } = context;
  await using cleanups = new AsyncDisposableStack();
  const blaster = cleanups.use(new Blaster(relay.port));
  const before = await nginx.requests();
  await blaster.send({ count: 1 }, signal);
  // Whatever a program does only once is done when its first event has arrived.
  await until("the first event arrives", async () => {
    signal.throwIfAborted();
    return await nginx.requests() >= before + requestsPerEvent;
  });
  const pids = (await processTree(relay.pid)).map(({ pid }) => pid);
  const memory = cleanups.use(new MemoryWatch(pids));
  const curve = cleanups.use(new ArrivalCurve(nginx, blast.count));
  await curve.begun();
  const cpuBefore = await cpuSecondsOf(relay.pid);
  await blaster.send(blast, signal);
  await untilOver(curve, blaster.sent);
  return {
    sent: blast.count,
    drops: await kernelDrops(relay.port),
    requests: curve.count,
    requestsPerSecond: curve.perSecond,
    cpuSeconds: await cpuSecondsOf(relay.pid) - cpuBefore,
    mostMb: memory.mostMb,
  };
}

/** Starts one of the alternatives, with nginx as its webhook, and puts a load on it. */
export async function alternativeUnderLoad(
  kind: RelayKind,
  blast: Blast,
  context: BenchContext,
): Promise<LoadFigures> {
  await using relay = await kind.start(context.nginx.url());
  return await underLoad(relay, context, {
    blast,
    untilOver: (curve) => untilQuiet(kind.name, curve, context),
  });
}

/** Nobody says that an alternative has nothing left to do: nothing comes any more. */
export async function untilQuiet(
  name: string,
  curve: ArrivalCurve,
  context: BenchContext,
): Promise<void> {
  const progress = new Progress(context);
  const quietMs = context.sizes.isQuick ? QUICK_QUIET_MS : QUIET_MS;
  while (curve.quietMs < quietMs) {
    await pause(LOOK_EVERY_MS, context.signal);
    progress.at(() => `${name}: ${show(curve.count)} have arrived`);
  }
}
