import { editText, formatToml } from "../../../src/registry/edit_text.ts";
import type { RegistryEdit } from "../../../src/registry/edit_data.ts";
import { InvalidRegistryError, RegistryAccessError } from "../../../src/registry/errors.ts";
import { parseToml } from "../../../src/registry/read_registry.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../../support/assert.ts";

const SET_PORT: RegistryEdit = { do: "set", table: "config", key: "port", value: 1 };
const SET_TIMEOUT: RegistryEdit = { do: "set", table: 0, key: "timeout", value: "1s" };
const RAISE: RegistryEdit = { do: "set", table: "root", key: "generation", value: 1 };
const ADD: RegistryEdit = { do: "append", webhook: { name: "b", url: "http://b/" } };
const REMOVE: RegistryEdit = { do: "remove", webhook: 0 };
const A = `[[webhook]]\nname = "a"\nurl = "http://a/"\n`;
const B = `[[webhook]]\nname = "b"\nurl = "http://b/"\n`;

const LAYOUTS: readonly (readonly [
  what: string,
  before: string,
  edits: RegistryEdit[],
  after: string,
])[] = [
  ["a setting in an empty file", "", [SET_PORT], "[config]\nport = 1\n"],
  ["a webhook in an empty file", "", [ADD], B],
  ["a number at the top of an empty file", "", [RAISE], "generation = 1\n"],
  [
    "everything in an empty file",
    "",
    [ADD, SET_PORT, RAISE],
    `generation = 1\n\n[config]\nport = 1\n\n${B}`,
  ],
  ["a setting below a lone comment", "# c\n", [SET_PORT], "# c\n\n[config]\nport = 1\n"],
  ["a webhook below blank lines", "# c\n\n\n", [ADD], `# c\n\n${B}\n\n`],
  ["a setting in an empty [config]", "[config] # c\n", [SET_PORT], "[config] # c\nport = 1\n"],
  [
    "a setting in a [config] of comments",
    "[config]\n# port = 2\n",
    [SET_PORT],
    "[config]\nport = 1\n# port = 2\n",
  ],
  [
    "a setting before webhooks that have no [config]",
    `generation = 1\n\n# first\n${A}`,
    [SET_PORT],
    `generation = 1\n\n[config]\nport = 1\n\n# first\n${A}`,
  ],
  [
    "a setting in a [config] behind the webhooks",
    `${A}\n# settings\n[config]\ntimeout = "1s"\n# end\n`,
    [SET_PORT],
    `${A}\n# settings\n[config]\ntimeout = "1s"\nport = 1\n# end\n`,
  ],
  [
    "a webhook behind a [config] behind webhooks",
    `${A}\n[config]\nport = 2\n`,
    [ADD],
    `${A}\n[config]\nport = 2\n\n${B}`,
  ],
  ["a number at the top, above a table", A, [RAISE], `generation = 1\n\n${A}`],
  ["a number at the top, above a blank line", `\n${A}`, [RAISE], `generation = 1\n\n${A}`],
  [
    "a setting in a file that does not end its last line",
    "[config]\ntimeout = '1s'",
    [SET_PORT],
    "[config]\ntimeout = '1s'\nport = 1\n",
  ],
  [
    "a webhook in a CRLF file that does not end its last line",
    "[config]\r\nport = 2",
    [ADD],
    `[config]\r\nport = 2\r\n\r\n${B.replaceAll("\n", "\r\n")}`,
  ],
  [
    "a setting in a file of which a part has CRLF",
    `[config]\r\ntimeout = '1s'\r\n\r\n# a\n${A}# end\n`,
    [SET_PORT, SET_TIMEOUT],
    `[config]\r\ntimeout = '1s'\r\nport = 1\r\n\r\n# a\n${A}timeout = "1s"\n# end\n`,
  ],
  [
    "a key in a table that is indented with tabs",
    '[[webhook]]\n\tname = "a"\n\turl = "http://a/"\n',
    [SET_TIMEOUT],
    '[[webhook]]\n\tname = "a"\n\turl = "http://a/"\n\ttimeout = "1s"\n',
  ],
  [
    "keys in quotes",
    `[[ "webhook" ]]\n"name" = 'a'\n'url'   =   "http://a/" # c\n`,
    [{ do: "set", table: 0, key: "url", value: "http://c/" }, SET_TIMEOUT],
    `[[ "webhook" ]]\n"name" = 'a'\n'url'   =   "http://c/" # c\ntimeout = "1s"\n`,
  ],
  [
    "values over several lines",
    `[[webhook]]\nurl = """\nhttp://a/""" # c\nheaders = {\n  X = "1", # d\n}\nname = '''a'''\n# e\n`,
    [
      { do: "set", table: 0, key: "url", value: "http://c/" },
      { do: "set", table: 0, key: "headers", value: { Y: "2" } },
      SET_TIMEOUT,
    ],
    `[[webhook]]\nurl = "http://c/" # c\nheaders = { Y = "2" }\nname = '''a'''\ntimeout = "1s"\n# e\n`,
  ],
  [
    "characters outside of the basic plane in the same line",
    `[[webhook]]\nname = "a"\nheaders = { "é" = "😀😀" } # 😀\nurl = "http://a/" # é😀\n`,
    [{ do: "set", table: 0, key: "headers", value: {} }, {
      do: "set",
      table: 0,
      key: "url",
      value: "http://c/",
    }],
    `[[webhook]]\nname = "a"\nheaders = {} # 😀\nurl = "http://c/" # é😀\n`,
  ],
  [
    "dotted headers beside another key",
    `${A}headers.X-A = "1"\nheaders.X-B = "2"\n`,
    [SET_TIMEOUT],
    `${A}headers.X-A = "1"\nheaders.X-B = "2"\ntimeout = "1s"\n`,
  ],
  [
    "a table of headers behind its webhook's comment",
    `${A}# headers\n[webhook.headers]\nX = "1"\n\n${B}`,
    [SET_TIMEOUT, { do: "remove", webhook: 1 }],
    `${A}timeout = "1s"\n# headers\n[webhook.headers]\nX = "1"\n`,
  ],
  ["the only webhook leaves an empty file", A, [REMOVE], ""],
  [
    "the only webhook leaves what is around it",
    `# a\n\n# b\n${A}\n# c\n`,
    [REMOVE],
    "# a\n\n# c\n",
  ],
  ["a webhook of one line", "[[webhook]]\n\n[config]\n", [REMOVE], "[config]\n"],
];

