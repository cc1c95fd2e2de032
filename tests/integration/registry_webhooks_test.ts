import { runCli } from "../../src/cli/run_cli.ts";
import { registryPath } from "../../src/registry/registry_file.ts";
import { type HttpServer, serveUnix } from "../../src/std/http_server.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";

const REGISTRY = `generation = 4

# operations
[[webhook]]
name = "ops" # first
url = "http://ops.example.com/"

[[webhook]]
name = "side"
url = "http://side.example.com/"
order = "volume"
concurrency = 4
`;

/** How a command ended. */
interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a registry, and commands that act on it in this process. */
class Node implements AsyncDisposable {
  readonly path: string;
  readonly #folder: TempFolder;
  #daemon: HttpServer<Deno.UnixAddr> | undefined;
  /** What the daemon was asked. */
  readonly asked: string[] = [];

  private constructor(folder: TempFolder) {
    this.#folder = folder;
    this.path = registryPath(folder.path);
  }

  /** @param change What the registry says instead. */
  static async make(change: (text: string) => string = (text) => text): Promise<Node> {
    const node = new Node(await makeTempFolder());
    await Deno.mkdir(`${node.#folder.path}/events`);
    await Deno.writeTextFile(node.path, change(REGISTRY));
    return node;
  }

  /** Lets a daemon run that answers like this to `POST /v1/resume`. */
  serve(
    { registry = this.path, resume }: { registry?: string; resume: () => Response },
  ): void {
    const answers: Readonly<Record<string, () => Response>> = {
      "GET /v1/status": () => Response.json({ registry: { path: registry }, webhooks: [] }),
      "POST /v1/reload": () => Response.json({ generation: 5, registry }),
      "POST /v1/resume": resume,
    };
    this.#daemon = serveUnix(`${this.#folder.path}/sock`, async (request) => {
      const question = `${request.method} ${new URL(request.url).pathname}`;
      this.asked.push([question, await request.text()].join(" ").trim());
      return answers[question]?.() ?? new Response(null, { status: 404 });
    });
  }

  async run(...words: string[]): Promise<CommandEnd> {
    const { path } = this.#folder;
    const places = ["--workdir", path, "--state-dir", `${path}/state`, "--socket", `${path}/sock`];
    const end = { stdout: "", stderr: "" };
    const code = await runCli([...words, "--local", ...places], {
      streams: {
        stdout: (text) => end.stdout += text,
        stderr: (text) => end.stderr += text,
      },
      environment: () => undefined,
      gluster: () => Promise.resolve(undefined),
      signals: { on: () => ({ [Symbol.dispose]: () => {} }) },
    });
    return { code, ...end };
  }

  /** Runs a command that has to succeed. @returns Its data. */
  async data(...words: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.run(...words, "--json");
    assertEquals(code, 0, stdout + stderr);
    return JSON.parse(stdout).output;
  }

  /** Runs a command that has to fail with this code, and to leave the registry alone. */
  async fails(code: number, ...words: string[]): Promise<string> {
    const before = await this.text();
    const end = await this.run(...words);
    assertEquals([end.code, end.stdout], [code, ""], Deno.inspect(end));
    assertMatch(end.stderr, /^error: [^\n]+\nhint: [^\n]+\n$/);
    assertEquals(await this.text(), before);
    return end.stderr;
  }

  async text(): Promise<string> {
    return await Deno.readTextFile(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon?.stop(1000);
    await this.#folder[Symbol.asyncDispose]();
  }
}

const answerResumed = (resumed: boolean) => () => Response.json({ webhook: "ops", resumed });
const pauseOps = (text: string) => text.replace("# first\n", "# first\npaused = true\n");

