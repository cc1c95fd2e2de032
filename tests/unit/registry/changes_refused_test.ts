import {
  addWebhook,
  getWebhook,
  modifyWebhook,
  pauseWebhook,
  removeWebhook,
  resumeWebhook,
  setConfig,
} from "../../../src/registry/changes.ts";
import {
  InvalidValueError,
  UnknownWebhookError,
  WebhookExistsError,
} from "../../../src/registry/errors.ts";
import { readRegistry } from "../../../src/registry/read_registry.ts";
import { assertEquals, assertMatch, assertThrows } from "../../support/assert.ts";

const REGISTRY = readRegistry(
  `[[webhook]]
name = "ops"
url = "https://user:S3CRET@ops.example.com/listen?key=S3CRET"

[[webhook]]
name = "audit"
url = "http://[::1]:9000/"
`,
  "f",
);

const REFUSED: readonly (readonly [
  what: string,
  change: () => unknown,
  error: new (...args: never[]) => Error,
  message: RegExp,
])[] = [
  [
    "a URL that exists",
    () => addWebhook(REGISTRY, "HTTPS://user:S3CRET@OPS.example.com:443/listen?key=S3CRET", {}),
    WebhookExistsError,
    /^Webhook already exists: https:\/\/\*\*\*@ops\.example\.com\/listen\?\*\*\* .* "ops"$/,
  ],
  [
    "a name that exists",
    () => addWebhook(REGISTRY, "http://new/", { name: "ops" }),
    WebhookExistsError,
    /^Webhook already exists: another one is named "ops"$/,
  ],
  [
    "a URL that is none",
    () => addWebhook(REGISTRY, "user:S3CRET@new/", {}),
    InvalidValueError,
    /^url must be a URL .*, not "\*\*\*@new\/": its scheme is "user"$/,
  ],
  ["no URL", () => addWebhook(REGISTRY, "", {}), InvalidValueError, /^url must be .* no scheme$/],
  [
    "a name that is none",
    () => addWebhook(REGISTRY, "http://new/", { name: "-a" }),
    InvalidValueError,
    /^name must be letters, digits.*, not "-a"$/,
  ],
  [
    "an empty name",
    () => addWebhook(REGISTRY, "http://new/", { name: "" }),
    InvalidValueError,
    /^name must be .*, not ""$/,
  ],
  [
    "a token with blanks",
    () => modifyWebhook(REGISTRY, "ops", { "bearer-token": "S3CRET S3CRET" }),
    InvalidValueError,
    /^bearer-token must be printable .*, not the value given$/,
  ],
  [
    "a header that is reserved",
    () => modifyWebhook(REGISTRY, "ops", { headers: { Host: "S3CRET" } }),
    InvalidValueError,
    /^headers cannot set the header "Host"$/,
  ],
  [
    "a duration that is none",
    () => modifyWebhook(REGISTRY, "ops", { timeout: "soon" }),
    InvalidValueError,
    /^timeout must be a duration .*, not "soon"$/,
  ],
  [
    "an order that is none",
    () => addWebhook(REGISTRY, "http://new/", { order: "lifo" }),
    InvalidValueError,
    /^order must be one of fifo, volume, none, not "lifo"$/,
  ],
  [
    "a rate that is none",
    () => modifyWebhook(REGISTRY, "ops", { rate: "10" }),
    InvalidValueError,
    /^rate must be a whole number of requests .*, not "10"$/,
  ],
  [
    "a pause of nobody",
    () => pauseWebhook(REGISTRY, "opz"),
    UnknownWebhookError,
    /^Webhook does not exist: "opz"$/,
  ],
  [
    "a resumption of nobody",
    () => resumeWebhook(REGISTRY, "opz"),
    UnknownWebhookError,
    /^Webhook does not exist: "opz"$/,
  ],
  [
    "another one's name",
    () => modifyWebhook(REGISTRY, "ops", { name: "audit" }),
    WebhookExistsError,
    /another one is named "audit"$/,
  ],
  [
    "another one's URL",
    () =>
      modifyWebhook(REGISTRY, "audit", {
        url: "https://user:S3CRET@ops.example.com/listen?key=S3CRET",
      }),
    WebhookExistsError,
    / https:\/\/\*\*\*@ops\.example\.com\/listen\?\*\*\* is registered as "ops"$/,
  ],
  [
    "a name that nobody has",
    () => removeWebhook(REGISTRY, "opz"),
    UnknownWebhookError,
    /^Webhook does not exist: "opz"$/,
  ],
  [
    "a URL that nobody has",
    () => modifyWebhook(REGISTRY, "https://user:S3CRET@opz/?S3CRET", { timeout: "1s" }),
    UnknownWebhookError,
    /^Webhook does not exist: https:\/\/\*\*\*@opz\/\?\*\*\*$/,
  ],
  [
    "a URL without its scheme",
    () => getWebhook(REGISTRY, "user:S3CRET@ops.example.com:99999/"),
    UnknownWebhookError,
    /^Webhook does not exist: "?\*\*\*@ops\.example\.com:99999\/"?$/,
  ],
  ["no name", () => getWebhook(REGISTRY, ""), UnknownWebhookError, /^Webhook does not exist: ""$/],
  [
    "a port out of range",
    () => setConfig("port", "65536"),
    InvalidValueError,
    /^port must be a whole number from 1 to 65535, not 65536$/,
  ],
  [
    "a size that is none",
    () => setConfig("spool-max-size", "2GB"),
    InvalidValueError,
    /^spool-max-size must be a size from 1MiB to 1TiB, .*, not "2GB"$/,
  ],
  ["a port that is none", () => setConfig("port", "abc"), InvalidValueError, /not "abc"$/],
  [
    "a switch that is none",
    () => setConfig("disable-events-log", "maybe"),
    InvalidValueError,
    /^disable-events-log must be true or false, not "maybe"$/,
  ],
];

for (const [what, change, kind, message] of REFUSED) {
  Deno.test(`a change is refused for ${what}, and no secret is shown`, () => {
    const error = assertThrows(change, kind);
    assertMatch(error.message, message);
    assertEquals(error.message.includes("S3CRET"), false, error.message);
  });
}

Deno.test("who asks for an unknown webhook is told which there are", () => {
  const error = assertThrows(() => getWebhook(REGISTRY, "opz"), UnknownWebhookError);
  assertEquals(error.known, ["ops", "audit"]);
});
