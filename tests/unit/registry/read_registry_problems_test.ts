import { InvalidRegistryError, type Problem } from "../../../src/registry/errors.ts";
import { readRegistry } from "../../../src/registry/read_registry.ts";
import {
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "../../support/assert.ts";

function problemsOf(...lines: string[]): readonly Problem[] {
  const read = () => readRegistry(lines.join("\n"), "/etc/webhooks.toml");
  const error = assertThrows(read, InvalidRegistryError, "/etc/webhooks.toml");
  for (const { message } of error.problems) assertStringIncludes(error.message, message);
  return error.problems;
}

/** Compares the places, and each message with a pattern. */
function assertProblems(
  problems: readonly Problem[],
  expected: readonly (readonly [line: number, key: string | undefined, message: RegExp])[],
): void {
  const places = problems.map(({ line, key }) => [line, key]);
  assertEquals(places, expected.map(([line, key]) => [line, key]), Deno.inspect(problems));
  expected.forEach(([, , pattern], at) => assertMatch(problems[at]?.message ?? "", pattern));
}

Deno.test("every problem of a file is reported, with line, key, what is there and what may be", () => {
  const problems = problemsOf(
    "generation = -1",
    "colour = 'red'",
    "",
    "[config]",
    "port = 70000",
    "allow-from = [ '10.0.0.0/8',",
    "  'gl1.example.com', '10.0.0.0/40' ]",
    'log-level = "loud"',
    'disable-events-log = "yes"',
    "time-out = '5s'",
    "retry-for = 10",
    "",
    "# The first webhook.",
    "[[webhook]]",
    "url = 'ftp://ops.example.com/'",
    "[webhook.headers]",
    "Host = 'h'",
    "",
    "[[webhook]]",
    "name = '-a'",
    "url = 'http://ops.example.com/'",
    "timeout = '2h'",
  );
  assertProblems(problems, [
    [1, "generation", /whole number, not -1$/],
    [2, "colour", /^unknown key; allowed: generation, config, webhook$/],
    [5, "config.port", /a whole number from 1 to 65535, not 70000$/],
    [
      6,
      "config.allow-from",
      /^must be a list such as .*, each an IPv4 or IPv6 address, .* \(no host name\), not "gl1.example.com", "10.*40"$/,
    ],
    [8, "config.log-level", /one of DEBUG, INFO, WARNING, ERROR, not "loud"$/],
    [9, "config.disable-events-log", /true or false, not "yes"$/],
    [10, "config.time-out", /^unknown key; did you mean "timeout"\? allowed in \[config\]: port, /],
    [11, "config.retry-for", /a duration from 0s to 365d, .*, not 10$/],
    [14, "webhook[0].name", /^is missing; it must be letters, digits/],
    [15, "webhook[0].url", /"http" or "https".*, not "ftp:.*": its scheme is "ftp"$/],
    [16, "webhook[0].headers", /cannot set the header "Host"$/],
    [20, "webhook[1].name", /letters, digits.*, not "-a"$/],
    [22, "webhook[1].timeout", /from 10ms to 1h, .*, not "2h"$/],
  ]);
});

Deno.test("two webhooks with one name, and two with one URL, are reported at the later ones", () => {
  const problems = problemsOf(
    "[[webhook]]",
    "name = 'a'",
    "url = 'http://Host/'",
    "[[webhook]]",
    "name = 'b'",
    "url = 'http://host:80'",
    "[[webhook]]",
    "name = 'a'",
    "url = 'http://host/c'",
  );
  assertProblems(problems, [
    [6, "webhook[1].url", /^"http:\/\/host\/" is the URL of webhook\[0\] too$/],
    [8, "webhook[2].name", /^"a" is the name of webhook\[0\] too$/],
  ]);
});

const RETRY_CASES: readonly (readonly [
  what: string,
  lines: string[],
  expected: Parameters<typeof assertProblems>[1],
])[] = [
  ["in [config]", ["[config]", "retry-max = '1m'", "retry-min = '2m'"], [
    [3, "config.retry-min", /but retry-min is 2m, retry-max is 1m$/],
  ]],
  ["in [config], against the default", ["[config]", "retry-max = '500ms'"], [
    [2, "config.retry-max", /but retry-min is 1s, retry-max is 500ms$/],
  ]],
  ["of a webhook against [config]", [
    "[[webhook]]",
    "name = 'a'",
    "url = 'http://a/'",
    "retry-min = '6m'",
  ], [[4, "webhook[0].retry-min", /but retry-min is 6m, the shared retry-max is 5m$/]]],
  ["in [config] against a webhook, where it tells the webhook", [
    "[config]",
    "retry-min = '2m'",
    "[[webhook]]",
    "name = 'a'",
    "url = 'http://a/'",
    "retry-max = '1m'",
  ], [[6, "webhook[0].retry-max", /but the shared retry-min is 2m, retry-max is 1m$/]]],
  ["in [config], though webhooks take it over", [
    "[config]",
    "retry-min = '6m'",
    "[[webhook]]",
    "name = 'a'",
    "url = 'http://a/'",
  ], [[2, "config.retry-min", /retry-min is 6m/]]],
  ["beside a limit that is wrong itself", ["[config]", "retry-min = '6m'", "retry-max = 'x'"], [
    [3, "config.retry-max", /not "x"$/],
  ]],
];

for (const [what, lines, expected] of RETRY_CASES) {
  Deno.test(`retry-min over retry-max is reported once: ${what}`, () => {
    assertProblems(problemsOf(...lines), expected);
  });
}

const CONCURRENCY_CASES: readonly (readonly [
  what: string,
  lines: string[],
  expected: Parameters<typeof assertProblems>[1],
])[] = [
  ["with the default order", ["concurrency = 2"], [
    [4, "webhook[0].concurrency", /^concurrency must be 1, not 2: order "fifo" .*one request at a/],
  ]],
  ["with order fifo, and what allows more is named", ["concurrency = 64", "order = 'FIFO'"], [
    [4, "webhook[0].concurrency", /not 64: .*; order = "volume" or order = "none" allows more$/],
  ]],
  ["but not beside an order that is wrong itself", ["concurrency = 2", "order = 'lifo'"], [
    [5, "webhook[0].order", /^must be one of fifo, volume, none, not "lifo"$/],
  ]],
  ["but not beside what makes it wrong itself", ["order = 'fifo'", "concurrency = 65"], [
    [5, "webhook[0].concurrency", /^must be a whole number from 1 to 64, not 65$/],
  ]],
];

for (const [what, lines, expected] of CONCURRENCY_CASES) {
  Deno.test(`requests at the same time are reported once: ${what}`, () => {
    const problems = problemsOf("[[webhook]]", "name = 'a'", "url = 'http://a/'", ...lines);
    assertProblems(problems, expected);
  });
}

Deno.test("the sizes and the rate of a registry have their limits", () => {
  const problems = problemsOf(
    "[config]",
    "history-max-size = '1023KiB'",
    "spool-max-size = '2TiB'",
    "[[webhook]]",
    "name = 'a'",
    "url = 'http://a/'",
    "batch = 1001",
    "rate = '10/d'",
    "paused = 'yes'",
  );
  assertProblems(problems, [
    [2, "config.history-max-size", /a size from 1MiB to 1TiB, .*, not "1023KiB"$/],
    [3, "config.spool-max-size", /a size from 1MiB to 1TiB, .*, not "2TiB"$/],
    [7, "webhook[0].batch", /a whole number from 1 to 1000, not 1001$/],
    [8, "webhook[0].rate", /a whole number of requests .*, not "10\/d"$/],
    [9, "webhook[0].paused", /true or false, not "yes"$/],
  ]);
});

const PLACES: readonly (readonly [what: string, lines: string[], line: number, key: string])[] = [
  ["a dotted key", ["config.port = 1", "config.timeout = 1"], 2, "config.timeout"],
  ["a quoted key", ["[config]", "'port' = 0"], 2, "config.port"],
  ["an inline table", ["# c", "config = { port = 0 }"], 2, "config.port"],
  ["a table of a wrong kind", ["", "config = 5"], 2, "config"],
  ["a date for a table", ["config = 1979-05-27"], 1, "config"],
  ["an array for a table", ["config = [1]"], 1, "config"],
  ["[webhook] for [[webhook]]", ["", "[webhook]", "name = 'a'"], 2, "webhook"],
  ["an unknown table", ["", "[webhooks]", "name = 'a'"], 2, "webhooks"],
  ["an unknown sub-table", ["[config]", "port = 1", "[config.tls]"], 3, "config.tls"],
  ["a value over several lines", ["[config]", 'timeout = """', 'x"""'], 2, "config.timeout"],
];

for (const [what, lines, line, key] of PLACES) {
  Deno.test(`the place of a problem is found in ${what}`, () => {
    for (const end of ["\n", "\r\n"]) {
      const [problem] = problemsOf(lines.join(end));
      assertEquals([problem?.line, problem?.key], [line, key], Deno.inspect(problem));
    }
  });
}

Deno.test("headers in a table of their own are found at the right webhook", () => {
  const webhook = ["[[webhook]]", "name = 'NAME'", "url = 'http://NAME/'"].join("\n");
  const problems = problemsOf(
    webhook.replaceAll("NAME", "a"),
    "[webhook.headers]",
    "X-Ok = '1'",
    webhook.replaceAll("NAME", "b"),
    "[webhook.headers]",
    "Host = '1'",
    webhook.replaceAll("NAME", "c"),
    "headers = 5",
  );
  assertProblems(problems, [
    [9, "webhook[1].headers", /"Host"/],
    [14, "webhook[2].headers", /not 5$/],
  ]);
});

Deno.test("a webhook in an inline array is told by its number", () => {
  const problems = problemsOf(
    "",
    "webhook = [ { name = 'a', url = 'http://a/' }, { name = 'b' } ]",
  );
  assertProblems(problems, [[2, "webhook[1].url", /^is missing/]]);
});

Deno.test("a key that is nearly right gets a hint, one that is not gets none", () => {
  const key = (name: string) => {
    const problems = problemsOf("[[webhook]]", "name='a'", "url='http://a/'", `${name} = 1`);
    assertEquals(problems.length, 1);
    return problems[0]?.message ?? "";
  };
  assertMatch(key("bearer_token"), /did you mean "bearer-token"\?/);
  assertMatch(key("Timeout"), /did you mean "timeout"\?/);
  assertMatch(key("header"), /did you mean "headers"\?/);
  assertMatch(key("colour"), /^unknown key; allowed in \[\[webhook\]\]: name, url, /);
});

const SYNTAX: readonly (readonly [what: string, text: string, line: number])[] = [
  ["a text that does not end", '[[webhook]]\nbearer-token = "S3CRET\n', 2],
  ["a text without quotes", "\n\nbearer-token = S3CRET\n", 3],
  ["something behind a value", 'a = 1\nbearer-token = "a" S3CRET\n', 2],
  ["a key without =", "a = 1\r\n\r\nbearer-token\r\n", 3],
  ["an unknown escape", 'bearer-token = "S3C\\qRET"\n', 1],
  ["a key twice", "[config]\nport = 1\nport = 2\n", 3],
  ["a table twice", "[config]\n[config]\n", 2],
  ["a header that does not end", "# c\n[config\n", 2],
  ["a zero byte", "# c\nname = '\0'\n", 2],
];

for (const [what, text, line] of SYNTAX) {
  Deno.test(`${what} is a problem in its line`, () => {
    const problems = problemsOf(text);
    assertProblems(problems, [[line, undefined, /^column \d+: not valid TOML: ./]]);
    assertEquals(JSON.stringify(problems).includes("S3CRET"), false, Deno.inspect(problems));
  });
}

Deno.test("no problem shows a secret", () => {
  const problems = problemsOf(
    "[[webhook]]",
    "name = 'a'",
    "url = 'https://user:S3CRET@host:99999/?key=S3CRET'",
    "bearer-token = 'S3CRET with blanks'",
    "headers = 'X-Key: S3CRET'",
    "[[webhook]]",
    "name = 'b'",
    "url = 'user:S3CRET@host/'",
    "bearer-token = ['S3CRET']",
    "headers = { X-Key = 'S3CRET €' }",
    "secrets = 'S3CRET'",
    "[[webhook]]",
    "name = 'c'",
    "url = 'https://user:S3CRET@host/?key=S3CRET'",
    "secret = 'S3CRET\t'",
    "[[webhook]]",
    "name = 'd'",
    "url = 'https://user:S3CRET@host/?key=S3CRET'",
    "headers = { Authorization = 'S3CRET' }",
  );
  assertEquals(problems.map(({ line }) => line), [3, 4, 5, 8, 9, 10, 11, 15, 18, 19]);
  assertEquals(problems.filter(({ message }) => message.includes("S3CRET")), []);
});

Deno.test("to sign without a secret, in an unknown way or with no text is a problem", () => {
  const problems = problemsOf(
    "[[webhook]]",
    "name = 'a'",
    "url = 'http://a/'",
    "sign = 'jwt'",
    "[[webhook]]",
    "name = 'b'",
    "url = 'http://b/'",
    "sign = 'md5'",
    "secret = 'x'",
    "[[webhook]]",
    "name = 'c'",
    "url = 'http://c/'",
    "sign = 'jwt'",
    'secret = "s3cret\\n"',
  );
  assertProblems(problems, [
    [4, "webhook[0].sign", /^sign needs a secret, and there is none; set secret too, or /],
    [8, "webhook[1].sign", /^must be one of jwt, standard, not "md5"$/],
    [14, "webhook[2].secret", /^must be a text without control characters, not the value given$/],
  ]);
});

Deno.test("two ways to say the same, and keys that need another one, are problems", () => {
  const problems = problemsOf(
    "[[webhook]]",
    "name = 'a'",
    "url = 'https://a/'",
    "secret = 'S3CRET'",
    "secret-file = '/etc/secret'",
    "bearer-token = 'T0KEN'",
    "bearer-token-file = '/etc/token'",
    "cert-file = '/etc/cert.pem'",
    "[[webhook]]",
    "name = 'b'",
    "url = 'https://b/'",
    "key-file = '/etc/key.pem'",
    "old-secret = 'S3CRET'",
  );
  assertProblems(problems, [
    [5, "webhook[0].secret-file", /^secret-file and secret are both set; only one of them can /],
    [7, "webhook[0].bearer-token-file", /^bearer-token-file and bearer-token are both set; /],
    [8, "webhook[0].cert-file", /^cert-file needs key-file, and there is none$/],
    [12, "webhook[1].key-file", /^key-file needs cert-file, and there is none$/],
    [13, "webhook[1].old-secret", /^old-secret needs old-secret-until, and there is none$/],
  ]);
});

Deno.test("with Standard Webhooks a secret of another form is a problem that does not show it", () => {
  const problems = problemsOf(
    "[[webhook]]",
    "name = 'a'",
    "url = 'http://a/'",
    "sign = 'standard'",
    "secret = 'S3CRET'",
    `old-secret = 'whsec_U0VDUkVU'`,
    "old-secret-until = '2026-11-26T00:00:00Z'",
    "[[webhook]]",
    "name = 'b'",
    "url = 'http://b/'",
    "secret = 'S3CRET'",
    "old-secret = 'S3CRET'",
    "old-secret-until = '2026-11-26T00:00:00Z'",
  );
  assertProblems(problems, [
    [
      5,
      "webhook[0].secret",
      /^secret must be whsec_ and .*, not the value given: .*webhook-secret new$/,
    ],
    [6, "webhook[0].old-secret", /^old-secret must be .*, not the value given: it has 6 bytes; /],
    [12, "webhook[1].old-secret", /^old-secret needs sign = "standard": a request with a JWT /],
  ]);
});

Deno.test("what is about TLS is a problem where there is none", () => {
  const lines = [
    "ca-file = '/etc/ca.pem'",
    "cert-file = '/etc/cert.pem'",
    "key-file = '/etc/key.pem'",
    `server-pin = '${"0".repeat(64)}'`,
  ];
  const problems = problemsOf(
    "[[webhook]]",
    "name = 'a'",
    "url = 'http://u:S3CRET@a/'",
    ...lines,
    "[[webhook]]",
    "name = 'b'",
    "url = 'HTTPS://b/'",
    ...lines,
  );
  assertProblems(problems, [
    [
      4,
      "webhook[0].ca-file",
      /^ca-file needs a URL with https:\/\/, and "http:\/\/\*\*\*@a\/" has/,
    ],
    [5, "webhook[0].cert-file", /^cert-file needs a URL with https/],
    [6, "webhook[0].key-file", /^key-file needs a URL with https/],
    [7, "webhook[0].server-pin", /^server-pin needs a URL with https/],
  ]);
});

const BAD_VALUES: readonly (readonly [string, RegExp])[] = [
  ["events = ['VOLUME_CREAT']", /not "VOLUME_CREAT".*/],
  ["severity = 'bad'", /^must be one of info, warning, alert, critical, not "bad"$/],
  ["volumes = ['a b']", /not "a b"$/],
  ["fields = ['force']", /FIELD=VALUE or FIELD!=VALUE.*, not "force"$/],
  ["format = 'xml'", /^must be one of gluster, compat, cloudevents, .*, not "xml"$/],
  ["ca-file = 'ca.pem'", /^must be the absolute path of a file, such as .*, not "ca.pem"$/],
  ["server-pin = 'ab:cd'", /^must be the SHA-256 of a certificate, .*, not "ab:cd"$/],
  ["proxy = 'user:S3CRET@proxy'", /^must be the URL of a proxy .*, not "\*\*\*@proxy"$/],
  ["proxy = 'ftp://user:S3CRET@proxy'", /, not "ftp:\/\/\*\*\*@proxy\/?"$/],
  ["proxy = 'http://user:S3CRET/x@proxy'", /, not "http:\/\/\*\*\*@proxy\/?"$/],
  ["proxy = 'http://user:1#S3CRET@proxy'", /, not "http:\/\/\*\*\*@proxy\/?"$/],
  ["proxy = 'http://user:S3CRET@S3CRET@proxy:x'", /, not "http:\/\/\*\*\*@proxy:x"$/],
  ["proxy = 'http://proxy:3128/path'", /, not "http:\/\/proxy:3128\/path"$/],
  ["proxy = 'http://proxy:3128?key=S3CRET'", /, not "http:\/\/proxy:3128\/\?\*\*\*"$/],
  ["proxy = 'http:/proxy'", /^must be/],
  ["proxy = 'http://proxy:0'", /^must be/],
  ["proxy = 'socks5://'", /^must be/],
  ["proxy = 'socks4://proxy'", /^must be/],
  ["proxy = 'proxy:3128'", /^must be/],
  ["proxy = ''", /^must be/],
  ["proxy = 3128", /^must be .*, not 3128$/],
];

Deno.test("the proxy of a webhook is a URL of one of four kinds, or none", () => {
  for (
    const proxy of [
      "none",
      "http://proxy",
      "http://proxy:3128/",
      "HTTPS://us:pa55@proxy.example.com",
      "socks5://[::1]:1080",
      "socks5h://us@bücher.example:9",
      "http://us%40er:p%3A%2F%40ss@10.0.0.1:8080",
    ]
  ) {
    const text = `[[webhook]]\nname = "a"\nurl = "http://a/"\nproxy = "${proxy}"`;
    assertEquals(readRegistry(text, "w.toml").webhooks[0]?.transport.proxy, proxy);
  }
});

for (const [line, message] of BAD_VALUES) {
  Deno.test(`the value of ${line} is a problem`, () => {
    const key = line.slice(0, line.indexOf(" "));
    const problems = problemsOf("[[webhook]]", "name = 'a'", "url = 'http://a/'", line);
    assertProblems(problems, [[4, `webhook[0].${key}`, message]]);
  });
}

Deno.test("a bad pattern in a list is named with what was meant", () => {
  const problems = problemsOf(
    "[[webhook]]",
    'name = "a"',
    'url = "http://a/"',
    'events = ["VOLUME_CREAT", "group:BRIK", "PEER_*"]',
    'fields = ["nodid=x", "message.force=true", "=x"]',
  );
  assertProblems(problems, [
    [4, "webhook[0].events", /not "VOLUME_CREAT" \(did you mean: VOLUME_CREATE\), "group:BRIK" \(/],
    [5, "webhook[0].fields", /not "nodid=x" \(did you mean: nodeid\), "=x"$/],
  ]);
});

Deno.test("formats that carry few events at once say how many", () => {
  const problems = problemsOf(
    "[[webhook]]",
    'name = "binary"',
    'url = "http://a.example.com/"',
    'format = "cloudevents-binary"',
    "batch = 2",
    "",
    "[[webhook]]",
    'name = "chat"',
    'url = "http://b.example.com/"',
    "batch = 21",
    'format = "slack"',
  );
  assertProblems(problems, [
    [5, "webhook[0].batch", /^batch must be 1, not 2: .* "cloudevents-binary" carries no more/],
    [10, "webhook[1].batch", /^batch must be at most 20, not 21: .* "slack" carries no more/],
  ]);
});

Deno.test("a batch that is no number is reported once, whatever the format", () => {
  const problems = problemsOf(
    "[[webhook]]",
    'name = "binary"',
    'url = "http://a.example.com/"',
    'format = "cloudevents-binary"',
    "batch = '2'",
  );
  assertProblems(problems, [[5, "webhook[0].batch", /a whole number from 1 to 1000, not "2"$/]]);
});

Deno.test("headers of a binary CloudEvent are the format's own, but extensions can be added", () => {
  const lines = (format: string, header: string) => [
    "[[webhook]]",
    'name = "binary"',
    'url = "http://a.example.com/"',
    `format = "${format}"`,
    `headers = { ${header} = "x" }`,
  ];
  assertProblems(problemsOf(...lines("cloudevents-binary", "Ce-Source")), [
    [
      5,
      "webhook[0].headers",
      /^cannot set the header "Ce-Source": the format "cloudevents-binary"/,
    ],
  ]);
  for (const [format, header] of [["cloudevents-binary", "ce-team"], ["gluster", "ce-source"]]) {
    readRegistry(lines(format ?? "", header ?? "").join("\n"), "/etc/webhooks.toml");
  }
});
