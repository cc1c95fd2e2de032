/**
 * What delivering costs while events come at a pace that the program keeps up with.
 *
 * @module
 */
import { show } from "../soak/figures.ts";
import { ALTERNATIVES, compareWith } from "./alternatives.ts";
import type { BenchContext, Findings, Row } from "./bench.ts";
import type { Blast } from "./blaster.ts";
import { GLUSTEREVENTSD } from "./glustereventsd.ts";
import { type LoadFigures, underLoad, untilQuiet } from "./load.ts";
import { OURS, startOurs } from "./our_relay.ts";
import { processTree, residentMbOf } from "./process_tree.ts";
import type { Relay } from "./relay.ts";

const PER = 100_000;
const PER_SECOND = 2000;
/** It would lose some of more. */
const GLUSTEREVENTSD_PER_SECOND = 250;

/** Runs the benchmark. */
export async function cost(context: BenchContext): Promise<Findings> {
  const { nginx } = context;
  const ours = await figuresOf(
    OURS,
    () => startOurs([{ name: "ops", url: nginx.url() }]),
    context,
  );
  const { rows, notes } = await compareWith(
    ALTERNATIVES,
    async ({ name, start }) => await figuresOf(name, () => start(nginx.url()), context),
  );
  return {
    columns: [
      { key: "idleMb", heading: "memory idle", unit: "megabytes" },
      { key: "mostMb", heading: "most memory", unit: "megabytes" },
      { key: "events", heading: "events", unit: "count" },
      { key: "cpuSeconds", heading: `processor per ${show(PER)}`, unit: "seconds" },
    ],
    rows: [{ name: OURS, figures: ours }, ...rows],
    compared: "cpuSeconds",
    notes: [
      `processor time is that of the events delivered, scaled to ${show(PER)}: ` +
      `${show(PER_SECOND)} a second were sent, to glustereventsd ${
        show(GLUSTEREVENTSD_PER_SECOND)
      }`,
      "what processes of one program share in memory counts once",
      ...notes,
    ],
    measured: { idleMb: ours.idleMb },
  };
}

async function figuresOf(
  name: string,
  start: () => Promise<Relay>,
  context: BenchContext,
): Promise<{ readonly idleMb: number } & Row["figures"]> {
  await using relay = await start();
  const pids = (await processTree(relay.pid)).map(({ pid }) => pid);
  const idleMb = await residentMbOf(pids);
  const load: LoadFigures = await underLoad(relay, context, {
    blast: blastFor(name, context),
    untilOver: (curve) => untilQuiet(name, curve, context),
  });
  const { requests, cpuSeconds, mostMb } = load;
  return { idleMb, mostMb, events: requests, cpuSeconds: cpuSeconds * PER / requests };
}

function blastFor(name: string, { sizes: { costMs } }: BenchContext): Blast {
  const perSecond = name === GLUSTEREVENTSD.name ? GLUSTEREVENTSD_PER_SECOND : PER_SECOND;
  return { count: Math.round(perSecond * costMs / 1000), perSecond };
}