Deno.test("the settings of the way of posting are given, shown and cleared", async () => {
  await using node = await Node.make();
  const flow = ["--order", "NONE", "--concurrency", "16", "--batch", "100", "--rate", "60/m"];
  assertEquals((await node.run("webhook-mod", "ops", ...flow)).code, 0);
  assertEquals((await node.run("webhook-add", "http://new/", ...flow)).code, 0);
  const wanted = { order: "none", concurrency: 16, batch: 100, rate: "1/s", paused: false };
  for (const name of ["ops", "new"]) {
    assertMatch(Deno.inspect(await node.data("webhook-show", name)), /order: "none"/);
    assertEquals(await flowOf(node, name), wanted);
  }
  assertStringIncludes(await node.text(), 'order = "none"\nconcurrency = 16\nbatch = 100\n');
  await node.data("webhook-mod", "ops", "--order=", "--concurrency=", "--batch=", "--rate=");
  assertEquals(await flowOf(node, "ops"), {
    order: "fifo",
    concurrency: 1,
    batch: 1,
    rate: null,
    paused: false,
  });
  // What is as it is by default is not shown to people.
  const { stdout } = await node.run("webhook-show", "new");
  assertMatch(stdout, /^order +none\nconcurrency +16\nbatch +100\nrate +1\/s\n\n/m);
  assertMatch(stdout, /^state +unknown, since no daemon tells\norder/m);
  assertEquals(/timeout|format|secret|null|\[\]| -$/m.test(stdout), false, stdout);
});

async function flowOf(node: Node, name: string): Promise<unknown> {
  const shown = Object.entries(Object(await node.data("webhook-show", name)));
  const keys = ["order", "concurrency", "batch", "rate", "paused"];
  return Object.fromEntries(shown.filter(([key]) => keys.includes(key)));
}

Deno.test("the sizes are set in any unit and shown in the largest", async () => {
  await using node = await Node.make();
  const settings = Object(await node.data("config-get"));
  assertEquals([settings["history-max-size"], settings["spool-max-size"]], ["512MiB", "2GiB"]);
  assertEquals(Object(await node.data("config-set", "spool-max-size", "1024MiB")), {
    "spool-max-size": "1GiB",
    "daemon": "not running",
  });
  assertStringIncludes(await node.fails(2, "config-set", "spool-max-size", "1GiB"), "already");
  assertStringIncludes(await node.fails(7, "config-set", "spool-max-size", "1GB"), 'not "1GB"');
});

Deno.test("the sources of datagrams are set with commas, shown with commas, and put back", async () => {
  await using node = await Node.make();
  const shown = async () => (await node.run("config-get", "--name", "allow-from")).stdout;
  assertEquals(await shown(), "NAME        VALUE\nallow-from  any\n");
  const { stdout } = await node.run("config-set", "allow-from", "10.1.2.3/8, FD00::/8");
  assertMatch(stdout, /^Set allow-from to 10\.0\.0\.0\/8,fd00::\/8\.\n/);
  assertEquals(await shown(), "NAME        VALUE\nallow-from  10.0.0.0/8,fd00::/8\n");
  const value = { "allow-from": ["10.0.0.0/8", "fd00::/8"] };
  assertEquals(await node.data("config-get", "--name", "allow-from"), value);
  assertStringIncludes(await node.text(), '\nallow-from = ["10.1.2.3/8", "FD00::/8"]\n');
  const again = await node.fails(2, "config-set", "allow-from", "10.0.0.0/8,fd00::/8");
  assertStringIncludes(again, "allow-from is 10.0.0.0/8,fd00::/8 already");
  const bad = await node.fails(7, "config-set", "allow-from", "10.0.0.0/8,gl1,10.0.0.0/33");
  assertMatch(
    bad,
    /allow-from must be a list .* \(no host name\), not "gl1", "10\.0\.0\.0\/33"\n/,
  );
  const { stdout: emptied } = await node.run("config-set", "allow-from", "");
  assertMatch(emptied, /^Set allow-from to any\.\n/);
  assertStringIncludes(await node.text(), "\nallow-from = []\n");
  assertStringIncludes(await node.fails(2, "config-set", "allow-from", "any"), "any already");
  assertStringIncludes(await node.fails(2, "config-reset", "allow-from"), "default already");
  await node.data("config-set", "allow-from", "::1");
  const { stdout: reset } = await node.run("config-reset", "allow-from");
  assertMatch(reset, /^Put allow-from back to any\.\n/);
});

