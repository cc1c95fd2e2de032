/**
 * The one test command, `scripts/deno task test`: format, lint, layers, types, then the compiled
 * binary where a base runtime can be had, then all tests. Ends with `N passed, N failed`.
 *
 * Words behind it go to `deno test`, for example a file or `--filter`.
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

/** Counts from a JUnit report; `undefined` if the tests did not get as far as writing one. */
function countTests(report: string): { passed: number; failed: number } | undefined {
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
const report = await Deno.makeTempFile({ suffix: ".xml" });
const env = isCompiled ? { [BINARY_VARIABLE]: await Deno.realPath(BINARY) } : {};
const tested = await deno(
  ["test", "-A", "--no-check", `--junit-path=${report}`, ...Deno.args],
  env,
);
const counts = countTests(await Deno.readTextFile(report));
await Deno.remove(report);
if (failedChecks > 0) say(`${failedChecks} of ${CHECKS.length} checks failed, see above`);
const passed = CHECKS.length - failedChecks + (counts?.passed ?? 0);
const failed = failedChecks + Math.max(counts?.failed ?? 0, tested ? 0 : 1);
say(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
