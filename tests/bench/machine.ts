/**
 * On what the figures were measured, and with what.
 *
 * @module
 */
import { runProgram } from "../support/program.ts";
import { findProgram } from "../support/installed.ts";

/** The machine, the versions by the programs' names, and the day. */
export interface Circumstances {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  /** How many processes wanted a processor in the minute before, on average. */
  readonly loadBefore: number;
  /** Text by program; programs that are not installed are not in it. */
  readonly versions: Readonly<Record<string, string>>;
  /** As YYYY-MM-DD. */
  readonly date: string;
}

/** How a program says its version. */
interface VersionQuestion {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

const QUESTIONS: readonly VersionQuestion[] = [
  { name: "nginx", program: "nginx", args: ["-v"] },
  { name: "glusterfs", program: "glusterd", args: ["--version"] },
  { name: "syslog-ng", program: "syslog-ng", args: ["--version"] },
  { name: "wrk", program: "wrk", args: ["--version"] },
];

/** Looks at this machine; its load only tells something before the first benchmark. */
export async function circumstances(): Promise<Circumstances> {
  const [loadBefore = 0] = Deno.loadavg();
  const [, processor = "unknown"] =
    /^model name\s*: (.*)$/m.exec(await Deno.readTextFile("/proc/cpuinfo")) ?? [];
  const ours = await runProgram(["--version"]);
  const versions: Record<string, string> = {
    "gluster-eventing": ours.stdout.trim().replace(/^gluster-eventing /, ""),
    "Deno": Deno.version.deno,
  };
  for (const { name, program, args } of QUESTIONS) {
    const binary = findProgram(program);
    if (binary === undefined) continue;
    // wrk knows no such option, and says its version as it complains.
    const { stdout, stderr } = await runProgram(args, { binary });
    versions[name] = versionIn(stdout + stderr) ?? "unknown";
  }
  return {
    processor: processor.trim(),
    cores: navigator.hardwareConcurrency,
    memoryGb: Math.round(Deno.systemMemoryInfo().total / 1e9),
    kernel: Deno.osRelease(),
    loadBefore,
    versions,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** The first text that looks like a version. */
export function versionIn(text: string): string | undefined {
  return /\b\d+\.\d+(?:\.\d+)*\b/.exec(text)?.[0];
}

/** The machine in one line. */
export function machineLine(
  { processor, cores, memoryGb, kernel, loadBefore }: Circumstances,
): string {
  return `${processor}, ${cores} cores, ${memoryGb} GB, Linux ${kernel}, load before ` +
    loadBefore.toFixed(1);
}

/** The versions in one line. */
export function versionsLine({ versions }: Circumstances): string {
  return Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
}
