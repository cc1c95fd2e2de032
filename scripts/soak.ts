/**
 * Runs the compiled daemon hard and long: `scripts/deno task soak [SCENARIO...] [OPTIONS]`, or
 * `--help`. Tests run the same scenarios briefly.
 *
 * It compiles the binary first, unless `GLUSTER_EVENTING_BINARY` names one. Ends with a summary and
 * exit code 1 if a scenario failed; Ctrl-C ends it with nothing left running.
 *
 * @module
 */
import { renderTable } from "../src/cli/render_table.ts";
import { parseArgs } from "../src/std/cli.ts";
import type { NamedScenario } from "../tests/soak/scenarios.ts";
import type { Figures } from "../tests/soak/scenario.ts";
import { longSizes, SIZES, type Sizes } from "../tests/soak/sizes.ts";
import { BINARY_VARIABLE, compile, complain, EXIT, say, stopSignal, useBinary } from "./task.ts";

const SEED_VARIABLE = "GLUSTER_EVENTING_TEST_SEED";

/** How a scenario went. */
interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly figures: Figures;
  /** Why it failed. */
  readonly failure?: string;
}

async function main(args: readonly string[]): Promise<number> {
  const given = readArguments(args);
  if (typeof given === "string") return refuse(given);
  const isBinaryGiven = useBinary();
  const { SCENARIOS } = await import("../tests/soak/scenarios.ts");
  if (given.isHelp) {
    for (const line of helpLines(SCENARIOS)) say(line);
    return EXIT.done;
  }
  const unknown = given.names.filter((name) => !SCENARIOS.some((each) => each.name === name));
  if (unknown.length > 0) return refuse(`There is no scenario "${unknown.join('", "')}"`);
  const chosen = SCENARIOS.filter(({ name }) =>
    given.names.length === 0 || given.names.includes(name)
  );
  if (!isBinaryGiven && !await compile()) return EXIT.failed;
  return await runAll(chosen, given.sizes);
}

async function runAll(scenarios: readonly NamedScenario[], sizes: Sizes): Promise<number> {
  // The daemon gets a Ctrl-C too; whatever a scenario says about that is no failure.
  const signal = stopSignal();
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    say(`${scenario.name}: ${scenario.summary}`);
    const outcome = await runOne(scenario, sizes, signal);
    if (signal.aborted) break;
    outcomes.push(outcome);
    say(`${scenario.name}: ${outcome.failure ?? "ok"}`);
  }
  say("");
  for (const line of summaryLines(outcomes)) say(line);
  const failed = outcomes.filter(({ failure }) => failure !== undefined);
  if (failed.length > 0) say(`\nwith --seed ${sizes.seed} the same random choices come again`);
  const left = scenarios.length - outcomes.length;
  say(
    `${outcomes.length - failed.length} scenarios kept all promises, ${failed.length} did not` +
      (left > 0 ? `, ${left} not run to the end` : ""),
  );
  if (signal.aborted) return EXIT.interrupted;
  return failed.length === 0 ? EXIT.done : EXIT.failed;
}

async function runOne(
  { name, run }: NamedScenario,
  sizes: Sizes,
  signal: AbortSignal,
): Promise<Outcome> {
  const beganMs = performance.now();
  const seconds = () => Math.round((performance.now() - beganMs) / 1000);
  const report = (line: string) => say(`${String(seconds()).padStart(6)} s  ${name}: ${line}`);
  try {
    const figures = await run(sizes, { report, signal });
    return { name, seconds: seconds(), figures };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { name, seconds: seconds(), figures: {}, failure };
  }
}

function summaryLines(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.flatMap(({ name, seconds, figures, failure }) => [
    [name, failure === undefined ? "ok" : "FAILED", `${seconds} s`],
    ...(failure === undefined ? [] : [["", "reason", failure.split("\n")[0] ?? ""]]),
    ...Object.entries(figures).map(([figure, value]) => ["", figure, String(value)]),
  ]);
  return outcomes.length === 0 ? [] : renderTable(["SCENARIO", "WHAT", "SEEN"], rows);
}

/** What the command line says, or what is wrong with it. */
function readArguments(
  args: readonly string[],
): { isHelp: boolean; names: string[]; sizes: Sizes } | string {
  const numbers = [...Object.keys(SIZES), "seed"];
  const { _: names, help, h, ...options } = parseArgs(args, {
    string: numbers,
    boolean: ["help", "h"],
  });
  const given: Record<string, number> = {};
  for (const [name, value] of Object.entries(options)) {
    if (!numbers.includes(name)) return `There is no option --${name}`;
    if (value === undefined) continue;
    if (!/^\d{1,10}$/.test(String(value))) return `--${name} takes a whole number, not "${value}"`;
    given[name] = Number(value);
  }
  return {
    isHelp: help === true || h === true,
    names: names.map(String),
    sizes: longSizes({ seed: givenSeed(), ...given }),
  };
}

function givenSeed(): number {
  const given = Number(Deno.env.get(SEED_VARIABLE) ?? "");
  return given > 0 ? given : crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
}

function helpLines(scenarios: readonly NamedScenario[]): string[] {
  return [
    "Usage: scripts/deno task soak [SCENARIO...] [OPTIONS]",
    "",
    "Runs the compiled daemon hard and long, and says which promises it kept. Without a name all",
    `scenarios run. The binary is compiled first, unless ${BINARY_VARIABLE} names one.`,
    "",
    ...renderTable(
      ["Scenarios:", ""],
      scenarios.map(({ name, summary }) => [`  ${name}`, summary]),
    ),
    "",
    ...renderTable(["Options:", ""], [
      ...Object.entries(SIZES).map(([name, { initial, help }]) => [
        `  --${name} N`,
        `${help} (${initial})`,
      ]),
      ["  --seed N", `decides all that is random (${SEED_VARIABLE}, else another one each time)`],
      ["  -h, --help", "show this"],
    ]),
  ];
}

function refuse(reason: string): number {
  complain(reason, "scripts/deno task soak --help");
  return EXIT.usage;
}

Deno.exit(await main(Deno.args));
