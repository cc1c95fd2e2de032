import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { runHere } from "../support/fake_daemon.ts";
import type { ProgramResult } from "../support/program.ts";
import { Receiver } from "../support/receiver.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";

const UUID = "4634cc14-be84-4e20-8b4f-6854c32ddc12";

async function runIn({ path }: TempFolder, ...args: string[]): Promise<ProgramResult> {
  const places = ["--workdir", path, "--state-dir", `${path}/state`, "--socket", `${path}/sock`];
  return await runHere(["webhook-test", ...args, "--local", ...places]);
}

/** A folder whose registry holds the webhook "ops". */
async function makeNode(url: string): Promise<TempFolder> {
  const folder = await makeTempFolder();
  await Deno.mkdir(`${folder.path}/events`);
  await Deno.writeTextFile(`${folder.path}/glusterd.info`, `UUID=${UUID}\n`);
  await Deno.writeTextFile(
    `${folder.path}/events/webhooks.toml`,
    `generation = 3\n[[webhook]]\nname = "ops"\nurl = "${url}"\nbearer-token = "0wn"\n` +
      'headers = { X-Team = "storage" }\npaused = true\n',
  );
  return folder;
}

async function filesIn({ path }: TempFolder): Promise<string[]> {
  const names: string[] = [];
  for (const folder of [path, `${path}/events`]) {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  }
  return names.sort();
}

Deno.test("a registered webhook is tried with its settings, by name or URL, and nothing is stored", async () => {
  await using receiver = new Receiver();
  await using node = await makeNode(receiver.url);
  const registry = `${node.path}/events/webhooks.toml`;
  const before = [await filesIn(node), await Deno.readTextFile(registry)];
  for (const which of ["ops", receiver.url]) {
    const { code, stdout, stderr } = await runIn(node, which);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(
      stdout,
      /^NODE +NODE STATUS +WEBHOOK STATUS\nlocalhost +UP +OK\n\nlocalhost: after \d+ ms: 200 OK\n$/,
    );
  }
  const seen = receiver.requests.map(({ headers }) =>
    ["authorization", "x-team"].map((name) => headers.get(name))
  );
  assertEquals(seen, [["Bearer 0wn", "storage"], ["Bearer 0wn", "storage"]]);
  const [first, second] = receiver.events;
  assertEquals([first?.event, first?.nodeid, first?.host], ["TEST", UUID, Deno.hostname()]);
  assertEquals(first?.id === second?.id, false);
  assertEquals([await filesIn(node), await Deno.readTextFile(registry)], before);
});

Deno.test("options go before the webhook's settings, and empty ones clear them", async () => {
  await using receiver = new Receiver();
  await using node = await makeNode(receiver.url);
  await runIn(node, "ops", "--bearer_token", "other", "--header", "X-A=b", "--empty");
  await runIn(node, "ops", "-t", "", "--header=");
  const seen = receiver.requests.map(({ headers, body }) => [
    ...["authorization", "x-team", "x-a", "content-type"].map((name) => headers.get(name)),
    body === "",
  ]);
  assertEquals(seen, [
    ["Bearer other", null, "b", null, true],
    [null, null, null, "application/json", false],
  ]);
});

Deno.test("a URL that is not registered is tried with the options, without a registry too", async () => {
  await using receiver = new Receiver({ answer: () => new Response(null, { status: 404 }) });
  await using folder = await makeTempFolder();
  const { code, stdout } = await runIn(folder, receiver.url, "-t", "s3cret", "--timeout", "3s");
  assertEquals(code, 3);
  assertMatch(
    stdout,
    /\nlocalhost +UP +NOT OK: 404\n\nlocalhost: after \d+ ms: 404 Not Found\nhint: is the path /,
  );
  assertEquals(receiver.requests[0]?.headers.get("authorization"), "Bearer s3cret");
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("with --json it has upstream's rows, and what the verdict says", async () => {
  await using folder = await makeTempFolder();
  const { code, stdout, stderr } = await runIn(folder, "http://127.0.0.1:1/", "--json");
  assertEquals([code, stderr], [3, ""]);
  const { output: [{ duration_ms: tookMs, reason, ...row }, ...others], error } = JSON.parse(
    stdout,
  );
  assertEquals([others, error, Number.isInteger(tookMs)], [[], "", true]);
  assertEquals(row, {
    node: "localhost",
    node_status: "UP",
    webhook_status: "NOT OK",
    error: `connect: ${reason}`,
    stage: "connect",
    status: null,
    hint: row.hint,
  });
  assertStringIncludes(row.hint, "nothing listens on port 1");
});

Deno.test("what is neither a URL nor a webhook, or a bad setting, is refused before anything is posted", async () => {
  await using receiver = new Receiver();
  await using node = await makeNode(receiver.url);
  const cases: readonly (readonly [string[], number, RegExp])[] = [
    [["opz"], 6, /does not exist.*\nhint: did you mean: ops/],
    [["ftp://ops/"], 7, /its scheme is "ftp"/],
    [["ops", "--timeout", "soon"], 7, /timeout must be .*, not "soon"/],
    [["http://new/", "-t", "two words"], 7, /bearer-token must be .*, not the value given/],
    [["ops", "--retry-min", "1s"], 64, /There is no option "--retry-min" for webhook-test/],
    [[], 64, /webhook-test needs URL\|NAME/],
  ];
  for (const [args, code, pattern] of cases) {
    const end = await runIn(node, ...args);
    assertEquals([end.code, end.stdout], [code, ""], end.stderr);
    assertMatch(end.stderr, pattern);
  }
  assertEquals(receiver.requests, []);
});