const MISFITS: readonly (readonly [words: string[], message: RegExp])[] = [
  [
    ["webhook-add", "http://new/", "--concurrency", "2"],
    /^error: concurrency must be 1, not 2: order "fifo" .* posts one request at a time; order = /,
  ],
  [
    ["webhook-add", "http://new/", "--order", "fifo", "--concurrency", "2"],
    /order = "volume" or order = "none" allows more\n/,
  ],
  [["webhook-mod", "ops", "--concurrency", "64"], /webhook "ops": concurrency must be 1, not 64: /],
  [["webhook-mod", "side", "--order", "fifo"], /webhook "side": concurrency must be 1, not 4: /],
  [["webhook-mod", "side", "--order="], /webhook "side": concurrency must be 1, not 4: /],
  [
    ["webhook-add", "http://new/", "--retry-min", "1h"],
    /^error: retry-min must not be longer .* retry-min is 1h, the shared retry-max is 5m\n/,
  ],
  [
    ["webhook-mod", "ops", "--retry-min", "2s", "--retry-max", "1s"],
    /webhook "ops": retry-min must not be longer .*, but retry-min is 2s, retry-max is 1s\n/,
  ],
  [["webhook-mod", "ops", "--concurrency", "65"], /from 1 to 64, not 65\n/],
  [["webhook-mod", "ops", "--rate", "fast"], /rate must be .*, not "fast"\n/],
];

for (const [words, message] of MISFITS) {
  Deno.test(`${words.join(" ")} is refused and changes nothing`, async () => {
    await using node = await Node.make();
    assertMatch(await node.fails(7, ...words), message);
  });
}

Deno.test("a pause is written for the daemon, and a resumption takes it away again", async () => {
  await using node = await Node.make();
  node.serve({ resume: answerResumed(false) });
  assertEquals(await node.data("webhook-pause", "http://OPS.example.com"), {
    name: "ops",
    changed: true,
    daemon: "taken over",
  });
  const lines = REGISTRY.replace("generation = 4", "generation = 5").split("\n");
  assertEquals(await node.text(), lines.toSpliced(6, 0, "paused = true").join("\n"));
  assertMatch(Deno.inspect(await flowOf(node, "ops")), /paused: true/);
  const resumed = await node.run("webhook-resume", "ops");
  assertEquals([resumed.code, resumed.stderr], [0, ""]);
  assertEquals(
    resumed.stdout,
    'Resumed the webhook "ops": its events are posted again.\nThe daemon has taken it over.\n',
  );
  assertEquals(await node.text(), REGISTRY.replace("generation = 4", "generation = 6"));
  assertEquals(node.asked.filter((question) => question.startsWith("POST")), [
    "POST /v1/reload",
    "POST /v1/reload",
    'POST /v1/resume {"webhook":"ops"}',
  ]);
});

Deno.test("without a daemon a webhook is paused and resumed for the next one", async () => {
  await using node = await Node.make();
  const paused = await node.run("webhook-pause", "ops");
  assertMatch(paused.stdout, /^Paused the webhook "ops": its events wait\.\nNo daemon is running/);
  assertEquals(await node.data("webhook-resume", "ops"), {
    name: "ops",
    changed: true,
    daemon: "not running",
  });
});

Deno.test("a webhook that is paused is not paused again", async () => {
  await using node = await Node.make(pauseOps);
  const error = await node.fails(2, "webhook-pause", "ops");
  assertMatch(
    error,
    /^error: Webhook not paused: "ops" is paused already\nhint: .*webhook-resume ops/,
  );
});

Deno.test("what the daemon paused by itself, the daemon resumes", async () => {
  await using node = await Node.make();
  node.serve({ resume: answerResumed(true) });
  const wanted = { name: "ops", changed: false, daemon: "resumed" };
  assertEquals(await node.data("webhook-resume", "http://ops.example.com/"), wanted);
  assertEquals(node.asked, ["GET /v1/status", 'POST /v1/resume {"webhook":"ops"}']);
  assertEquals(await node.text(), REGISTRY);
});

Deno.test("where there is nothing to resume, the command says so", async () => {
  await using node = await Node.make();
  node.serve({ resume: answerResumed(false) });
  const error = await node.fails(2, "webhook-resume", "ops");
  assertMatch(error, /^error: Webhook not resumed: "ops" is not paused, and no attempt waits/);
});

Deno.test("without a daemon and without a pause there is nobody to resume anything", async () => {
  await using node = await Node.make();
  assertStringIncludes(await node.fails(69, "webhook-resume", "ops"), "No daemon answers");
});

