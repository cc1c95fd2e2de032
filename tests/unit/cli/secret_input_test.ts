import { type GivenOptions, UsageError } from "../../../src/cli/command.ts";
import { Output } from "../../../src/cli/output.ts";
import { withSecretsRead } from "../../../src/cli/secret_input.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";

const OUTPUT = new Output({ stdout: () => {}, stderr: () => {} }, { json: false });

function given(values: Readonly<Record<string, string>>): GivenOptions {
  return {
    has: (name) => name in values,
    get: (name) => values[name],
    all: (name) => name in values ? [values[name] ?? ""] : [],
  };
}

function readAs(text: string, values: Readonly<Record<string, string>>): GivenOptions {
  return withSecretsRead(given(values), OUTPUT, () => text);
}

Deno.test("a hyphen as secret or token stands for a line of standard input", () => {
  const options = readAs("s3 cret", { "secret": "-", "bearer-token": "t", "name": "-" });
  const values = ["secret", "bearer-token", "name", "url"].map((name) => options.get(name));
  assertEquals(values, ["s3 cret", "t", "-", undefined]);
  assertEquals([options.has("secret"), options.all("name")], [true, ["-"]]);
  assertEquals(readAs("t0ken", { "bearer-token": "-" }).get("bearer-token"), "t0ken");
});

Deno.test("without a hyphen nothing is read", () => {
  const options = given({ secret: "x" });
  const read = () => {
    throw new Error("It was read");
  };
  assertEquals(withSecretsRead(options, OUTPUT, read), options);
});

Deno.test("nothing, several lines, or two values from one input are refused", () => {
  assertThrows(() => readAs("", { secret: "-" }), UsageError, "there is none");
  const error = assertThrows(
    () => readAs("S3CRET\nS3CRET", { secret: "-" }),
    UsageError,
    "there are more",
  );
  assertEquals((error.message + error.hint).includes("S3CRET"), false);
  const both = { "secret": "-", "bearer-token": "-" };
  assertThrows(() => readAs("x", both), UsageError, "--secret and --bearer-token are both");
});
