import { readRegistry } from "../../../src/registry/read_registry.ts";
import type { Registry } from "../../../src/registry/schema.ts";
import { assertEquals } from "../../support/assert.ts";
import { S1, S2 } from "../../support/standard_vectors.ts";

const MIB = 1_048_576;
const DEFAULTS: Registry = {
  generation: 0,
  config: {
    port: 55555,
    allowFrom: [],
    api: {},
    logLevel: "INFO",
    disableEventsLog: false,
    timeoutMs: 15_000,
    retryMinMs: 1000,
    retryMaxMs: 300_000,
    retryForMs: 259_200_000,
    historyMaxAgeMs: 604_800_000,
    historyMaxBytes: 512 * MIB,
    spoolMaxBytes: 2048 * MIB,
    receiveBufferBytes: 64 * 2 ** 20,
  },
  webhooks: [],
};

const { timeoutMs, retryMinMs, retryMaxMs, retryForMs } = DEFAULTS.config;
const DELIVERY = { timeoutMs, retryMinMs, retryMaxMs, retryForMs };
const PLAIN = {
  wanted: { events: [], volumes: [], fields: [] },
  format: "gluster",
  transport: {},
} as const;
const FLOW = { ...PLAIN, order: "fifo", concurrency: 1, batch: 1, paused: false } as const;

function read(...lines: string[]): Registry {
  return readRegistry(lines.join("\n"), "webhooks.toml");
}

for (
  const text of [
    "",
    "\n\n",
    "# nothing\n",
    "[config]\n",
    "webhook = []",
    "\uFEFF# marked\n",
    "\r\n",
  ]
) {
  Deno.test(`${JSON.stringify(text)} means the defaults`, () => {
    assertEquals(read(text), DEFAULTS);
  });
}

Deno.test("all keys of the configuration are read", () => {
  const registry = read(
    "generation = 12",
    "[config]",
    "port = 24009",
    "allow-from = [ '10.1.2.3/8', # the host's bits do not count",
    "  'FD00::/8' ]",
    'log-level = "debug"',
    "disable-events-log = true",
    'timeout = "5s"',
    'retry-min = "250ms"',
    'retry-max = "1h"',
    'retry-for = "0s"',
    'history-max-age = "1.5d"',
    'history-max-size = "1MiB"',
    'spool-max-size = "1TiB"',
  );
  assertEquals(registry, {
    generation: 12,
    config: {
      port: 24009,
      allowFrom: ["10.0.0.0/8", "fd00::/8"],
      api: {},
      logLevel: "DEBUG",
      disableEventsLog: true,
      timeoutMs: 5000,
      retryMinMs: 250,
      retryMaxMs: 3_600_000,
      retryForMs: 0,
      historyMaxAgeMs: 129_600_000,
      historyMaxBytes: MIB,
      spoolMaxBytes: MIB * MIB,
      receiveBufferBytes: 64 * 2 ** 20,
    },
    webhooks: [],
  });
});

Deno.test("a webhook needs a name and a URL only", () => {
  const { webhooks } = read("[[webhook]]", 'name = "ops"', 'url = "https://ops.example.com/"');
  assertEquals(webhooks, [
    { name: "ops", url: "https://ops.example.com/", headers: {}, ...DELIVERY, ...FLOW },
  ]);
});

Deno.test("all keys of a webhook are read", () => {
  const { webhooks } = read(
    "[[webhook]]",
    'name = "ops"',
    'url = "https://[::1]:9000/listen?key=1"',
    'events = ["VOLUME_*", "!volume_set", "group:BRICK"]',
    'severity = "Alert"',
    'volumes = ["gv*", "!scratch"]',
    'fields = ["message.force=true", "message.bricks!=gl1:*"]',
    'format = "CloudEvents"',
    'bearer-token = "t0ken"',
    `secret = "${S1}"`,
    `old-secret = "${S2}"`,
    'old-secret-until = "2026-11-26T00:00:00Z"',
    'sign = "Standard"',
    'ca-file = "/etc/ca.pem"',
    'cert-file = "/etc/cert.pem"',
    'key-file = "/etc/key.pem"',
    `server-pin = "${"AB:".repeat(31)}ab"`,
    'proxy = "http://proxy.example.com:3128"',
    'headers = { X-Team = "storage" }',
    'timeout = "1s"',
    'retry-min = "2s"',
    'retry-max = "3s"',
    'retry-for = "4s"',
    'order = "Volume"',
    "concurrency = 64",
    "batch = 1000",
    'rate = "30/m"',
    "paused = true",
  );
  assertEquals(webhooks, [{
    name: "ops",
    url: "https://[::1]:9000/listen?key=1",
    wanted: {
      events: ["VOLUME_*", "!volume_set", "group:BRICK"],
      severity: "alert",
      volumes: ["gv*", "!scratch"],
      fields: ["message.force=true", "message.bricks!=gl1:*"],
    },
    format: "cloudevents",
    transport: {
      caFile: "/etc/ca.pem",
      certFile: "/etc/cert.pem",
      keyFile: "/etc/key.pem",
      serverPin: "ab".repeat(32),
      proxy: "http://proxy.example.com:3128",
    },
    bearerToken: "t0ken",
    signing: {
      as: "standard",
      secret: S1,
      oldSecret: { secret: S2, untilMs: Date.UTC(2026, 10, 26) },
    },
    headers: { "X-Team": "storage" },
    timeoutMs: 1000,
    retryMinMs: 2000,
    retryMaxMs: 3000,
    retryForMs: 4000,
    order: "volume",
    concurrency: 64,
    batch: 1000,
    requestIntervalMs: 2000,
    paused: true,
  }]);
});