Deno.test("a daemon with another registry is not asked to resume", async () => {
  await using node = await Node.make();
  node.serve({ registry: "/elsewhere/webhooks.toml", resume: answerResumed(true) });
  assertStringIncludes(await node.fails(1, "webhook-resume", "ops"), "/elsewhere/webhooks.toml");
  assertEquals(node.asked, ["GET /v1/status"]);
  await node.data("webhook-pause", "ops");
  assertEquals(Object(await node.data("webhook-resume", "ops")).daemon, "other registry");
  assertEquals(node.asked.filter((question) => question.includes("resume")), []);
});

Deno.test("a daemon that fails to resume is reported, and the change stays", async () => {
  await using node = await Node.make(pauseOps);
  node.serve({ resume: () => Response.json({ error: "the disk is full" }, { status: 500 }) });
  const { code, stderr } = await node.run("webhook-resume", "ops");
  assertEquals(code, 1);
  assertMatch(stderr, /^error: The change is written, but: .*the disk is full\nhint: /);
  assertEquals((await node.text()).includes("paused"), false);
});

Deno.test("nobody pauses or resumes a webhook that does not exist", async () => {
  await using node = await Node.make();
  for (const command of ["webhook-pause", "webhook-resume"]) {
    assertStringIncludes(await node.fails(6, command, "opz"), "did you mean: ops");
  }
});

Deno.test("a filter is set and cleared, and a field that no known event has is noted", async () => {
  await using node = await Node.make();
  const fields = "message.forse=true,message.client-pid!=0,host=gl*";
  const end = await node.run("webhook-mod", "ops", "--fields", fields, "--volumes", "gv*,!gv9");
  assertEquals(end.code, 0, end.stderr);
  assertEquals(
    end.stderr.split("\n").filter((line) => line.includes("field")),
    ["note: no event that is known has the field message.forse; did you mean: message.force"],
  );
  const shown = Object(await node.data("webhook-show", "ops"));
  assertEquals([shown.fields, shown.volumes], [fields.split(","), ["gv*", "!gv9"]]);
  await node.data("webhook-mod", "ops", "--fields", "", "--volumes", "all");
  const cleared = Object(await node.data("webhook-show", "ops"));
  assertEquals([cleared.fields, cleared.volumes], [[], []]);
});

Deno.test("files that are not on this node are noted, and set all the same", async () => {
  await using node = await Node.make();
  const here = new URL("../fixtures/tls/cert.pem", import.meta.url).pathname;
  const files = ["--ca-file", here, "--bearer-token-file", "/none/t", "--secret-file", "/none/s"];
  for (const words of [["webhook-add", "https://new/"], ["webhook-mod", "new"]]) {
    const { code, stderr } = await node.run(...words, ...files);
    assertEquals([code, stderr.split("\n").filter((line) => line.includes("this node;"))], [0, [
      "note: bearer-token-file /none/t is not on this node; every node that posts needs it",
      "note: secret-file /none/s is not on this node; every node that posts needs it",
    ]]);
  }
});

Deno.test("a file is set by its whole path, wherever the command runs", async () => {
  await using node = await Node.make();
  const whole = `${Deno.cwd()}/ca.pem`;
  const { stderr } = await node.run("webhook-add", "https://new/", "--ca-file", "./ca.pem");
  assertMatch(stderr, new RegExp(`ca-file ${whole} is not on this node`));
  await node.run("webhook-mod", "new", "--ca-file", "../x/../ca.pem");
  const above = Deno.cwd().replace(/[^/]*$/, "ca.pem");
  assertStringIncludes(await Deno.readTextFile(node.path), `ca-file = "${above}"`);
  const set = await node.run("config-set", "api-token-file", "ca.pem");
  assertMatch(set.stdout, new RegExp(`^Set api-token-file to ${whole}\\.`));
  assertMatch((await node.run("config-set", "api-token-file", "none")).stdout, /to none\./);
});

Deno.test("what is wrong with a filter is told with what was meant, and nothing is changed", async () => {
  await using node = await Node.make();
  const refused: [option: string, value: string, message: string][] = [
    ["--events", "VOLUME_CREAT", "(did you mean: VOLUME_CREATE)"],
    ["--events", "PEER_*,!group:PERE", "(did you mean: !group:PEER)"],
    ["--fields", "mesage.force=true", "(did you mean: message.force)"],
    ["--volumes", "gv1,!gv*", "so no event would ever be posted"],
  ];
  for (const [option, value, message] of refused) {
    const stderr = await node.fails(7, "webhook-add", "http://new/", option, value);
    assertStringIncludes(stderr, message);
  }
});
