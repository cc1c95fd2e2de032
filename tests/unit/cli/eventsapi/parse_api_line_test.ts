import { renderHelp, renderUsage } from "../../../../src/cli/eventsapi/api_help.ts";
import { API_COMMANDS } from "../../../../src/cli/eventsapi/api_commands.ts";
import { ArgumentError } from "../../../../src/cli/eventsapi/api_option.ts";
import { parseApiLine } from "../../../../src/cli/eventsapi/parse_api_line.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";

const USAGE = `usage: gluster-eventsapi [-h]
                         {reload,status,webhook-add,webhook-mod,webhook-del,webhook-test,config-get,config-set,config-reset,sync}
                         ...`;

/** What a line asks for, in short. */
function parse(...args: string[]): unknown[] {
  const line = parseApiLine(args);
  switch (line.ask) {
    case "nothing":
      return ["nothing"];
    case "help":
      return ["help", line.command?.name];
    case "run":
      return [line.command.name, Object.fromEntries(line.values), line.isJson];
  }
}

/** What is said of a line that makes no sense, and by whom. */
function refuse(...args: string[]): [command: string | undefined, message: string] {
  const { command, message } = assertThrows(() => parseApiLine(args), ArgumentError);
  return [command?.name, message];
}

Deno.test("the calls that vdsm makes are understood", () => {
  const url = "http://engine:8080/events";
  assertEquals(parse("webhook-add", url, "--bearer_token=T"), [
    "webhook-add",
    { url, bearer_token: "T" },
    false,
  ]);
  assertEquals(parse("webhook-mod", url, "--bearer_token=T"), [
    "webhook-mod",
    { url, bearer_token: "T" },
    false,
  ]);
  assertEquals(parse("webhook-del", url), ["webhook-del", { url }, false]);
  assertEquals(parse("sync"), ["sync", {}, false]);
  assertEquals(parse("status", "--json"), ["status", {}, true]);
});

Deno.test("options stand anywhere behind the command, in every spelling that argparse takes", () => {
  for (
    const words of [
      ["-t", "T", "-s", "S", "u"],
      ["u", "-tT", "-sS"],
      ["--bearer", "T", "u", "--s=S"],
      ["-t=T", "--secret", "S", "--", "u"],
      ["-t", "x", "-t", "T", "-s", "S", "u", "--"],
    ]
  ) {
    assertEquals(parse("webhook-test", ...words), [
      "webhook-test",
      { url: "u", bearer_token: "T", secret: "S" },
      false,
    ], words.join(" "));
  }
  assertEquals(parse("config-set", "port", "--js", "-1"), [
    "config-set",
    { name: "port", value: "-1" },
    true,
  ]);
  assertEquals(parse("config-get", "--name="), ["config-get", { name: "" }, false]);
  assertEquals(parse("webhook-del", "--", "--json"), ["webhook-del", { url: "--json" }, false]);
  assertEquals(parse("webhook-add", "", "-t", "-a b"), [
    "webhook-add",
    { url: "", bearer_token: "-a b" },
    false,
  ]);
});

Deno.test("without a command nothing is done, and help is shown wherever it is asked for", () => {
  assertEquals(parse(), ["nothing"]);
  assertEquals(parse("-h"), ["help", undefined]);
  assertEquals(parse("--he"), ["help", undefined]);
  assertEquals(parse("sync", "--help"), ["help", "sync"]);
  assertEquals(parse("webhook-add", "-h", "-z"), ["help", "webhook-add"]);
});

Deno.test("what makes no sense is refused in argparse's words", () => {
  const choices = API_COMMANDS.map(({ name }) => name);
  const names = choices.map((name) => `'${name}'`).join(", ");
  const choice = (shown: string) =>
    `argument {${choices.join(",")}}: invalid choice: ${shown} (choose from ${names})`;
  const token = "argument --bearer_token/-t: expected one argument";
  const cases:
    readonly (readonly [words: string[], command: string | undefined, message: string])[] = [
      [["bogus"], undefined, choice("'bogus'")],
      [["it's\n"], undefined, choice('"it\'s\\n"')],
      [["--", "sync"], undefined, choice("'--'")],
      [["node-status"], undefined, choice("'node-status'")],
      [["--"], undefined, "unrecognized arguments: --"],
      [["--json", "status", "x"], undefined, "unrecognized arguments: --json x"],
      [["status", "x", "--y", "-z"], undefined, "unrecognized arguments: x --y -z"],
      [["status", "--", "x"], undefined, "unrecognized arguments: -- x"],
      [["webhook-del", "a", "b", "--"], undefined, "unrecognized arguments: b --"],
      [["webhook-del", "a", "--", "b"], undefined, "unrecognized arguments: b"],
      [["webhook-del", "--", "a", "--", "b"], undefined, "unrecognized arguments: -- b"],
      [["sync", "--bearer_token=3"], undefined, "unrecognized arguments: --bearer_token=3"],
      [["webhook-add"], "webhook-add", "the following arguments are required: url"],
      [["config-set"], "config-set", "the following arguments are required: name, value"],
      [["config-set", "a", "--x"], "config-set", "the following arguments are required: value"],
      [["webhook-add", "a", "-t"], "webhook-add", token],
      [["webhook-add", "a", "-t", "-x"], "webhook-add", token],
      [["webhook-add", "a", "-t", "--", "b"], "webhook-add", token],
      [
        ["webhook-add", "a", "--json=3"],
        "webhook-add",
        "argument --json: ignored explicit argument '3'",
      ],
      [["sync", "-hx"], "sync", "argument -h/--help: ignored explicit argument 'x'"],
      [
        ["webhook-add", "a", "--=x"],
        "webhook-add",
        "ambiguous option: --=x could match --help, --bearer_token, --secret, --json",
      ],
    ];
  for (const [words, command, message] of cases) {
    assertEquals(refuse(...words), [command, message], words.join(" "));
  }
});

Deno.test("usage is laid out as argparse does it", () => {
  assertEquals(renderUsage().join("\n"), USAGE);
  const lines = API_COMMANDS.map((command) => renderUsage(command).join("\n"));
  assertEquals(lines, [
    "usage: gluster-eventsapi reload [-h] [--json]",
    "usage: gluster-eventsapi status [-h] [--json]",
    `usage: gluster-eventsapi webhook-add [-h] [--bearer_token BEARER_TOKEN]
                                     [--secret SECRET] [--json]
                                     url`,
    `usage: gluster-eventsapi webhook-mod [-h] [--bearer_token BEARER_TOKEN]
                                     [--secret SECRET] [--json]
                                     url`,
    "usage: gluster-eventsapi webhook-del [-h] [--json] url",
    `usage: gluster-eventsapi webhook-test [-h] [--bearer_token BEARER_TOKEN]
                                      [--secret SECRET] [--json]
                                      url`,
    "usage: gluster-eventsapi config-get [-h] [--name NAME] [--json]",
    "usage: gluster-eventsapi config-set [-h] [--json] name value",
    "usage: gluster-eventsapi config-reset [-h] [--json] name",
    "usage: gluster-eventsapi sync [-h] [--json]",
  ]);
});

Deno.test("help shows the usage, the operands and the options", () => {
  const command = API_COMMANDS.find(({ name }) => name === "config-set");
  assertEquals(
    renderHelp(command).join("\n"),
    `usage: gluster-eventsapi config-set [-h] [--json] name value

positional arguments:
  name        name of the setting
  value       its new value

options:
  -h, --help  show this help and end
  --json      print JSON`,
  );
});
