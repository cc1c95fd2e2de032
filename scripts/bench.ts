/**
 * Measures the compiled program beside whatever does the same job: `scripts/deno task bench
 * [NAME...] [OPTIONS]`, or `--help`.
 *
 * It compiles the binary first, unless `GLUSTER_EVENTING_BINARY` names one. Ends with tables of
 * what was measured and exit code 1 if a benchmark failed; Ctrl-C ends it with nothing left running.
 *
 * @module
 */
import { renderTable } from "../src/cli/render_table.ts";
import { parseArgs } from "../src/std/cli.ts";
import type { Bench } from "../tests/bench/bench.ts";
import type { BenchReport } from "../tests/bench/bench_report.ts";
import type { RunOutcome } from "../tests/bench/run_benches.ts";
import { replaceSection, SectionMissingError } from "../tests/bench/readme_section.ts";
import { FULL, QUICK } from "../tests/bench/sizes.ts";
import {
  BINARY_VARIABLE,
  compile,
  complain,
  EXIT,
  ROOT,
  runDeno,
  say,
  stopSignal,
  useBinary,
} from "./task.ts";

const README = `${ROOT}README.md`;

/** What the command line says. */
interface Given {
  readonly isHelp: boolean;
  readonly isQuick: boolean;
  readonly isReadme: boolean;
  readonly json?: string;
  readonly names: readonly string[];
}

async function main(args: readonly string[]): Promise<number> {
  const given = readArguments(args);
  if (typeof given === "string") return refuse(given);
  const isBinaryGiven = useBinary();
  const { BENCHES } = await import("../tests/bench/benches.ts");
  const { nginxMissing } = await import("../tests/bench/nginx.ts");
  if (given.isHelp) {
    for (const line of helpLines(BENCHES)) say(line);
    return EXIT.done;
  }
  const unknown = given.names.filter((name) => !BENCHES.some((each) => each.name === name));
  if (unknown.length > 0) return refuse(`There is no benchmark "${unknown.join('", "')}"`);
  const missing = nginxMissing();
  if (missing !== undefined) return fail(`nginx, the receiver, is ${missing}`);
  // Before a long run rather than after it.
  if (given.isReadme) await writeReadme("");
  const unwritable = given.json === undefined ? undefined : await whyUnwritable(given.json);
  if (unwritable !== undefined) return fail(unwritable);
  if (!isBinaryGiven && !await compile()) return EXIT.failed;
  const chosen = BENCHES.filter(({ name }) =>
    given.names.length === 0 || given.names.includes(name)
  );
  return await runAll(chosen, given);
}

async function runAll(benches: readonly Bench[], given: Given): Promise<number> {
  const { runBenches } = await import("../tests/bench/run_benches.ts");
  const { reportLines, reportMarkdown } = await import("../tests/bench/bench_report.ts");
  const signal = stopSignal();
  const sizes = given.isQuick ? QUICK : FULL;
  const { report, failures } = await runBenches(benches, { sizes, say, signal });
  say("");
  for (const line of reportLines(report)) say(line);
  for (const { name, reason } of failures) say(`${name} FAILED: ${reason}`);
  if (signal.aborted) return EXIT.interrupted;
  if (given.json !== undefined) await writeJson(given.json, report, failures);
  if (failures.length > 0) return EXIT.failed;
  return given.isReadme ? await writeReadme(reportMarkdown(report)) : EXIT.done;
}

/** What the command line says, or what is wrong with it. */
function readArguments(args: readonly string[]): Given | string {
  const { _: names, help, h, quick, readme, json, ...options } = parseArgs(args, {
    string: ["json"],
    boolean: ["help", "h", "quick", "readme"],
  });
  const [unknown] = Object.keys(options);
  if (unknown !== undefined) return `There is no option --${unknown}`;
  if (json === "") return "--json takes the name of a file";
  return {
    isHelp: help === true || h === true,
    isQuick: quick === true,
    isReadme: readme === true,
    ...(json === undefined ? {} : { json: String(json) }),
    names: names.map(String),
  };
}

function helpLines(benches: readonly Bench[]): string[] {
  return [
    "Usage: scripts/deno task bench [NAME...] [OPTIONS]",
    "",
    "Measures the compiled program, and glustereventsd and syslog-ng beside it where they are",
    "installed. Without a name all benchmarks run, which takes a quarter of an hour. The binary is",
    `compiled first, unless ${BINARY_VARIABLE} names one.`,
    "",
    ...renderTable(
      ["Benchmarks:", ""],
      benches.map(({ name, summary }) => [`  ${name}`, summary]),
    ),
    "",
    ...renderTable(["Options:", ""], [
      ["  --quick", "so small that it only shows that everything works"],
      ["  --json FILE", "write all of it as JSON too"],
      ["  --readme", "write the tables into README.md, between its two bench lines"],
      ["  -h, --help", "show this"],
    ]),
  ];
}

/** Why a file cannot be written; `undefined` if it can. */
async function whyUnwritable(path: string): Promise<string | undefined> {
  try {
    (await Deno.open(path, { create: true, append: true })).close();
    return undefined;
  } catch (error) {
    return `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function writeJson(
  path: string,
  report: BenchReport,
  failures: RunOutcome["failures"],
): Promise<void> {
  await Deno.writeTextFile(path, `${JSON.stringify({ ...report, failures }, null, 2)}\n`);
}

/** Writes the section of the README; with nothing to write, only checks that it could. */
async function writeReadme(markdown: string): Promise<number> {
  const text = replaceSection(await Deno.readTextFile(README), markdown);
  if (markdown === "") return EXIT.done;
  await Deno.writeTextFile(README, text);
  return await runDeno("fmt", "--quiet", README) ? EXIT.done : EXIT.failed;
}

function refuse(reason: string): number {
  complain(reason, "scripts/deno task bench --help");
  return EXIT.usage;
}

function fail(reason: string): number {
  complain(reason);
  return EXIT.failed;
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  if (!(error instanceof SectionMissingError)) throw error;
  Deno.exit(fail(`README.md cannot take the figures: ${error.message}`));
}
