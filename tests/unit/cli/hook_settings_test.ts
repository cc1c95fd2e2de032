import { type GivenOptions, UsageError } from "../../../src/cli/command.ts";
import { readHookSettings } from "../../../src/cli/hook_settings.ts";
import { Output } from "../../../src/cli/output.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { PUBLIC_KEY } from "../../support/standard_vectors.ts";
import { makeTempFolder } from "../../support/temp_folder.ts";

const OUTPUT = new Output({ stdout: () => {}, stderr: () => {} }, { json: false });

function read(values: Readonly<Record<string, string>>) {
  const given: GivenOptions = {
    has: (name) => name in values,
    get: (name) => values[name],
    all: (name) => name in values ? [values[name] ?? ""] : [],
  };
  return readHookSettings(given, OUTPUT);
}

Deno.test("without options there is no trouble, and nothing is verified or sent on", () => {
  assertEquals(read({}), {
    trouble: {},
    proof: { secrets: [] },
    acceptsUnverified: false,
    isUiOpen: false,
  });
});

Deno.test("options become trouble, proof and where requests are sent on to", () => {
  assertEquals(
    read({
      "fail-rate": "0.3",
      "status": "500",
      "delay": "2s",
      "secret": PUBLIC_KEY,
      "bearer-token": "t",
      "forward": "http://localhost:1/",
      "forward-allow": "gl2",
      "keep": "5",
      "ui-open": "",
    }),
    {
      trouble: { status: 500, delayMs: 2000, failRate: 0.3 },
      proof: { secrets: [PUBLIC_KEY], bearerToken: "t" },
      acceptsUnverified: false,
      isUiOpen: true,
      keeps: 5,
      forward: { url: "http://localhost:1/", allowed: ["gl2"] },
    },
  );
});

Deno.test("secrets and tokens come from files too, former secrets in more lines", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/secret`;
  await Deno.writeTextFile(path, "new\nold\n");
  assertEquals(read({ "secret-file": path }).proof, { secrets: ["new", "old"] });
  await Deno.writeTextFile(path, "t0ken\n");
  assertEquals(read({ "bearer-token-file": path }).proof?.bearerToken, "t0ken");
});

Deno.test("options that make no sense are refused, without a secret in the message", () => {
  const rows: readonly [Readonly<Record<string, string>>, string][] = [
    [{ hang: "", reset: "" }, "exclude each other"],
    [{ "fail-rate": "2" }, '--fail-rate cannot be "2"'],
    [{ delay: "5m" }, '--delay cannot be "5m"'],
    [{ status: "42" }, '--status cannot be "42"'],
    [{ keep: "0" }, '--keep cannot be "0"'],
    [{ secret: "whsec_S3CRET" }, "cannot verify anything"],
    [{ secret: "" }, "it is empty"],
    [{ "secret": "a", "secret-file": "/dev/null" }, "exclude each other"],
    [{ "accept-unverified": "" }, "nothing to verify"],
    [{ "forward-allow": "gl2" }, "goes with --forward"],
  ];
  for (const [values, said] of rows) {
    const error = assertThrows(() => read(values), UsageError, said);
    assertEquals([error.hint === "", error.message.includes("S3CRET")], [false, false]);
  }
});
