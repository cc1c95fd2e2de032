/**
 * The one test command, `scripts/deno task test`: format, lint, layers, types, then the compiled
 * binary where a base runtime can be had, then all tests. Ends with `N passed, N failed`.
 *
 * Words behind it go to `deno test`, for example a file or `--filter`. Without any, the tests on
 * machines of their own, which mostly wait for each other, run beside all others; what they print
 * comes at the end.
 *
 * @module
 */

import { BINARY_VARIABLE, ROOT, say } from "./task.ts";

Deno.chdir(ROOT);

const CHECKS: readonly (readonly string[])[] = [
  ["fmt", "--check", "--quiet"],
  ["lint", "--quiet"],
  ["run", "-A", "scripts/check_layers.ts"],
  ["check", "--quiet", "main.ts", "src", "scripts", "tests"],
];
const BINARY = "dist/gluster-eventing";
/** Those that mostly wait for machines. */
const WAITING_TESTS = ["tests/cluster", "tests/e2e/install_test.ts"];

async function deno(args: readonly string[], env: Record<string, string> = {}): Promise<boolean> {
  say(`--- deno ${args.join(" ")}`);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return success;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs tests with what `deno test` is to be told.
 *
 * @param isHeldBack Whether what they print is shown only when they are done.
 */
async function runTests(args: readonly string[], isHeldBack = false): Promise<Counts> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const words = ["test", "-A", "--no-check", `--junit-path=${report}`, ...args];
  const isGood = isHeldBack ? await denoHeldBack(words, env) : await deno(words, env);
  const counts = countTests(await Deno.readTextFile(report));
  await Deno.remove(report);
  const { passed = 0, failed = 0 } = counts ?? {};
  return { passed, failed: Math.max(failed, isGood ? 0 : 1) };
}

/** The same as {@link deno}, but what it prints comes at the end. */
async function denoHeldBack(
  args: readonly string[],
  env: Record<string, string>,
): Promise<boolean> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env,
    stdin: "null",
  }).output();
  say(`--- deno ${args.join(" ")}`);
  const decoder = new TextDecoder();
  say(decoder.decode(stdout) + decoder.decode(stderr));
  return success;
}

/** Counts from a JUnit report; `undefined` if the tests did not get as far as writing one. */
function countTests(report: string): Counts | undefined {
  const [, head] = /<testsuites ([^>]*)>/.exec(report) ?? [];
  if (head === undefined) return undefined;
  const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const skipped = report.match(/<skipped/g)?.length ?? 0;
  const failed = count("failures") + count("errors");
  return { passed: count("tests") - failed - skipped, failed };
}

let failedChecks = 0;
for (const args of CHECKS) {
  if (!await deno(args)) failedChecks++;
}
await Deno.remove(BINARY).catch(() => undefined);
// Without a base runtime the tests that need the binary say so.
const isCompiled = await deno(["run", "-A", "scripts/compile.ts"]);
const env = isCompiled ? { [BINARY_VARIABLE]: await Deno.realPath(BINARY) } : {};
const runs = Deno.args.length > 0 ? [await runTests(Deno.args)] : await Promise.all([
  runTests(["tests", `--ignore=${WAITING_TESTS.join(",")}`]),
  runTests(WAITING_TESTS, true),
]);
if (failedChecks > 0) say(`${failedChecks} of ${CHECKS.length} checks failed, see above`);
const passed = runs.reduce((sum, run) => sum + run.passed, CHECKS.length - failedChecks);
const failed = runs.reduce((sum, run) => sum + run.failed, failedChecks);
say(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
