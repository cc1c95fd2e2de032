import {
  addWebhook,
  getWebhook,
  isConfigValue,
  modifyWebhook,
  pauseWebhook,
  removeWebhook,
  resetConfig,
  resumeWebhook,
  setConfig,
  type WebhookSettings,
} from "../../../src/registry/changes.ts";
import { editText } from "../../../src/registry/edit_text.ts";
import { readRegistry } from "../../../src/registry/read_registry.ts";
import type { Registry } from "../../../src/registry/schema.ts";
import type { RegistryEdit } from "../../../src/registry/edit_data.ts";
import { assertEquals } from "../../support/assert.ts";
import { S1, S2 } from "../../support/standard_vectors.ts";

const TEXT = `# head
[config]
timeout = "9s"

# operations
[[webhook]]
name = "ops"
url = "https://user:secret@ops.example.com/listen?key=secret"
bearer-token = "t0ken"

# audit
[[webhook]]
name = "audit"
url = "http://[::1]:9000/"
`;
const REGISTRY = readRegistry(TEXT, "f");

function changed(edits: readonly RegistryEdit[]): Registry {
  return readRegistry(editText(TEXT, edits), "f");
}

Deno.test("a webhook that is added is named after its host", () => {
  const { webhooks } = changed(addWebhook(REGISTRY, "https://new.example.com:8443/x", {}));
  assertEquals(webhooks.map(({ name }) => name), ["ops", "audit", "new.example.com"]);
  assertEquals(webhooks[2]?.timeoutMs, 9000);
});

Deno.test("a webhook that is added never takes the name of another", () => {
  const edits = addWebhook(changed(addWebhook(REGISTRY, "https://a/1", {})), "https://a/2", {});
  assertEquals(edits, [{ do: "append", webhook: { name: "a-2", url: "https://a/2" } }]);
});

Deno.test("a webhook is added with its settings, and without those that are cleared", () => {
  const settings: WebhookSettings = {
    "name": "new",
    "bearer-token": "abc",
    "headers": { "X-Team": 'a "b" \\ é' },
    "timeout": "1s",
    "retry-for": undefined,
    "order": "none",
    "rate": "10/s",
  };
  const { webhooks } = changed(addWebhook(REGISTRY, "http://new/", settings));
  assertEquals(webhooks[2], {
    name: "new",
    url: "http://new/",
    wanted: { events: [], volumes: [], fields: [] },
    format: "gluster",
    transport: {},
    bearerToken: "abc",
    headers: { "X-Team": 'a "b" \\ é' },
    timeoutMs: 1000,
    retryMinMs: 1000,
    retryMaxMs: 300_000,
    retryForMs: 259_200_000,
    order: "none",
    concurrency: 8,
    batch: 1,
    requestIntervalMs: 100,
    paused: false,
  });
});

Deno.test("a webhook is found by its name and by any way to write its URL", () => {
  for (const which of ["audit", "http://[::1]:9000", "HTTP://[0:0:0:0:0:0:0:1]:9000/"]) {
    assertEquals(getWebhook(REGISTRY, which).name, "audit", which);
  }
});

Deno.test("settings of a webhook are changed and cleared", () => {
  const settings: WebhookSettings = { "timeout": "1s", "bearer-token": undefined, "name": "new" };
  const { webhooks: [webhook] } = changed(modifyWebhook(REGISTRY, "ops", settings));
  assertEquals([webhook?.name, webhook?.timeoutMs, webhook?.bearerToken], ["new", 1000, undefined]);
});

Deno.test("a webhook may be given the name and the URL that it has", () => {
  const settings = { name: "audit", url: "http://[::1]:9000/" };
  const edits = modifyWebhook(REGISTRY, "audit", settings);
  assertEquals(editText(TEXT, edits), TEXT);
});

Deno.test("two webhooks cannot swap their names at once, but one after the other", () => {
  const first = changed(modifyWebhook(REGISTRY, "ops", { name: "x" }));
  assertEquals(first.webhooks.map(({ name }) => name), ["x", "audit"]);
  assertEquals(modifyWebhook(first, "audit", { name: "ops" }).length, 1);
});

Deno.test("a webhook is paused once, and resumed once, and then the file is as before", () => {
  const text = editText(TEXT, pauseWebhook(REGISTRY, "audit"));
  const paused = readRegistry(text, "f");
  assertEquals(paused.webhooks.map((webhook) => webhook.paused), [false, true]);
  assertEquals(pauseWebhook(paused, "audit"), []);
  assertEquals(resumeWebhook(paused, "ops"), []);
  assertEquals(editText(text, resumeWebhook(paused, "http://[::1]:9000")), TEXT);
});

