import { headers } from "../../../src/registry/header_kind.ts";
import { list, toText } from "../../../src/registry/list_kind.ts";
import { webhookUrl } from "../../../src/registry/url_kinds.ts";
import {
  choice,
  duration,
  flag,
  integer,
  network,
  rate,
  showValue,
  size,
  text,
  type TomlValue,
  type ValueKind,
} from "../../../src/registry/value_kinds.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../../support/assert.ts";

type KindName =
  | "integer"
  | "flag"
  | "choice"
  | "duration"
  | "size"
  | "rate"
  | "text"
  | "secret"
  | "headers"
  | "network"
  | "list"
  | "webhookUrl";

const KINDS: Readonly<Record<KindName, ValueKind<unknown>>> = {
  integer: integer(1, 65535),
  flag: flag(),
  choice: choice(["DEBUG", "INFO", "fifo"]),
  duration: duration(10, 3_600_000),
  size: size(1024, 2 ** 30),
  rate: rate(),
  text: text(/^[a-z]+$/, "small letters"),
  secret: text(/^[a-z]+$/, "small letters", { secret: true }),
  headers: headers(),
  network: network(),
  list: list(choice(["a", "b", "any"]), { example: '["a", "b"]', emptyWord: "none" }),
  webhookUrl: webhookUrl(),
};

const ACCEPTED: readonly (readonly [kind: KindName, given: unknown, value: unknown])[] = [
  ["integer", 1, 1],
  ["integer", 65535, 65535],
  ["flag", true, true],
  ["flag", false, false],
  ["choice", "INFO", "INFO"],
  ["choice", "debug", "DEBUG"],
  ["duration", "10ms", 10],
  ["choice", "fifo", "fifo"],
  ["choice", "FIFO", "fifo"],
  ["duration", "1h", 3_600_000],
  ["size", "1KiB", 1024],
  ["size", "1024B", 1024],
  ["size", "0.5GiB", 536_870_912],
  ["size", "1GiB", 1_073_741_824],
  ["rate", "10/s", 100],
  ["rate", "1/h", 3_600_000],
  ["text", "abc", "abc"],
  ["headers", {}, {}],
  ["headers", { "X-Team": "storage", "x_2": "" }, { "X-Team": "storage", "x_2": "" }],
  ["headers", { "X-Latin": "M\u00fcller\t!" }, { "X-Latin": "M\u00fcller\t!" }],
  ["network", "10.0.0.1", "10.0.0.1"],
  ["network", "10.1.2.3/8", "10.0.0.0/8"],
  ["network", "FD00:0::/8", "fd00::/8"],
  ["list", [], []],
  ["list", ["a", "B", "a"], ["a", "b", "a"]],
  ["webhookUrl", "http://[::1]:9000/x", "http://[::1]:9000/x"],
];

for (const [kind, given, value] of ACCEPTED) {
  Deno.test(`${kind} accepts ${Deno.inspect(given)}`, () => {
    assertEquals(KINDS[kind].read(given), { value });
  });
}

const REFUSED: readonly (readonly [kind: KindName, given: unknown, fault: RegExp])[] = [
  ["integer", 0, /^must be a whole number from 1 to 65535, not 0$/],
  ["integer", 65536, /not 65536$/],
  ["integer", 1.5, /not 1\.5$/],
  ["integer", NaN, /not NaN$/],
  ["integer", Infinity, /not Infinity$/],
  ["integer", "80", /not "80"$/],
  ["integer", true, /not true$/],
  ["integer", [], /not an array$/],
  ["integer", {}, /not a table$/],
  ["integer", new Date(0), /not a date$/],
  ["flag", 1, /^must be true or false, not 1$/],
  ["flag", "true", /not "true"$/],
  ["choice", "LOUD", /^must be one of DEBUG, INFO, fifo, not "LOUD"$/],
  ["choice", "", /not ""$/],
  ["choice", 1, /not 1$/],
  ["duration", "9ms", /^must be a duration from 10ms to 1h, .*like 250ms.*, not "9ms"$/],
  ["duration", "61m", /not "61m"$/],
  ["duration", "soon", /not "soon"$/],
  ["duration", 10, /not 10$/],
  ["size", "1023B", /^must be a size from 1KiB to 1GiB, .*like 64KiB.*, not "1023B"$/],
  ["size", "1025MiB", /not "1025MiB"$/],
  ["size", "512MB", /not "512MB"$/],
  ["size", 1024, /not 1024$/],
  ["rate", "0/s", /^must be a whole number of requests .*like 10\/s.*, not "0\/s"$/],
  ["rate", "10/d", /not "10\/d"$/],
  ["rate", 10, /not 10$/],
  ["text", "abC", /^must be small letters, not "abC"$/],
  ["text", "abc\n", /not "abc\\n"$/],
  ["text", "", /not ""$/],
  ["text", 5, /not 5$/],
  ["secret", "S3CRET", /^must be small letters, not the value given$/],
  ["secret", ["S3CRET"], /not the value given$/],
  ["headers", "X-Key: S3CRET", /^must be a table of header names .*, not the text given$/],
  ["headers", ["S3CRET"], /not an array$/],
  ["headers", new Date(0), /not a date$/],
  ["headers", { "": "S3CRET" }, /header names .*, not ""$/],
  ["headers", { "X Team": "S3CRET" }, /not "X Team"$/],
  ["headers", { "X-Team\r\nX": "S3CRET" }, /not "X-Team\\r\\nX"$/],
  ["headers", { "Authorization": "S3CRET" }, /cannot set the header "Authorization"/],
  ["headers", { "CONTENT-length": "1" }, /cannot set the header "CONTENT-length"/],
  ["headers", { "webhook-id": "1" }, /cannot set the header/],
  ["headers", { "X-Team": "S3CRET\r\nX: y" }, /printable characters .* "X-Team"$/],
  ["headers", { "X-Team": "\u20acS3CRET" }, /printable characters/],
  ["headers", { "X-Team": 5 }, /printable characters/],
  ["headers", { "X-Ok": "1", "Host": "S3CRET" }, /cannot set the header "Host"/],
  [
    "network",
    "gl1",
    /^must be an IPv4 or IPv6 address, or a network .* \(no host name\), not "gl1"$/,
  ],
  ["network", "10.0.0.0/33", /not "10\.0\.0\.0\/33"$/],
  ["network", "", /not ""$/],
  ["network", 10, /not 10$/],
  ["list", "a", /^must be a list such as \["a", "b"\], each one of a, b, any, not "a"$/],
  ["list", { a: "a" }, /not a table$/],
  ["list", ["a", "c", "b", 5, ["a"]], /each one of a, b, any, not "c", 5, an array$/],
  ["list", [..."cdefghi"], /not "c", "d", "e", "f", "g" and 2 more$/],
  ["webhookUrl", 5, /^must be a URL with "http" or "https".*, not 5$/],
  ["webhookUrl", "ops", /not "ops": it has no scheme$/],
  ["webhookUrl", "https://u:S3CRET@h:99999/", /not "https:\/\/\*\*\*@h:99999\/": its host or/],
  ["webhookUrl", "u:S3CRET@h/?k=S3CRET", /not "\*\*\*@h\/\?\*\*\*": its scheme is "u"$/],
  ["webhookUrl", "https://u:S3CRET@h/#S3CRET", /not "https:\/\/\*\*\*@h\/": it has a fragment$/],
];

