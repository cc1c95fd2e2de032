import { editText } from "../../../src/registry/edit_text.ts";
import { readRegistry } from "../../../src/registry/read_registry.ts";
import { planImport, type UpstreamFiles } from "../../../src/registry/upstream_import.ts";
import { assertEquals } from "../../support/assert.ts";

const NOTHING: UpstreamFiles = { webhooks: [], bad: [], config: {} };

function plan(text: string, files: Partial<UpstreamFiles>) {
  const { edits, taken, left } = planImport(readRegistry(text, "f"), { ...NOTHING, ...files });
  return { taken, left, registry: readRegistry(editText(text, edits), "f") };
}

function webhook(url: string, { token = "", secret = "" } = {}) {
  return { url, token, secret };
}

Deno.test("webhooks are taken over with token and secret, and named after their hosts", () => {
  const { taken, left, registry } = plan("", {
    webhooks: [
      webhook("http://ops:9000/a", { token: "t0k" }),
      webhook("http://ops:9001", { secret: "s3c", token: "t0k" }),
      webhook("https://u:p@x/?k=v"),
    ],
  });
  assertEquals(left, []);
  assertEquals(
    registry.webhooks.map(({ name, url, bearerToken, signing }) => [
      name,
      url,
      bearerToken,
      signing,
    ]),
    [
      ["ops", "http://ops:9000/a", "t0k", undefined],
      ["ops-2", "http://ops:9001", "t0k", { as: "jwt", secret: "s3c" }],
      ["x", "https://u:p@x/?k=v", undefined, undefined],
    ],
  );
  assertEquals(taken.at(-1), {
    kind: "webhook",
    name: "x",
    url: "https://***@x/?***",
    hasToken: false,
    hasSecret: false,
  });
});

Deno.test("webhooks that are registered, twice in the file or unusable are left, with the reason", () => {
  const text = '[[webhook]]\nname = "mine"\nurl = "http://a/"\n';
  const { taken, left, registry } = plan(text, {
    webhooks: [
      webhook("http://A:80"),
      webhook("http://b/"),
      webhook("http://b"),
      webhook("notaurl"),
      webhook("ftp://c/"),
      webhook("http://d/", { token: "S3CRET with blanks" }),
      webhook("http://e/", { secret: "S3CRET\n" }),
    ],
    bad: [{ url: "http://f/", reason: "its token and secret must be texts" }],
  });
  assertEquals(taken.length, 1);
  assertEquals(left.map(({ what, reason }) => `${what}: ${reason}`), [
    'http://a/: registered as "mine" already',
    'http://b/: registered as "b" already',
    "notaurl: no URL to post to: it has no scheme",
    'ftp://c/: no URL to post to: its scheme is "ftp"',
    "http://d/: bearer-token must be printable characters without blanks, not the value given",
    "http://e/: secret must be a text without control characters, not the value given",
    "http://f/: its token and secret must be texts",
  ]);
  assertEquals(registry.webhooks.map(({ name }) => name), ["mine", "b"]);
});

Deno.test("settings are taken over where nothing else was set here", () => {
  const config = { "log-level": "debug", "port": 24009, "disable-events-log": true };
  const { taken, left, registry } = plan("", { config });
  assertEquals([taken.length, left], [3, []]);
  const { logLevel, port, disableEventsLog } = registry.config;
  assertEquals([logLevel, port, disableEventsLog], ["DEBUG", 24009, true]);
});

Deno.test("settings that are so already, set here, unknown or not allowed are left", () => {
  const { taken, left } = plan("[config]\nport = 5\n", {
    config: { "log-level": "INFO", "port": 24009, "disable-events-log": "maybe", "x": 1 },
  });
  assertEquals(taken, []);
  assertEquals(left.map(({ what, reason }) => `${what}: ${reason}`), [
    "log-level: INFO already",
    "port: set to 5 here, and not to 24009",
    'disable-events-log: must be true or false, not "maybe"',
    "x: upstream has no such setting",
  ]);
  const { left: levels } = plan("", { config: { "log-level": "TRACE" } });
  assertEquals(levels.map(({ reason }) => reason), [
    'must be one of DEBUG, INFO, WARNING, ERROR, not "TRACE"',
  ]);
});

Deno.test("a second import finds nothing new", () => {
  const files: UpstreamFiles = {
    webhooks: [webhook("http://a/", { token: "t", secret: "s" }), webhook("http://a:81/")],
    bad: [],
    config: { port: 1, "log-level": "ERROR" },
  };
  const text = editText("", planImport(readRegistry("", "f"), files).edits);
  const { edits, taken, left } = planImport(readRegistry(text, "f"), files);
  assertEquals([edits, taken, left.length], [[], [], 4]);
});
