/**
 * How long it takes to start.
 *
 * @module
 */
import { percentile } from "../soak/figures.ts";
import { pause } from "../soak/scenario.ts";
import { placesIn } from "../support/local_node.ts";
import { RunningProgram, runProgram } from "../support/program.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { ALTERNATIVES, compareWith } from "./alternatives.ts";
import type { BenchContext, Findings } from "./bench.ts";
import { OURS } from "./our_relay.ts";

const LOOK_EVERY_MS = 1;
const LONGEST_START_MS = 15_000;

/** Runs the benchmark. */
export async function start(context: BenchContext): Promise<Findings> {
  const { sizes: { starts }, signal, nginx } = context;
  const version = await medianOf(starts, versionMs, signal);
  const ready = await medianOf(starts, () => readyMs(signal), signal);
  const { rows, notes } = await compareWith(ALTERNATIVES, async (kind) => {
    const listening = await medianOf(starts, async () => {
      const beganMs = performance.now();
      await using _relay = await kind.start(nginx.url());
      return performance.now() - beganMs;
    }, signal);
    return { ready: listening };
  });
  return {
    columns: [
      { key: "version", heading: "--version", unit: "ms" },
      { key: "ready", heading: "ready", unit: "ms" },
    ],
    rows: [{ name: OURS, figures: { version, ready } }, ...rows],
    compared: "ready",
    notes: [
      `the median of ${starts}; the others are ready when they listen, looked at every 10 ms`,
      ...notes,
    ],
    measured: { versionMs: version, readyMs: ready },
  };
}

async function medianOf(
  times: number,
  measure: () => Promise<number>,
  signal: AbortSignal,
): Promise<number> {
  const values: number[] = [];
  for (let done = 0; done < times; done++) {
    signal.throwIfAborted();
    values.push(await measure());
  }
  return percentile(values, 0.5);
}

async function versionMs(): Promise<number> {
  const beganMs = performance.now();
  const { code, stderr } = await runProgram(["--version"]);
  const ms = performance.now() - beganMs;
  if (code !== 0) throw new Error(`--version ended with ${code}: ${stderr}`);
  return ms;
}

/** From its start to the line in which it says that it is ready. */
async function readyMs(signal: AbortSignal): Promise<number> {
  await using folder = await makeTempFolder();
  const beganMs = performance.now();
  const args = ["run", ...placesIn(folder.path), "--listen", "127.0.0.1:0"];
  await using program = new RunningProgram(args);
  for (;;) {
    const ms = performance.now() - beganMs;
    if (/INFO +ready /.test(program.stderr)) return ms;
    if (ms > LONGEST_START_MS) throw new Error(`The daemon is not ready: ${program.stderr}`);
    await pause(LOOK_EVERY_MS, signal);
  }
}
