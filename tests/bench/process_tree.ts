/**
 * What a process and all that it started cost.
 *
 * @module
 */
import { memoryOf } from "../soak/process_figures.ts";
import { pause } from "../soak/scenario.ts";

/** What `/proc/PID/stat` says of a process. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Time on a processor, of the process and of its children that have ended. */
  readonly cpuSeconds: number;
}

/** The kernel's unit of these times has been this since ever on Linux (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;
const EVERY_MS = 50;

/** Reads a line of `/proc/PID/stat`. */
export function parseStat(line: string): ProcessStat {
  // The name stands in brackets and may hold anything.
  const columns = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = columns.slice(11, 15).reduce((sum, column) => sum + Number(column), 0);
  return {
    pid: Number.parseInt(line),
    parent: Number(columns[1]),
    cpuSeconds: ticks / TICKS_PER_SECOND,
  };
}

/** A process and all below it; those that end meanwhile are left out. */
export async function processTree(root: number): Promise<ProcessStat[]> {
  const all: ProcessStat[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    if (line !== "") all.push(parseStat(line));
  }
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** Seconds on a processor, of a process and all below it. */
export async function cpuSecondsOf(root: number): Promise<number> {
  return (await processTree(root)).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Megabytes that these processes have resident; what several of them share counts once. */
export async function residentMbOf(pids: readonly number[]): Promise<number> {
  const [first, ...others] = pids;
  if (first !== undefined && others.length === 0) return (await memoryOf(first)).residentMb;
  let kilobytes = 0;
  for (const pid of pids) {
    const text = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`).catch(() => "");
    kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
  }
  return Math.round(kilobytes * 1.024) / 1000;
}

/** Looks at the memory of processes all the time, from its making until it is disposed of. */
export class MemoryWatch implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;
  #mostMb = 0;

  constructor(pids: readonly number[]) {
    // Whoever ends the processes says so; here they just are no more.
    this.#watching = this.#watch(pids).catch(() => undefined);
  }

  /** The most that a look has seen, in megabytes. */
  get mostMb(): number {
    return this.#mostMb;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(pids: readonly number[]): Promise<void> {
    for (;;) {
      this.#mostMb = Math.max(this.#mostMb, await residentMbOf(pids));
      await pause(EVERY_MS, this.#stop.signal);
    }
  }
}
