/**
 * Runs benchmarks one after the other, and goes on when one fails.
 *
 * @module
 */
import type { Compared } from "./alternatives.ts";
import type { Bench, BenchContext } from "./bench.ts";
import type { BenchReport, NamedFindings } from "./bench_report.ts";
import { judge } from "./budgets.ts";
import { circumstances } from "./machine.ts";
import { Nginx } from "./nginx.ts";
import { glustereventsdRate } from "./rates.ts";
import type { Sizes } from "./sizes.ts";

/** What to run them with. */
export interface RunOptions {
  readonly sizes: Sizes;
  /** Takes lines about how far it is. */
  readonly say: (line: string) => void;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface RunOutcome {
  readonly report: BenchReport;
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
}

/** Runs them; those that the signal kept from ending are in neither list. */
export async function runBenches(
  benches: readonly Bench[],
  { sizes, say, signal }: RunOptions,
): Promise<RunOutcome> {
  const surroundings = await circumstances();
  await using nginx = await Nginx.start();
  const done: NamedFindings[] = [];
  const failures: { name: string; reason: string }[] = [];
  let rate: Promise<Compared> | undefined;
  for (const { name, summary, run } of benches) {
    if (signal.aborted) break;
    say(`${name}: ${summary}`);
    const beganMs = performance.now();
    const seconds = () => String(Math.round((performance.now() - beganMs) / 1000)).padStart(6);
    const context: BenchContext = {
      sizes,
      nginx,
      signal,
      report: (line) => say(`${seconds()} s  ${name}: ${line}`),
      glustereventsdRate: () => rate ??= glustereventsdRate(context),
    };
    try {
      done.push({ name, summary, findings: await run(context) });
      say(`${seconds()} s  ${name}: done`);
    } catch (error) {
      if (signal.aborted) break;
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ name, reason });
      say(`${seconds()} s  ${name}: FAILED: ${reason}`);
    }
  }
  const measured = Object.assign({}, ...done.map(({ findings }) => findings.measured));
  const report: BenchReport = {
    isQuick: sizes.isQuick,
    benches: done,
    budgets: judge(measured),
    circumstances: surroundings,
  };
  return { report, failures };
}