for (const [what, before, edits, after] of LAYOUTS) {
  Deno.test(`editing finds the place for ${what}`, () => {
    assertEquals(editText(before, edits), after);
  });
}

const CANNOT: readonly (readonly [what: string, text: string, edit: RegistryEdit])[] = [
  ["webhooks in an inline array", 'webhook = [{ name = "a", url = "http://a/" }]\n', SET_TIMEOUT],
  ["webhooks in an inline array", 'webhook = [{ name = "a", url = "http://a/" }]\n', REMOVE],
  ["webhooks in an inline array", 'webhook = [{ name = "a", url = "http://a/" }]\n', ADD],
  ["a configuration in an inline table", "config = { port = 2 }\n", SET_PORT],
  ["a configuration in dotted keys", "config.timeout = '1s'\n", SET_PORT],
  ["a header of a table", `${A}[webhook.headers]\nX = "1"\n`, {
    do: "unset",
    table: 0,
    key: "headers",
  }],
  ["a header in dotted keys", `${A}headers.X = "1"\n`, {
    do: "set",
    table: 0,
    key: "headers",
    value: {},
  }],
  ["a webhook whose headers stand elsewhere", `${A}[config]\n[webhook.headers]\nX = "1"\n`, REMOVE],
  ["a text of which half a character is missing", A, {
    do: "set",
    table: 0,
    key: "name",
    value: "\ud83d",
  }],
];

for (const [what, text, edit] of CANNOT) {
  Deno.test(`${what} cannot be edited (${edit.do}), and the error says what to do`, () => {
    const error = assertThrows(() => editText(text, [edit]), RegistryAccessError, "Cannot edit");
    assertStringIncludes(error.hint, "by hand");
  });
}

Deno.test("a setting of a file whose webhooks are in an inline array can be edited", () => {
  const text = 'webhook = [{ name = "a", url = "http://a/" }] # c\n';
  assertEquals(editText(text, [RAISE, SET_PORT]), `${text}generation = 1\n\n[config]\nport = 1\n`);
});

Deno.test("what is not TOML is not edited", () => {
  assertThrows(() => editText("[config\n", [SET_PORT]), InvalidRegistryError, "line 1");
});

for (
  const value of [
    "",
    'a "quoted" \\ text\\',
    "'single' '''three'''",
    '"""',
    "tab\tline\nreturn\rend",
    "\0\x01\x1f\x7f\x80\x9f",
    "é😀\u2028\u2029\uFEFF",
    "#no comment = [x]",
    "\\u0041",
    "$1 $& $$",
    true,
    false,
    0,
    -5,
    55555,
    {},
    [],
    ["a", 'q"\\', "#", "é😀\x7f", ""],
    { "X-A": "1", "with blank": 'q"\\', "": "empty", "é": "😀", "a.b": "\x7f", "__proto__": "p" },
  ]
) {
  Deno.test(`the value ${JSON.stringify(value)} survives being written`, () => {
    const edit = { do: "set", table: "config", key: "x", value } as const;
    for (const before of ["[config]\ny = 1 # c\n", "[config]\nx = '''old\n''' # c\ny = 1\n"]) {
      const { config } = parseToml(editText(before, [edit]), "f");
      assertEquals(
        JSON.stringify(config),
        JSON.stringify(before.includes("old") ? { x: value, y: 1 } : { y: 1, x: value }),
      );
    }
    assertEquals(formatToml(value).includes("\n"), false, formatToml(value));
  });
}
