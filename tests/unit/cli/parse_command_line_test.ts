import { type CommandSpec, UsageError } from "../../../src/cli/command.ts";
import { COMMANDS, SHARED_OPTIONS } from "../../../src/cli/command_table.ts";
import { parseCommandLine } from "../../../src/cli/parse_command_line.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../../support/assert.ts";

const TEST: CommandSpec = {
  name: "webhook-add",
  section: "Webhooks",
  summary: "Test",
  operands: [
    { name: "URL", help: "the URL" },
    { name: "MORE", optional: true, help: "more" },
  ],
  options: [
    { name: "bearer-token", short: "t", alias: "bearer_token", value: "TOKEN", help: "token" },
    { name: "header", value: "N=V", repeatable: true, help: "header" },
    { name: "keep", help: "keep" },
  ],
  examples: [],
  load: () => Promise.reject(new Error("not loaded in this test")),
};

function parse(...words: string[]) {
  return parseCommandLine(["webhook-add", ...words], [TEST], SHARED_OPTIONS);
}

/** What was given, in a form to compare. */
function read(...words: string[]) {
  const line = parse(...words);
  if (line.ask !== "run") throw new Error(`asks for ${line.ask}`);
  const { options, operands } = line;
  return {
    operands,
    token: options.get("bearer-token"),
    headers: options.all("header"),
    keep: options.has("keep"),
    json: options.has("json"),
  };
}

function fails(...words: string[]): UsageError {
  return assertThrows(() => parse(...words), UsageError);
}

const NONE = { operands: ["u"], token: undefined, headers: [], keep: false, json: false };

Deno.test("options and operands are read in any order", () => {
  assertEquals(read("u"), { ...NONE, operands: ["u"] });
  const words = ["--json", "u", "-t", "T", "--header", "a=1", "v", "--header=b=2", "--keep"];
  const wanted = {
    operands: ["u", "v"],
    token: "T",
    headers: ["a=1", "b=2"],
    keep: true,
    json: true,
  };
  assertEquals(read(...words), wanted);
});

Deno.test("upstream's spelling with an underscore is understood", () => {
  assertEquals(read("u", "--bearer_token=T").token, "T");
  assertEquals(read("u", "--bearer_token", "T").token, "T");
});

Deno.test("a value may be empty, hold anything behind an equal sign, and look like a number", () => {
  assertEquals(read("u", "-t", "").token, "");
  assertEquals(read("u", "--bearer-token=").token, "");
  assertEquals(read("u", "--bearer-token=-x=y z").token, "-x=y z");
  assertEquals(read("u", "--bearer-token", "007").token, "007");
  assertEquals(read("007").operands, ["007"]);
});

Deno.test("a switch leaves the word behind it alone", () => {
  assertEquals(read("u", "--keep", "true"), { ...NONE, operands: ["u", "true"], keep: true });
  assertEquals(read("--json", "false"), { ...NONE, operands: ["false"], json: true });
});

Deno.test("words behind two hyphens are operands", () => {
  assertEquals(read("--keep", "--", "-u", "--v").operands, ["-u", "--v"]);
});

Deno.test("an option that does not exist gets the nearest one as a hint", () => {
  const error = fails("u", "--bearer-tokn", "T");
  assertStringIncludes(error.message, '"--bearer-tokn"');
  assertStringIncludes(error.hint, "--bearer-token");
  assertStringIncludes(fails("u", "-x").message, '"-x"');
  assertStringIncludes(fails("u", "--constructor=1").message, '"--constructor"');
  assertStringIncludes(fails("u", "--undefined").message, '"--undefined"');
});

Deno.test("missing, needless and repeated values are refused", () => {
  assertStringIncludes(fails("u", "-t").message, "needs a value: TOKEN");
  assertStringIncludes(fails("u", "-t", "--json").hint, "--bearer-token=VALUE");
  assertStringIncludes(fails("u", "--keep=yes").message, "takes no value");
  assertStringIncludes(fails("u", "-t", "a", "--bearer-token", "b").message, "2 times");
});

Deno.test("missing and surplus operands are refused", () => {
  assertStringIncludes(fails().message, "needs URL: the URL");
  assertStringIncludes(fails("a", "b", "c").message, "takes URL and MORE, and nothing more");
});

Deno.test("words that may be secrets are not repeated", () => {
  const lines = [
    ["u", "-t", "-S3CRET"],
    ["u", "-tS3CRET"],
    ["u", "--bearer-token-S3CRET"],
    ["u", "v", "S3CRET"],
    ["u", "--header", "X-Key:", "w", "S3CRET"],
  ];
  for (const words of lines) {
    const { message, hint } = fails(...words);
    assertEquals((message + hint).includes("S3CRET"), false, `${message} ${hint}`);
  }
});

Deno.test("an unknown command gets the nearest one as a hint", () => {
  const error = assertThrows(
    () => parseCommandLine(["webhok-add"], COMMANDS, SHARED_OPTIONS),
    UsageError,
    '"webhok-add"',
  );
  assertStringIncludes(error.hint, "gluster-eventing webhook-add");
  assertThrows(() => parseCommandLine(["--jsno"], COMMANDS, SHARED_OPTIONS), UsageError, "before");
});

Deno.test("help and version are asked for in the usual ways", () => {
  const ask = (...words: string[]) => {
    const line = parseCommandLine(words, COMMANDS, SHARED_OPTIONS);
    return line.ask === "help" ? `help ${line.command?.name ?? ""}`.trim() : line.ask;
  };
  const asks: [string, string][] = [
    ["--help", "help"],
    ["-h", "help"],
    ["help", "help"],
    ["help emit", "help emit"],
    ["emit --help", "help emit"],
    ["emit -h", "help emit"],
    ["--version", "version"],
    ["-V", "version"],
  ];
  for (const [words, wanted] of asks) assertEquals(ask(...words.split(" ")), wanted, words);
  assertEquals(ask(), "help");
});
