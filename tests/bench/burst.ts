/**
 * A burst of datagrams, as fast as one process can send them.
 *
 * @module
 */
import { ALTERNATIVES, compareWith } from "./alternatives.ts";
import type { BenchContext, Findings } from "./bench.ts";
import { alternativeUnderLoad } from "./load.ts";
import { oursUnderLoad } from "./our_load.ts";
import { OURS } from "./our_relay.ts";

const WEBHOOKS = 4;

/** Runs the benchmark. */
export async function burst(context: BenchContext): Promise<Findings> {
  const blast = { count: context.sizes.burst };
  const webhooks = Array.from({ length: WEBHOOKS }, (_, index) => {
    const name = `h${index + 1}`;
    return { name, url: context.nginx.url(name) };
  });
  const ours = await oursUnderLoad(webhooks, blast, context);
  const { sent, received, drops, delivered } = ours;
  const { rows, notes } = await compareWith(ALTERNATIVES, async (kind) => {
    const { sent, drops, requests } = await alternativeUnderLoad(kind, blast, context);
    return { sent, drops, delivered: requests };
  });
  return {
    columns: [
      { key: "sent", heading: "sent", unit: "count" },
      { key: "received", heading: "taken in", unit: "count" },
      { key: "drops", heading: "dropped by the kernel", unit: "count" },
      { key: "delivered", heading: "delivered", unit: "count" },
    ],
    rows: [{ name: OURS, figures: { sent, received, drops, delivered } }, ...rows],
    compared: "delivered",
    notes: [
      `ours serves ${WEBHOOKS} webhooks, and "delivered" is what each of them got; the others serve one`,
      "what the others took in and then lost they do not tell",
      ...notes,
    ],
    measured: { burst: { sent, received, drops } },
  };
}
