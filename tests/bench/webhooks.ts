/**
 * The same number of deliveries, to few and to many webhooks.
 *
 * @module
 */
import { show } from "../soak/figures.ts";
import type { BenchContext, Findings, Row } from "./bench.ts";
import { oursUnderLoad } from "./our_load.ts";

const PER = 100_000;

/** Runs the benchmark. */
export async function webhooks(context: BenchContext): Promise<Findings> {
  const rows: Row[] = [];
  for (const count of context.sizes.webhooks) {
    const name = count === 1 ? "1 webhook" : `${show(count)} webhooks`;
    context.report(`with ${name}`);
    rows.push({ name, figures: await figuresOf(count, context) });
  }
  return {
    columns: [
      { key: "deliveries", heading: "deliveries", unit: "count" },
      { key: "perSecond", heading: "deliveries/s", unit: "rate" },
      { key: "cpuSeconds", heading: `processor per ${show(PER)}`, unit: "seconds" },
      { key: "mostMb", heading: "most memory", unit: "megabytes" },
    ],
    rows,
    notes: [],
    measured: {},
  };
}

async function figuresOf(count: number, context: BenchContext): Promise<Row["figures"]> {
  const { nginx, sizes } = context;
  const hooks = Array.from({ length: count }, (_, index) => {
    const name = `h${index + 1}`;
    return { name, url: nginx.url(name) };
  });
  const blast = { count: Math.round(sizes.deliveries / count) };
  const { delivered, perSecond, cpuSeconds, mostMb } = await oursUnderLoad(hooks, blast, context);
  const deliveries = delivered * count;
  return { deliveries, perSecond, cpuSeconds: cpuSeconds * PER / deliveries, mostMb };
}
