import {
  hostsWithoutProgram,
  isBusy,
  isCutShort,
  toFault,
} from "../../../src/cluster/gluster_faults.ts";
import type { GlusterResult } from "../../../src/cluster/gluster_command.ts";
import { assertEquals } from "../../support/assert.ts";

function failed(stderr: string, stdout = ""): GlusterResult {
  return { code: 1, stdout, stderr };
}

const BUSY = [
  "Another transaction is in progress for N/A. Please try again after some time.",
  "Locking failed on gl2. Please check log file for details.",
  "Locking failed on gl2.\nLocking failed on gl3.",
];

Deno.test("a glusterd that is at something else is busy", () => {
  for (const text of BUSY) {
    assertEquals(isBusy(failed(text)), true, text);
    assertEquals(isBusy(failed("", text)), true, `${text} on standard output`);
    assertEquals(toFault(failed(text)).error, "glusterd is busy with another command");
  }
  assertEquals(isBusy({ code: 0, stdout: BUSY.join("\n"), stderr: "" }), false);
  assertEquals(isBusy(undefined), false);
});

Deno.test("a node that dies in the middle cuts a command short, one that refuses does not", () => {
  const died = "Commit failed on gl3. Please check log file for details.";
  assertEquals(isCutShort(failed(died)), true);
  assertEquals(isBusy(failed(died)), false);
  assertEquals(toFault(failed(died)).error, died);
  const unable = "Commit failed on gl3. Error: Unable to open /var/lib/glusterd/events/x";
  assertEquals(isCutShort(failed(unable)), false);
  assertEquals(isCutShort({ code: 0, stdout: died, stderr: "" }), false);
  assertEquals(isCutShort(undefined), false);
});

Deno.test("the nodes without the program are known by name", () => {
  const missing = "gsync peer_gluster-eventing command not found.";
  const on = (host: string) => `Staging failed on ${host}. Error: ${missing}`;
  assertEquals(hostsWithoutProgram(failed(on("gl3"))), ["gl3"]);
  assertEquals(hostsWithoutProgram(failed(missing)), ["localhost"]);
  assertEquals(hostsWithoutProgram(failed(on("10.0.0.3"))), ["10.0.0.3"]);
  assertEquals(hostsWithoutProgram(failed(on("fd00::3"))), ["fd00::3"]);
  const long = `${"node-".repeat(30)}.example.com`;
  const hosts = [long, "gl2", "gl3.example.com", "gl4", "gl5"];
  assertEquals(hostsWithoutProgram(failed(hosts.map(on).join("\n"))), hosts);
  assertEquals(hostsWithoutProgram(failed(BUSY[0] ?? "")), []);
  assertEquals(hostsWithoutProgram({ code: 0, stdout: on("gl3"), stderr: "" }), []);
  assertEquals(hostsWithoutProgram(undefined), []);
});

Deno.test("whatever gluster says becomes a reason, and not a long one", () => {
  const down = "Connection failed. Please check if gluster daemon is operational.";
  assertEquals(toFault(failed(down)).error, "glusterd on this node is not running");
  assertEquals(toFault(undefined).error, "the gluster command cannot be run");
  assertEquals(toFault("known already").error, "known already");
  assertEquals(toFault({ code: 0, stdout: "", stderr: "" }).error, "it gave no answer");
  assertEquals(toFault(failed("")).error, "gluster ended with 1");
  const late = { ...failed(""), code: 143, timedOut: true };
  const cut = "glusterd did not answer in time: the network to a node may be cut";
  assertEquals(toFault(late).error, cut);
  assertEquals(toFault(failed("x".repeat(5000))).error.length, 300);
  assertEquals(toFault(failed(" one \n\n two\n", "three\nfour\n")).error, "one two three");
});
