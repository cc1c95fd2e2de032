/**
 * The compiled program called by the name of upstream's command, through a link.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { mustDo, placesIn, startDaemon } from "../support/local_node.ts";
import { type ProgramResult, runProgram } from "../support/program.ts";
import { Receiver } from "../support/receiver.ts";
import { BINARY, testNeeding } from "../support/requirements.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";
import { verifyJwt } from "../support/verify_jwt.ts";

const SECRET = "s3cret";

const SYNCED = `+-----------+-------------+-------------+
|    NODE   | NODE STATUS | SYNC STATUS |
+-----------+-------------+-------------+
| localhost |          UP |          OK |
+-----------+-------------+-------------+
`;

/** A node on which the program has upstream's name, too. */
async function makeNode(): Promise<TempFolder> {
  const folder = await makeTempFolder();
  await Deno.symlink(BINARY, `${folder.path}/gluster-eventsapi`);
  return folder;
}

async function eventsapi({ path }: TempFolder, ...args: string[]): Promise<ProgramResult> {
  return await runProgram(args, {
    binary: `${path}/gluster-eventsapi`,
    env: {
      GLUSTER_EVENTING_WORKDIR: path,
      GLUSTER_EVENTING_STATE_DIR: `${path}/state`,
      GLUSTER_EVENTING_SOCKET: `${path}/sock`,
    },
  });
}

testNeeding(
  ["binary"],
  "upstream's commands register webhooks that get signed events",
  async () => {
    await using node = await makeNode();
    await using receiver = new Receiver();
    const { url } = receiver;
    assertEquals(await eventsapi(node, "webhook-add", url, "--bearer_token=T"), {
      code: 0,
      stdout: SYNCED,
      stderr: "",
    });
    await using daemon = await startDaemon(node.path);
    const [, port] = await daemon.shows(/127\.0\.0\.1:(\d+)/);
    const changed = await eventsapi(node, "webhook-mod", url, "--secret", SECRET);
    assertEquals([changed.code, changed.stdout], [0, SYNCED], changed.stderr);
    await mustDo(node.path, "emit", "VOLUME_START", "name=gv1", "--to", `127.0.0.1:${port}`);
    await until("an event came", () => receiver.requests.length > 0, { seen: () => daemon.stderr });
    const [request] = receiver.requests;
    const { exp, iat, iss, sub } = await verifyJwt(
      request?.headers.get("authorization") ?? null,
      SECRET,
    );
    assertEquals([iss, sub, iat], ["gluster", "VOLUME_START", receiver.events[0]?.ts]);
    assert(exp > Date.now() / 1000, `${exp} is past`);

    const status = await eventsapi(node, "status");
    assertEquals(status.stdout.split("\n").slice(0, 3), ["Webhooks: ", url, ""]);
    assertMatch(status.stdout, /^\| localhost \| +UP \| +OK \|$/m);
    assertEquals(JSON.parse((await eventsapi(node, "status", "--json")).stdout), {
      output: {
        webhooks: [url],
        data: [{
          node: "localhost",
          node_status: "UP",
          glustereventsd_status: "OK",
          error: "",
        }],
      },
      error: "",
    });
    for (const command of ["sync", "reload"]) {
      assertEquals((await eventsapi(node, command)).code, 0, command);
    }
    assertEquals((await eventsapi(node, "webhook-del", url)).stdout, SYNCED);
    assertEquals(JSON.parse(await mustDo(node.path, "webhook-list", "--json")).output, []);
  },
);

