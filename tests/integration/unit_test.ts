/**
 * The unit as systemd's own tools see it.
 *
 * @module
 */
import { unitText } from "../../src/install/unit.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { runProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

testNeeding(
  ["systemd-analyze"],
  "systemd understands the unit, and finds little that it could do to the node",
  async () => {
    await using folder = await makeTempFolder();
    const unit = `${folder.path}/gluster-eventing.service`;
    const writable = ["/var/lib/glusterd", `${folder.path}/a b`];
    const args = ["--state-dir", `${folder.path}/a b`];
    await Deno.writeTextFile(unit, unitText({ binary: "/bin/true", args, writable }));
    const analyze = (...words: string[]) =>
      runProgram([...words, unit], { binary: "systemd-analyze" });
    const verdict = await analyze("verify", "--man=no");
    // It may complain of other units of the machine.
    const complaints = verdict.stderr.split("\n").filter((line) =>
      line.includes("gluster-eventing")
    );
    assertEquals([verdict.code, complaints], [0, []], verdict.stderr);
    const security = await analyze("security", "--offline=true", "--threshold=30");
    assertEquals(security.code, 0, security.stdout + security.stderr);
    assertMatch(security.stdout, /Overall exposure level .*: [0-2]\.\d/);
  },
);
