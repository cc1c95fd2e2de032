import {
  readUpstreamConfig,
  readUpstreamWebhooks,
  UpstreamFileError,
} from "../../../src/registry/upstream_files.ts";
import { assertEquals, assertMatch, assertThrows } from "../../support/assert.ts";

const PATH = "/events/webhooks.json";

Deno.test("webhooks are read in both formats that upstream has had", () => {
  const text = JSON.stringify({
    "http://new/": { token: "t", secret: "s" },
    "http://token/": { token: "t" },
    "http://plain/": { token: "", secret: "" },
    "http://old/": "t",
    "http://oldest/": "",
  });
  assertEquals(readUpstreamWebhooks(text, PATH), {
    webhooks: [
      { url: "http://new/", token: "t", secret: "s" },
      { url: "http://token/", token: "t", secret: "" },
      { url: "http://plain/", token: "", secret: "" },
      { url: "http://old/", token: "t", secret: "" },
      { url: "http://oldest/", token: "", secret: "" },
    ],
    bad: [],
  });
});

Deno.test("files without content and without entries say nothing", () => {
  for (const text of ["", " \n", "{}", "{ }\n"]) {
    assertEquals(readUpstreamWebhooks(text, PATH), { webhooks: [], bad: [] });
    assertEquals(readUpstreamConfig(text, PATH), {});
  }
});

Deno.test("an entry that upstream could not have used is set apart", () => {
  const text =
    '{"http://a/": null, "http://b/": {"token": 1}, "http://c/": ["t"], "http://d/": "t"}';
  const { webhooks, bad } = readUpstreamWebhooks(text, PATH);
  assertEquals(webhooks.map(({ url }) => url), ["http://d/"]);
  assertEquals(bad.map(({ url }) => url), ["http://a/", "http://b/", "http://c/"]);
});

Deno.test("the setting with an underscore in its name gets the later name", () => {
  assertEquals(readUpstreamConfig('{"log_level": "DEBUG", "port": 24009}', PATH), {
    "log-level": "DEBUG",
    "port": 24009,
  });
  const both = '{"log_level": "DEBUG", "log-level": "ERROR"}';
  assertEquals(readUpstreamConfig(both, PATH), { "log-level": "ERROR" });
});

Deno.test("a file that is broken is refused with its place, and without what it says", () => {
  const broken: readonly (readonly [text: string, message: RegExp, hint: RegExp])[] = [
    ['{}http://S3CRET": "S3CRET"}', /: line 1, column 3: there is more text/, /leave a "\{\}"/],
    ['{"http://a/":\n "S3CRET', /: line 2, column 2: a text that does not end/, /one JSON object/],
    ['"S3CRET"', /: line 1: it must hold a JSON object, not a text$/, /--from/],
    ["[1]", /: line 1: it must hold a JSON object, not an array$/, /--from/],
  ];
  for (const [text, message, hint] of broken) {
    for (const read of [readUpstreamWebhooks, readUpstreamConfig]) {
      const error = assertThrows(() => read(text, PATH), UpstreamFileError, PATH);
      assertMatch(error.message, message);
      assertMatch(error.hint, hint);
      assertEquals(/S3CRET/.test(error.message + error.hint), false, error.message);
    }
  }
});