testNeeding(
  ["binary"],
  "a webhook is tested with an empty body and the token of a TEST",
  async () => {
    await using node = await makeNode();
    await using receiver = new Receiver({
      answer: (_, number) => new Response(null, { status: number === 1 ? 204 : 404 }),
    });
    const well = await eventsapi(node, "webhook-test", receiver.url, "-s", SECRET, "-t", "T");
    assertEquals(well.code, 0, well.stdout);
    const [request] = receiver.requests;
    const { sub } = await verifyJwt(request?.headers.get("authorization") ?? null, SECRET);
    assertEquals([sub, request?.body, request?.headers.get("content-type")], ["TEST", "", null]);
    const ill = await eventsapi(node, "webhook-test", receiver.url, "--json");
    assertEquals([ill.code, JSON.parse(ill.stdout).output], [3, [
      { node: "localhost", node_status: "UP", webhook_status: "NOT OK", error: "404" },
    ]]);
    assertEquals(await Array.fromAsync(Deno.readDir(node.path), ({ name }) => name), [
      "gluster-eventsapi",
    ]);
  },
);

testNeeding(["binary"], "what cannot be done ends with upstream's exit codes", async () => {
  await using node = await makeNode();
  const url = "http://127.0.0.1:9/";
  const cases: readonly (readonly [line: string, code: number, stderr?: RegExp])[] = [
    ["", 0],
    [`webhook-add ${url}`, 0],
    [`webhook-add ${url}`, 5, /^Webhook already exists\n$/],
    ["webhook-mod http://other/", 6, /^Webhook does not exists\n$/],
    ["webhook-del 127.0.0.1", 6, /^Webhook does not exists\n$/],
    ["webhook-add notaurl", 7, /^url must be .*\nhint: /],
    ["config-set x y", 7, /^Invalid Config item\n$/],
    ["config-set port abc", 7, /^port must be a whole number/],
    ["config-set log-level INFO", 2, /^Config value not changed\. Same config\n$/],
    ["config-reset all", 2, /^Config value not reset\. Already set to default value\n$/],
    ["config-set port 24009", 0],
    ["config-reset port", 0],
    ["webhook-test notaurl", 3],
    ["bogus", 2, /invalid choice: 'bogus'/],
    ["webhook-add", 2, /the following arguments are required: url\n$/],
    ["--version", 2, /unrecognized arguments: --version\n$/],
  ];
  for (const [line, code, stderr = /^$/] of cases) {
    const result = await eventsapi(node, ...line.split(" ").filter((word) => word !== ""));
    assertEquals(result.code, code, Deno.inspect([line, result]));
    assertMatch(result.stderr, stderr, line);
  }
  const status = await eventsapi(node, "status");
  assertStringIncludes(status.stdout, "NOT OK: no daemon is running");
  assertEquals(status.code, 0);
});

testNeeding(["binary"], "import-upstream makes a node of upstream's files", async () => {
  await using node = await makeNode();
  await Deno.mkdir(`${node.path}/events`);
  await using receiver = new Receiver();
  const webhooks = {
    [receiver.url]: { token: "", secret: SECRET },
    "http://127.0.0.1:9/": "t0ken",
  };
  await Deno.writeTextFile(`${node.path}/events/webhooks.json`, JSON.stringify(webhooks));
  const places = placesIn(node.path);
  const taken = await runProgram(["import-upstream", "--local", ...places]);
  assertEquals([taken.code, taken.stderr], [0, ""]);
  assertStringIncludes(taken.stdout, "Took over 2 webhooks and 0 settings.");
  assert(!/t0ken|s3cret/.test(taken.stdout), taken.stdout);
  await using daemon = await startDaemon(node.path);
  const [, port] = await daemon.shows(/127\.0\.0\.1:(\d+)/);
  await mustDo(node.path, "emit", "VOLUME_START", "name=gv1", "--to", `127.0.0.1:${port}`);
  await until("an event came", () => receiver.requests.length > 0, { seen: () => daemon.stderr });
  await verifyJwt(receiver.requests[0]?.headers.get("authorization") ?? null, SECRET);
  const again = await runProgram(["import-upstream", "--local", ...places]);
  assertEquals(again.code, 0);
  assertStringIncludes(again.stdout, "Nothing is new here; nothing was changed.");
});
