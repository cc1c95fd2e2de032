import type { EventsapiActions } from "../../../../src/cli/eventsapi/actions.ts";
import { runEventsapi } from "../../../../src/cli/eventsapi/run_eventsapi.ts";
import { CommandError } from "../../../../src/cli/command.ts";
import { OutputError } from "../../../../src/cli/output.ts";
import type { NodeRow } from "../../../../src/cluster/node_row.ts";
import {
  InvalidValueError,
  UnknownWebhookError,
  WebhookExistsError,
} from "../../../../src/registry/errors.ts";
import { assertEquals } from "../../../support/assert.ts";
import type { ProgramResult } from "../../../support/program.ts";

const HERE: NodeRow = { node: "localhost", isUp: true };
const DOWN: NodeRow = { node: "gl2", isUp: false };

/** Actions that come to rows, and say what they were called with. */
class FakeActions implements EventsapiActions {
  readonly calls: unknown[][] = [];
  webhooks: string[] = [];
  rows: NodeRow[] = [HERE];
  failure: Error | undefined;

  #called(...call: unknown[]): Promise<NodeRow[]> {
    this.calls.push(call);
    return this.failure === undefined ? Promise.resolve(this.rows) : Promise.reject(this.failure);
  }

  status = async () => ({ webhooks: this.webhooks, rows: await this.#called("status") });
  reload = () => this.#called("reload");
  sync = () => this.#called("sync");
  webhookAdd = (...call: unknown[]) => this.#called("add", ...call);
  webhookMod = (...call: unknown[]) => this.#called("mod", ...call);
  webhookDel = (...call: unknown[]) => this.#called("del", ...call);
  webhookTest = (...call: unknown[]) => this.#called("test", ...call);
  configGet = () =>
    Promise.resolve({ "log-level": "INFO", "port": 55555, "disable-events-log": false });
  configSet = (...call: unknown[]) => this.#called("set", ...call);
  configReset: EventsapiActions["configReset"] = async (keys) => ({
    reset: keys.slice(0, 2),
    rows: await this.#called("reset", keys),
  });
}

async function run(actions: EventsapiActions, ...args: string[]): Promise<ProgramResult> {
  let stdout = "";
  let stderr = "";
  const code = await runEventsapi(args, {
    streams: { stdout: (text) => stdout += text, stderr: (text) => stderr += text },
    actions,
  });
  return { code, stdout, stderr };
}

const OK_TABLE = `+-----------+-------------+-------------+
|    NODE   | NODE STATUS | SYNC STATUS |
+-----------+-------------+-------------+
| localhost |          UP |          OK |
+-----------+-------------+-------------+
`;

Deno.test("a command is handed to its action with what goes along", async () => {
  const actions = new FakeActions();
  for (
    const [line, ...call] of [
      ["webhook-add u -t T -s S", "add", "u", { token: "T", secret: "S" }],
      ["webhook-add u", "add", "u", { token: "", secret: "" }],
      ["webhook-mod u --bearer_token=T", "mod", "u", { token: "T", secret: "" }],
      ["webhook-del u", "del", "u"],
      ["webhook-test u -s S", "test", "u", { token: "", secret: "S" }],
      ["config-set port 5", "set", "port", "5"],
      ["config-reset port", "reset", ["port"]],
      ["config-reset All", "reset", ["log-level", "port", "disable-events-log"]],
      ["sync", "sync"],
      ["reload", "reload"],
    ] as const
  ) {
    assertEquals((await run(actions, ...line.split(" "))).code, 0, line);
    assertEquals(actions.calls.at(-1), call, line);
  }
});

Deno.test("rows are shown as a table or as JSON, and make the exit code", async () => {
  const actions = new FakeActions();
  assertEquals(await run(actions, "sync"), { code: 0, stdout: OK_TABLE, stderr: "" });
  actions.rows = [HERE, DOWN];
  const json = await run(actions, "webhook-test", "u", "--json");
  assertEquals([json.code, JSON.parse(json.stdout)], [4, {
    output: [
      { node: "gl2", node_status: "DOWN", webhook_status: "NOT OK", error: "N/A" },
      { node: "localhost", node_status: "UP", webhook_status: "OK", error: "" },
    ],
    error: "",
  }]);
  actions.rows = [DOWN];
  for (
    const line of ["sync", "webhook-add u", "webhook-mod u", "webhook-del u", "webhook-test u"]
  ) {
    assertEquals((await run(actions, ...line.split(" "))).code, 3, line);
  }
  for (const line of ["status", "reload"]) assertEquals((await run(actions, line)).code, 0, line);
});

Deno.test("the status shows the webhooks above the nodes, without what may be secret in them", async () => {
  const actions = new FakeActions();
  assertEquals((await run(actions, "status")).stdout.split("\n").slice(0, 3), [
    "Webhooks: None",
    "",
    "+-----------+-------------+-----------------------+",
  ]);
  actions.webhooks = ["http://Ops:9000", "https://u:S3CRET@x/?k=S3CRET"];
  assertEquals((await run(actions, "status")).stdout.split("\n").slice(0, 5), [
    "Webhooks: ",
    "http://Ops:9000",
    "https://***@x/?***",
    "",
    "+-----------+-------------+-----------------------+",
  ]);
  const { output } = JSON.parse((await run(actions, "status", "--json")).stdout);
  assertEquals(output.webhooks, ["http://Ops:9000", "https://***@x/?***"]);
  assertEquals(output.data, [
    { node: "localhost", node_status: "UP", glustereventsd_status: "OK", error: "" },
  ]);
});

Deno.test("settings are shown as Python writes them", async () => {
  const actions = new FakeActions();
  assertEquals(
    (await run(actions, "config-get", "--name", "disable-events-log")).stdout,
    [
      "+--------------------+-------+",
      "|        NAME        | VALUE |",
      "+--------------------+-------+",
      "| disable-events-log | False |",
      "+--------------------+-------+",
      "",
    ].join("\n"),
  );
  assertEquals(
    (await run(actions, "config-get", "--json")).stdout,
    '{"output": {"log-level": "INFO", "port": 55555, "disable-events-log": false}, "error": ""}\n',
  );
});

Deno.test("a new port asks for a restart, but never in front of JSON", async () => {
  const actions = new FakeActions();
  const notice = "\nRestart gluster-eventing in all nodes\n";
  assertEquals((await run(actions, "config-set", "port", "5")).stdout, notice + OK_TABLE);
  assertEquals((await run(actions, "config-reset", "all")).stdout, notice + OK_TABLE);
  assertEquals((await run(actions, "config-set", "log-level", "ERROR")).stdout, OK_TABLE);
  JSON.parse((await run(actions, "config-set", "port", "5", "--json")).stdout);
});

Deno.test("errors have upstream's words and exit codes", async () => {
  const actions = new FakeActions();
  const known = { asked: "u", known: [] };
  const cases: readonly (readonly [Error, code: number, text: string, stderr?: string])[] = [
    [new WebhookExistsError("x", "ops"), 5, "Webhook already exists"],
    [new UnknownWebhookError("x", known), 6, "Webhook does not exists"],
    [
      new InvalidValueError("url is bad"),
      7,
      "url is bad",
      "url is bad\nhint: nothing was changed; give another value\n",
    ],
    [
      new CommandError(8, "Failed to sync", "wait"),
      8,
      "Failed to sync",
      "Failed to sync\nhint: wait\n",
    ],
    [new CommandError(69, "no daemon", "start it"), 1, "no daemon", "no daemon\nhint: start it\n"],
  ];
  for (const [failure, code, text, stderr = `${text}\n`] of cases) {
    actions.failure = failure;
    assertEquals(await run(actions, "webhook-add", "u"), { code, stdout: "", stderr }, text);
    assertEquals(await run(actions, "webhook-add", "u", "--json"), {
      code,
      stdout: `{"output": "", "error": "${text}"}\n`,
      stderr: "",
    });
  }
});

Deno.test("a setting that upstream does not have is refused before anything is done", async () => {
  const actions = new FakeActions();
  for (const line of ["config-get --name x", "config-set timeout 5s", "config-reset x"]) {
    const { code, stderr } = await run(actions, ...line.split(" "));
    assertEquals([code, stderr], [7, "Invalid Config item\n"], line);
  }
  assertEquals(actions.calls, []);
});

Deno.test("wrong usage ends with 2 and says how it is used, on standard error", async () => {
  const { code, stdout, stderr } = await run(new FakeActions(), "webhook-del", "--json");
  assertEquals([code, stdout], [2, ""]);
  assertEquals(
    stderr,
    "usage: gluster-eventsapi webhook-del [-h] [--json] url\n" +
      "gluster-eventsapi webhook-del: error: the following arguments are required: url\n",
  );
  assertEquals(await run(new FakeActions()), { code: 0, stdout: "", stderr: "" });
});

Deno.test("an output that cannot be written is a failure", async () => {
  let said = "";
  const streams = {
    stdout: () => {
      throw new OutputError("Cannot write the output: disk full", "free space");
    },
    stderr: (text: string) => said += text,
  };
  const code = await runEventsapi(["sync", "--json"], { streams, actions: new FakeActions() });
  assertEquals([code, said], [1, "Cannot write the output: disk full\nhint: free space\n"]);
});