for (const [kind, given, fault] of REFUSED) {
  Deno.test(`${kind} refuses ${Deno.inspect(given)}, and shows no secret`, () => {
    const result = KINDS[kind].read(given);
    const seen = "fault" in result ? result.fault : `accepted: ${Deno.inspect(result)}`;
    assertMatch(seen, fault);
    assertEquals(seen.includes("S3CRET"), false, seen);
  });
}

const TEXTS: readonly (readonly [kind: KindName, text: string, value: TomlValue])[] = [
  ["integer", "55555", 55555],
  ["integer", "-5", -5],
  ["integer", "abc", "abc"],
  ["integer", "5.5", "5.5"],
  ["integer", " 5", " 5"],
  ["integer", "9999999999999999", "9999999999999999"],
  ...["true", "on", "yes", "enabled", "enable", "TRUE", "On"].map((word) =>
    ["flag", word, true] as const
  ),
  ...["false", "off", "no", "disabled", "disable", "No"].map((word) =>
    ["flag", word, false] as const
  ),
  ["flag", "maybe", "maybe"],
  ["choice", "info", "INFO"],
  ["choice", "loud", "loud"],
  ["choice", "Fifo", "fifo"],
  ["duration", "5m", "5m"],
  ["size", "5MiB", "5MiB"],
  ["rate", "5/m", "5/m"],
  ["text", "abc", "abc"],
  ["headers", "X=1", "X=1"],
  ["network", "10.0.0.0/8", "10.0.0.0/8"],
  ["list", "", []],
  ["list", " ", []],
  ["list", "none", []],
  ["list", "None", []],
  ["list", "a", ["a"]],
  ["list", "a,b", ["a", "b"]],
  ["list", " a , b ", ["a", "b"]],
  ["list", "a,,b,", ["a", "", "b", ""]],
  ["list", "a,none", ["a", "none"]],
  ["webhookUrl", "http://h/", "http://h/"],
];

for (const [kind, given, value] of TEXTS) {
  Deno.test(`on the command line, ${kind} takes ${JSON.stringify(given)} for ${value}`, () => {
    assertEquals(KINDS[kind].fromText(given), value);
  });
}

Deno.test("a value is shown in the way it is written on the command line", () => {
  for (const value of [[], ["a"], ["a", "b"]]) {
    assertEquals(KINDS.list.fromText(toText(KINDS.list, value)), value);
  }
  assertEquals([toText(KINDS.list, []), toText(KINDS.list, ["a", "b"])], ["none", "a,b"]);
  assertEquals([toText(KINDS.integer, 5), toText(KINDS.flag, true)], ["5", "true"]);
});

Deno.test("every kind says in a fault what it allows", () => {
  for (const kind of Object.values(KINDS)) {
    const result = kind.read(null);
    assertStringIncludes("fault" in result ? result.fault : "no fault", kind.allowed);
  }
});

Deno.test("a long text is shortened where it is shown", () => {
  assertEquals(showValue("x".repeat(80)), `"${"x".repeat(80)}"`);
  assertEquals(showValue("x".repeat(81)), `"${"x".repeat(77)}..."`);
});
