/**
 * Puts a load on our daemon, which tells what became of it.
 *
 * @module
 */
import type { StatusReport } from "../../src/api/status_report.ts";
import type { SoakDaemon } from "../soak/daemon_process.ts";
import { show } from "../soak/figures.ts";
import { kernelDrops } from "../soak/process_figures.ts";
import { Progress, untilDone } from "../soak/scenario.ts";
import type { ArrivalCurve } from "./arrival_curve.ts";
import type { BenchContext } from "./bench.ts";
import type { Blast } from "./blaster.ts";
import { type LoadFigures, underLoad } from "./load.ts";
import { type RegisteredWebhook, startOurs } from "./our_relay.ts";

/** How our daemon got through a load. */
export interface OurLoadFigures extends LoadFigures {
  /** Datagrams that it took in, without the one that warmed up. */
  readonly received: number;
  /** What each webhook got of them: the least that any got. */
  readonly delivered: number;
  /** Deliveries to all webhooks per second while they came. */
  readonly perSecond: number;
}

/** While requests come, the daemon is not asked: an answer costs time with many webhooks. */
const QUIET_MS = 150;
const WARM_UP = 1;

/** Starts the daemon with these webhooks, puts a load on it and waits until all is delivered. */
export async function oursUnderLoad(
  webhooks: readonly RegisteredWebhook[],
  blast: Blast,
  context: BenchContext,
): Promise<OurLoadFigures> {
  await using relay = await startOurs(webhooks);
  const { daemon } = relay;
  let status: StatusReport | undefined;
  const figures = await underLoad(relay, context, {
    blast,
    requestsPerEvent: webhooks.length,
    untilOver: async (curve, sent) => {
      status = await untilDelivered({ daemon, sent, curve, context });
    },
  });
  if (status === undefined) throw new Error("The daemon was not asked");
  const received = status.events.received - WARM_UP;
  const delivered = Math.min(...status.webhooks.map((webhook) => webhook.delivered)) - WARM_UP;
  const deliveries = delivered * webhooks.length;
  return {
    ...figures,
    drops: dropsIn(status) ?? figures.drops,
    received,
    delivered,
    perSecond: figures.requestsPerSecond * deliveries / figures.requests,
  };
}

/** What the daemon says the kernel threw away; `undefined` if it does not. */
export function dropsIn(status: StatusReport): number | undefined {
  const events: StatusReport["events"] & { readonly kernel_drops?: number | null } = status.events;
  return events.kernel_drops ?? undefined;
}

/** What to wait for. */
export interface UntilDelivered {
  readonly daemon: SoakDaemon;
  /** How many datagrams were sent to the daemon in its life. */
  readonly sent: number;
  readonly curve: ArrivalCurve;
  readonly context: BenchContext;
}

/** Waits until every datagram is accounted for, and nothing waits for any webhook. */
export async function untilDelivered(
  { daemon, sent, curve, context }: UntilDelivered,
): Promise<StatusReport> {
  const progress = new Progress(context);
  let last: StatusReport | undefined;
  return await untilDone("everything is delivered", async () => {
    progress.at(() => `${show(curve.count)} requests have arrived`);
    if (curve.quietMs < QUIET_MS) return { mark: `${curve.count} requests` };
    const status = await daemon.mustStatus();
    last = status;
    const { received, held, lost, refused } = status.events;
    const known = received + held + lost + refused + await kernelDrops(daemon.port);
    const waiting = held + status.webhooks.reduce((sum, { pending }) => sum + pending, 0);
    if (known >= sent && waiting === 0) return { done: status };
    return { mark: `${known} of ${sent} datagrams known, ${waiting} waiting` };
  }, { signal: context.signal, seen: () => ({ events: last?.events, log: daemon.log }) });
}
