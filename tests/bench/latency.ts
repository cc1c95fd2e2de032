/**
 * How long an event takes from its datagram to the arrival of its POST while nothing else happens.
 *
 * @module
 */
import { percentile } from "../soak/figures.ts";
import { LoadSender } from "../soak/load_sender.ts";
import { pause, Progress } from "../soak/scenario.ts";
import { until } from "../support/until.ts";
import { ALTERNATIVES, compareWith } from "./alternatives.ts";
import { ArrivalClock } from "./arrival_clock.ts";
import type { BenchContext, Findings, Row } from "./bench.ts";
import { GLUSTEREVENTSD } from "./glustereventsd.ts";
import { OURS, startOurs } from "./our_relay.ts";
import type { Relay } from "./relay.ts";

const EVERY_MS = 20;
const WARM_UP = 5;

/** Runs the benchmark. */
export async function latency(context: BenchContext): Promise<Findings> {
  const ours = await figuresOf((url) => startOurs([{ name: "ops", url }]), context);
  const { rows, notes } = await compareWith(
    ALTERNATIVES,
    async ({ start }) => await figuresOf(start, context),
  );
  const theirs = rows.find(({ name }) => name === GLUSTEREVENTSD.name)?.figures["p99"];
  return {
    columns: [
      { key: "p50", heading: "p50", unit: "ms" },
      { key: "p99", heading: "p99", unit: "ms" },
    ],
    rows: [{ name: OURS, figures: ours }, ...rows],
    compared: "p99",
    notes,
    measured: { latencyP99Ms: ours.p99, glustereventsdP99Ms: theirs },
  };
}

async function figuresOf(
  start: (url: string) => Promise<Relay>,
  context: BenchContext,
): Promise<{ p50: number; p99: number } & Row["figures"]> {
  await using clock = new ArrivalClock();
  await using relay = await start(clock.url);
  const latenciesMs = await latenciesOf(relay, clock, context);
  return { p50: percentile(latenciesMs, 0.5), p99: percentile(latenciesMs, 0.99) };
}

async function latenciesOf(
  { port }: Relay,
  clock: ArrivalClock,
  context: BenchContext,
): Promise<number[]> {
  const progress = new Progress(context);
  using sender = new LoadSender(port);
  const count = WARM_UP + context.sizes.latencies;
  const latenciesMs: number[] = [];
  for (let number = 0; number < count; number++) {
    await sender.send(1);
    const sentMs = sender.sentAtMs(number);
    // Nothing is sent while another event is on its way: an idle program is what is measured.
    await until(`event ${number} arrives`, () => {
      context.signal.throwIfAborted();
      return clock.arrivedAtMs(number) !== undefined;
    });
    const arrivedMs = clock.arrivedAtMs(number) ?? NaN;
    if (number >= WARM_UP) latenciesMs.push(arrivedMs - sentMs);
    progress.at(() => `${number + 1} of ${count} events timed`);
    await pause(Math.max(0, sentMs + EVERY_MS - performance.now()), context.signal);
  }
  return latenciesMs;
}
