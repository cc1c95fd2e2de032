/**
 * The test hook as its users run it.
 *
 * @module
 */
import { makeJwt } from "../../src/dispatcher/jwt.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { RunningProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

/** Starts one on a free port. */
async function start(...args: string[]): Promise<{ hook: RunningProgram; base: string }> {
  const hook = new RunningProgram(["serve-test-hook", "--port", "0", ...args]);
  const [, base = ""] = await hook.shows(/See it live in a browser: (http:\S+)\//);
  return { hook, base };
}

function eventOf(number: number, name = "VOLUME_START"): string {
  return JSON.stringify({
    nodeid: "n1",
    ts: 1795330857,
    event: name,
    message: { name: "gv1" },
    id: `01JDHN5E8H${String(number).padStart(16, "0")}`,
    host: "gl1",
  });
}

async function post(url: string, body: string, headers: HeadersInit = {}): Promise<number> {
  const response = await fetch(url, { method: "POST", body, headers });
  await response.body?.cancel();
  return response.status;
}

testNeeding(
  ["binary"],
  "it tells where to look, shows the page, and ends with what was odd",
  async () => {
    const { hook, base } = await start();
    await using _hook = hook;
    assertMatch(hook.stderr, /Register it: gluster-eventing webhook-add http:.*; from other nodes/);
    assertStringIncludes(await (await fetch(`${base}/`)).text(), "<!DOCTYPE html>");
    const statuses = [];
    for (const number of [2, 2, 1]) statuses.push(await post(base, eventOf(number)));
    statuses.push(await post(`${base}/status/503`, eventOf(3)));
    statuses.push(await post(`${base}/status/503`, eventOf(3)));
    assertEquals(statuses, [200, 200, 200, 503, 503]);
    await hook.shows(/VOLUME_START +gl1 +\[duplicate\] name=gv1/);
    const held = post(`${base}/hang`, "").catch(() => 0);
    await hook.shows(/\(empty\)/);
    hook.kill("SIGINT");
    assertEquals((await hook.ended()).code, 0);
    assertEquals(await held, 503);
    assertStringIncludes(
      hook.stderr,
      "6 events received\n  gl1: 1 duplicate, 1 sent again after a failure, 1 out of order\n",
    );
  },
);

testNeeding(
  ["binary"],
  "what is not verified is refused, and shown in table and JSON",
  async () => {
    await using temporary = await makeTempFolder();
    const folder = temporary.path;
    const secret = `${folder}/secret`;
    await Deno.writeTextFile(secret, "s3cret\n");
    const nowMs = Date.now();
    const ts = Math.floor(nowMs / 1000);
    const token = makeJwt("s3cret", { event: "VOLUME_START", ts, atMs: nowMs });
    const good = { authorization: `Bearer ${token}` };
    const output = `${folder}/requests`;
    const { hook, base } = await start(
      "--secret-file",
      secret,
      "--output",
      output,
      "--max-events",
      "2",
    );
    await using _hook = hook;
    assertEquals(await post(base, eventOf(1)), 401);
    assertEquals(await post(base, eventOf(1), good), 200);
    assertEquals((await hook.ended()).code, 0);
    assertMatch(
      hook.stdout,
      /VERIFIED +MESSAGE\n.* NO +\[no Authorization header.*\n.* yes +name=gv1/,
    );
    assertStringIncludes(hook.stderr, "1 request could not be verified");
    const [bad, fine] = (await Deno.readTextFile(output)).trimEnd().split("\n")
      .map((line) => JSON.parse(line));
    assertEquals([bad.verified, bad.status, fine.verified, fine.status], [false, 401, true, 200]);
    assertEquals(fine.verdicts, [
      { scheme: "jwt", ok: true, reason: "the token is signed with the secret" },
    ]);
    assertEquals(fine.body.event, "VOLUME_START");
  },
);
