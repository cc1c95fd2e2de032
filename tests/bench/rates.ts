/**
 * The rows of a table of rates: what each program delivers to one webhook.
 *
 * @module
 */
import { type Compared, compareWith } from "./alternatives.ts";
import type { BenchContext, Column, Row } from "./bench.ts";
import type { Blast } from "./blaster.ts";
import { GLUSTEREVENTSD } from "./glustereventsd.ts";
import { alternativeUnderLoad } from "./load.ts";
import { oursUnderLoad } from "./our_load.ts";
import { OURS } from "./our_relay.ts";
import type { RelayKind } from "./relay.ts";
import { SYSLOG_NG } from "./syslog_ng.ts";
import { WRK, wrkMissing, wrkRate } from "./wrk.ts";

/** The columns of such a table. */
export const RATE_COLUMNS: readonly Column[] = [
  { key: "sent", heading: "sent", unit: "count" },
  { key: "events", heading: "delivered", unit: "count" },
  { key: "perSecond", heading: "events/s", unit: "rate" },
];

/** More than it delivers, and few enough that it does not do much else than losing them. */
const GLUSTEREVENTSD_PER_SECOND = 1000;
/** More than it delivers; its queue holds the rest. */
const SYSLOG_NG_PER_SECOND = 15_000;

/** The rate in a row, in events per second. */
export function rateOf(row: Row | undefined): number | undefined {
  return row?.figures["perSecond"];
}

/** What ours delivers of so many events to one webhook with these settings. */
export async function ourRate(
  settings: Readonly<Record<string, string | number>>,
  count: number,
  context: BenchContext,
): Promise<Row> {
  const webhook = { name: "ops", url: context.nginx.url(), ...settings };
  const { delivered, perSecond } = await oursUnderLoad([webhook], { count }, context);
  return { name: OURS, figures: { sent: count, events: delivered, perSecond } };
}

/** What glustereventsd delivers. */
export async function glustereventsdRate(context: BenchContext): Promise<Compared> {
  return await alternativeRate(GLUSTEREVENTSD, GLUSTEREVENTSD_PER_SECOND, context);
}

/** What syslog-ng delivers. */
export async function syslogNgRate(context: BenchContext): Promise<Compared> {
  return await alternativeRate(SYSLOG_NG, SYSLOG_NG_PER_SECOND, context);
}

/** What a program delivers that only posts, over so many connections. */
export async function receiverRate(
  connections: number,
  { nginx, sizes, signal }: BenchContext,
): Promise<Compared> {
  const missing = wrkMissing();
  if (missing !== undefined) return { rows: [], notes: [`wrk: ${missing}`] };
  const perSecond = await wrkRate(nginx.url(), { connections, forMs: sizes.pacedMs, signal });
  return { rows: [{ name: WRK, figures: { perSecond } }], notes: [] };
}

async function alternativeRate(
  kind: RelayKind,
  perSecond: number,
  context: BenchContext,
): Promise<Compared> {
  const count = Math.round(perSecond * context.sizes.pacedMs / 1000);
  const blast: Blast = { count, perSecond };
  return await compareWith([kind], async () => {
    const { requests, requestsPerSecond } = await alternativeUnderLoad(kind, blast, context);
    return { sent: count, events: requests, perSecond: requestsPerSecond };
  });
}
