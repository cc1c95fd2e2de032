/**
 * How fast one webhook is delivered to: in order, in flight, in batches.
 *
 * @module
 */
import type { Compared } from "./alternatives.ts";
import type { BenchContext, Findings, Row } from "./bench.ts";
import type { Measured } from "./budgets.ts";
import { ourRate, RATE_COLUMNS, rateOf, receiverRate, syslogNgRate } from "./rates.ts";

const IN_FLIGHT = 16;
const BATCH = 100;

/** One request after the other, as it is without settings. */
export async function inOrder(context: BenchContext): Promise<Findings> {
  const ours = await ourRate({}, context.sizes.inOrder, context);
  const glustereventsd = await context.glustereventsdRate();
  const syslogNg = await syslogNgRate(context);
  return rateFindings(ours, [glustereventsd, syslogNg, await receiverRate(1, context)], {
    inOrder: rateOf(ours),
    glustereventsd: rateOf(glustereventsd.rows[0]),
    syslogNg: rateOf(syslogNg.rows[0]),
  });
}

/** Up to 16 requests at the same time. */
export async function inFlight(context: BenchContext): Promise<Findings> {
  const settings = { order: "none", concurrency: IN_FLIGHT };
  const ours = await ourRate(settings, context.sizes.inFlight, context);
  const glustereventsd = await context.glustereventsdRate();
  return rateFindings(ours, [glustereventsd, await receiverRate(IN_FLIGHT, context)], {
    inFlight: rateOf(ours),
    glustereventsd: rateOf(glustereventsd.rows[0]),
  });
}

/** Up to 100 events in a request. */
export async function batches(context: BenchContext): Promise<Findings> {
  const ours = await ourRate({ batch: BATCH }, context.sizes.batches, context);
  const glustereventsd = await context.glustereventsdRate();
  return rateFindings(ours, [glustereventsd], {
    batches: rateOf(ours),
    glustereventsd: rateOf(glustereventsd.rows[0]),
  });
}

function rateFindings(ours: Row, others: readonly Compared[], measured: Measured): Findings {
  return {
    columns: RATE_COLUMNS,
    rows: [ours, ...others.flatMap(({ rows }) => rows)],
    compared: "perSecond",
    notes: others.flatMap(({ notes }) => notes),
    measured,
  };
}