Deno.test("a secret alone signs as upstream does, and may be any text", () => {
  const secret = "s3cret with blanks";
  const { webhooks } = read(
    "[[webhook]]",
    'name = "a"',
    'url = "http://a/"',
    `secret = "${secret}"`,
  );
  assertEquals(webhooks.map(({ signing }) => signing), [{ as: "jwt", secret }]);
});

Deno.test("a file can hold the secret and the token", () => {
  const { webhooks: [webhook] } = read(
    "[[webhook]]",
    'name = "a"',
    'url = "http://a/"',
    'secret-file = "/etc/a.secret"',
    'bearer-token-file = "/etc/a.token"',
  );
  assertEquals(webhook?.signing, { as: "jwt", secretFile: "/etc/a.secret" });
  assertEquals(webhook?.bearerTokenFile, "/etc/a.token");
});

Deno.test("only a webhook whose order allows it posts several requests at the same time", () => {
  const concurrencies = (...lines: string[]) =>
    read("[[webhook]]", 'name = "a"', 'url = "http://a/"', ...lines).webhooks
      .map(({ order, concurrency }) => [order, concurrency]);
  assertEquals(concurrencies('order = "fifo"'), [["fifo", 1]]);
  assertEquals(concurrencies('order = "fifo"', "concurrency = 1"), [["fifo", 1]]);
  assertEquals(concurrencies('order = "volume"'), [["volume", 8]]);
  assertEquals(concurrencies('order = "none"'), [["none", 8]]);
  assertEquals(concurrencies("concurrency = 3", 'order = "none"'), [["none", 3]]);
});

Deno.test("what a webhook does not say comes from the configuration, wherever that stands", () => {
  const { webhooks } = read(
    "[[webhook]]",
    'name = "a"',
    'url = "http://a/"',
    'timeout = "1s"',
    "",
    "[[webhook]]",
    'name = "b"',
    'url = "http://b/"',
    "",
    "[config]",
    'timeout = "9s"',
    'retry-for = "1h"',
  );
  assertEquals(webhooks.map(({ name, timeoutMs, retryForMs }) => [name, timeoutMs, retryForMs]), [
    ["a", 1000, 3_600_000],
    ["b", 9000, 3_600_000],
  ]);
});

Deno.test("the layouts that TOML has for a webhook all read the same", () => {
  const table = read(
    "[[webhook]]",
    'name = "ops"',
    'url = "http://a/"',
    'headers = { X-A = "1", X-B = "2" }',
  );
  const layouts = [
    ["[[webhook]]", 'name = "ops"', 'url = "http://a/"', "[webhook.headers]", 'X-A="1"', 'X-B="2"'],
    [
      "[[webhook]]",
      'headers.X-A = "1"',
      "'name' = 'ops'",
      '"url" = "http://a/"',
      'headers.X-B="2"',
    ],
    ['webhook = [ { name = "ops", url = "http://a/", headers = { X-A = "1", X-B = "2" } } ]'],
    [
      "webhook = [",
      "  {",
      '    name = "ops", url = "http://a/",  # both',
      '    headers = { X-A = "1", X-B = "2" },',
      "  },",
      "]",
    ],
    ["[[webhook]]", 'name = """\\', '  ops"""', 'url = "\\u0068ttp://a/"', 'headers.X-A = "1"']
      .concat(
        'headers."X-B" = "2"',
      ),
  ];
  for (const layout of layouts) assertEquals(read(...layout), table, layout.join("\n"));
  for (const layout of layouts) assertEquals(readRegistry(layout.join("\r\n"), "f"), table);
});

Deno.test("webhooks keep the order of the file", () => {
  const names = ["c", "a", "b"];
  const lines = names.flatMap((
    name,
  ) => ["[[webhook]]", `name = "${name}"`, `url = "http://${name}/"`]);
  assertEquals(read(...lines).webhooks.map(({ name }) => name), names);
});