Deno.test("a webhook that says that it is not paused can be paused", () => {
  const text = TEXT.replace('name = "ops"\n', 'name = "ops"\npaused = false # for now\n');
  const edited = editText(text, pauseWebhook(readRegistry(text, "f"), "ops"));
  assertEquals(edited, text.replace("paused = false", "paused = true"));
});

Deno.test("a webhook is removed with its comment", () => {
  assertEquals(
    editText(TEXT, removeWebhook(REGISTRY, "ops")),
    TEXT.slice(0, TEXT.indexOf("# operations")) + TEXT.slice(TEXT.indexOf("# audit")),
  );
});

Deno.test("a setting is set in the way it is written on a command line", () => {
  const { config } = changed([
    ...setConfig("port", "24009"),
    ...setConfig("log-level", "error"),
    ...setConfig("disable-events-log", "On"),
    ...setConfig("retry-max", "1h"),
    ...setConfig("history-max-size", "1.5GiB"),
    ...setConfig("allow-from", "10.1.2.3/8, fd00::/8"),
  ]);
  assertEquals(
    [
      config.port,
      config.logLevel,
      config.disableEventsLog,
      config.retryMaxMs,
      config.historyMaxBytes,
      config.allowFrom,
    ],
    [24009, "ERROR", true, 3_600_000, 1_610_612_736, ["10.0.0.0/8", "fd00::/8"]],
  );
});

Deno.test("a list is the same however its elements are written, but not in another order", () => {
  const isSame = (value: string[], text: string) => isConfigValue("allow-from", value, text);
  assertEquals(isSame(["10.0.0.0/8", "::1"], "10.1.1.1/8,0::1/128"), true);
  assertEquals(isSame(["10.0.0.0/8", "::1"], "::1,10.0.0.0/8"), false);
  assertEquals([isSame([], ""), isSame([], "any"), isSame([], "::1")], [true, true, false]);
});

Deno.test("settings go back to their defaults", () => {
  assertEquals(changed(resetConfig(["timeout", "port"])).config, readRegistry("", "f").config);
  assertEquals(editText(TEXT, resetConfig(["port", "retry-max"])), TEXT);
});

Deno.test("who clears the secret of a webhook clears how it signs too", () => {
  const signing = editText(TEXT, modifyWebhook(REGISTRY, "ops", { secret: "x", sign: "jwt" }));
  const registry = readRegistry(signing, "f");
  assertEquals(registry.webhooks[0]?.signing, { as: "jwt", secret: "x" });
  const cleared = editText(signing, modifyWebhook(registry, "ops", { secret: undefined }));
  assertEquals(cleared, TEXT);
});

Deno.test("a secret takes the place of a file that holds one, and the other way round", () => {
  const before = changed(
    addWebhook(REGISTRY, "http://new/", { "secret": S1, "bearer-token": "T", "sign": "standard" }),
  );
  const edits = modifyWebhook(before, "new", {
    "secret-file": "/etc/new.secret",
    "bearer-token-file": "/etc/new.token",
  });
  assertEquals(edits.filter((edit) => edit.do === "unset").map(({ key }) => key), [
    "secret",
    "bearer-token",
  ]);
});

Deno.test("who clears the file of the secret clears all that belongs to it", () => {
  const before = changed(
    addWebhook(REGISTRY, "http://new/", { "secret-file": "/etc/s", "sign": "standard" }),
  );
  const edits = modifyWebhook(before, "new", { "secret-file": undefined });
  assertEquals(edits.map((edit) => edit.do === "unset" ? edit.key : ""), [
    "sign",
    "old-secret",
    "old-secret-until",
    "secret-file",
  ]);
});

Deno.test("a secret, its file or another way to sign ends what a former secret was kept for", () => {
  const until = "2026-11-26T00:00:00Z";
  const before = changed(
    addWebhook(REGISTRY, "http://new/", {
      "secret": S1,
      "sign": "standard",
      "old-secret": S2,
      "old-secret-until": until,
    }),
  );
  const unsetBy = (settings: WebhookSettings) =>
    modifyWebhook(before, "new", settings).filter((edit) => edit.do === "unset").map(({ key }) =>
      key
    );
  const old = ["old-secret", "old-secret-until"];
  assertEquals(unsetBy({ secret: S2 }), ["secret-file", ...old]);
  assertEquals(unsetBy({ "secret-file": "/etc/s" }), ["secret", ...old]);
  assertEquals(unsetBy({ sign: "jwt" }), old);
  assertEquals(unsetBy({ timeout: "1s" }), []);
  assertEquals(unsetBy({ "secret": S2, "old-secret": S1, "old-secret-until": until }), [
    "secret-file",
  ]);
});
