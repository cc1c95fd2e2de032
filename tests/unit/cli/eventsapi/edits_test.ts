import {
  addEdits,
  changedKeys,
  delEdits,
  modEdits,
  resetEdits,
  setEdits,
} from "../../../../src/cli/eventsapi/edits.ts";
import { EventsapiError } from "../../../../src/cli/eventsapi/api_errors.ts";
import { InvalidValueError, UnknownWebhookError } from "../../../../src/registry/errors.ts";
import { editText } from "../../../../src/registry/edit_text.ts";
import { readRegistry } from "../../../../src/registry/read_registry.ts";
import { UPSTREAM_KEYS } from "../../../../src/registry/upstream_import.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";

const TEXT = `[config]
port = 24009
timeout = "5s"

[[webhook]]
name = "ops"
url = "http://ops/"
bearer-token = "T"
timeout = "1s"
`;
const REGISTRY = readRegistry(TEXT, "f");
const NONE = { token: "", secret: "" };

function changed(edits: ReturnType<typeof addEdits>) {
  return readRegistry(editText(TEXT, edits), "f");
}

Deno.test("a webhook gets what is given, and a secret makes it sign as upstream does", () => {
  const { webhooks: [, plain] } = changed(addEdits(REGISTRY, "http://a/", NONE));
  assertEquals([plain?.bearerToken, plain?.signing], [undefined, undefined]);
  const both = { token: "T", secret: "S" };
  const { webhooks: [, signed] } = changed(addEdits(REGISTRY, "http://a/", both));
  assertEquals([signed?.bearerToken, signed?.signing], ["T", { as: "jwt", secret: "S" }]);
});

Deno.test("an empty token or secret keeps the old one, and all else stays", () => {
  assertEquals(modEdits(REGISTRY, "http://ops", NONE), []);
  const { webhooks: [ops] } = changed(modEdits(REGISTRY, "http://ops", { ...NONE, secret: "S" }));
  assertEquals([ops?.bearerToken, ops?.signing, ops?.timeoutMs], [
    "T",
    { as: "jwt", secret: "S" },
    1000,
  ]);
});

Deno.test("a webhook is meant by its URL alone, since upstream knows no names", () => {
  for (const url of ["ops", "", "http://other/"]) {
    assertThrows(() => modEdits(REGISTRY, url, NONE), UnknownWebhookError);
    assertThrows(() => delEdits(REGISTRY, url), UnknownWebhookError);
  }
  assertEquals(changed(delEdits(REGISTRY, "http://OPS:80/")).webhooks, []);
});

Deno.test("a setting takes upstream's words, and one that is so already is refused", () => {
  for (const word of ["enabled", "TRUE", "on", "Yes"]) {
    const { config } = changed(setEdits(REGISTRY, "disable-events-log", word));
    assertEquals(config.disableEventsLog, true, word);
  }
  const same: [typeof UPSTREAM_KEYS[number], string][] = [
    ["disable-events-log", "enable"],
    ["disable-events-log", ""],
    ["port", "24009"],
    ["log-level", "info"],
  ];
  for (const [key, word] of same) {
    assertThrows(() => setEdits(REGISTRY, key, word), EventsapiError, "not changed. Same config");
  }
  assertThrows(() => setEdits(REGISTRY, "port", "70000"), InvalidValueError);
});

Deno.test("a reset goes back to the defaults of what upstream has, and leaves the rest", () => {
  assertEquals(changedKeys(REGISTRY, UPSTREAM_KEYS), ["port"]);
  const { config } = changed(resetEdits(REGISTRY, UPSTREAM_KEYS));
  assertEquals([config.port, config.timeoutMs], [55555, 5000]);
  assertThrows(() => resetEdits(REGISTRY, ["log-level"]), EventsapiError, "Already set to default");
});
