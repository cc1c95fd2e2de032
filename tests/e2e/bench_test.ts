/**
 * All benchmarks of `scripts/deno task bench`, so small that they only show that they work.
 *
 * @module
 */
import type { BenchReport } from "../bench/bench_report.ts";
import { BENCHES } from "../bench/benches.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { runProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

const SCRIPT = new URL("../../scripts/bench.ts", import.meta.url).pathname;

/** Runs the script as its task does. */
async function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return await runProgram(["run", "-A", SCRIPT, ...args], { binary: Deno.execPath() });
}

testNeeding(["binary", "nginx"], "every benchmark measures something of ours", async () => {
  await using folder = await makeTempFolder();
  const json = `${folder.path}/report.json`;
  const { code, stdout, stderr } = await bench("--quick", "--json", json);
  assertEquals(code, 0, stdout + stderr);
  const report: BenchReport = JSON.parse(await Deno.readTextFile(json));
  assertEquals(report.benches.map(({ name }) => name), BENCHES.map(({ name }) => name));
  for (const { name, summary, findings: { columns, rows } } of report.benches) {
    assertStringIncludes(stdout, `\n${name}: ${summary}\n`);
    const [ours] = rows;
    for (const { key, heading } of columns.filter(({ key }) => key !== "drops")) {
      assert((ours?.figures[key] ?? 0) > 0, `${name} has no ${heading}: ${stdout}`);
    }
  }
  const isAllWanted = Deno.env.get("GLUSTER_EVENTING_TEST_ALL") === "1";
  assert(!isAllWanted || !/not installed|not measured: needs/.test(stdout), stdout);
});

Deno.test("a benchmark or an option that does not exist is refused with a hint", async () => {
  for (const wrong of ["burts", "--quik"]) {
    const { code, stdout, stderr } = await bench(wrong);
    assertEquals({ code, stdout }, { code: 64, stdout: "" });
    assertStringIncludes(stderr, wrong);
    assertStringIncludes(stderr, "hint: scripts/deno task bench --help");
  }
});

Deno.test("the help names every benchmark", async () => {
  const { code, stdout } = await bench("--help");
  assertEquals(code, 0);
  for (const { name, summary } of BENCHES) assertStringIncludes(stdout, `${name} `, summary);
});
