import type { RegistryEdit } from "../../../src/registry/edit_data.ts";
import { editText } from "../../../src/registry/edit_text.ts";
import { assertEquals } from "../../support/assert.ts";

function setTo(...value: string[]): RegistryEdit {
  return { do: "set", table: "config", key: "allow-from", value };
}

/** The document with other lines between the brackets. */
function withInside(...lines: string[]): string {
  return [
    "# head",
    "[config]",
    "port = 1 # c",
    "  allow-from = [ # who may",
    ...lines,
    "  ] # end",
    'timeout = "1s"',
    "",
  ].join("\n");
}

const INSIDE = [
  "    # All of our networks.",
  "",
  "    # storage",
  '    "10.0.0.0/8", # rack 1',
  "",
  "    'fd00::/8' # rack 2",
  "    # more to come",
];
const [INTRO = "", , STORAGE = "", RACK_1 = "", , RACK_2 = "", FOOT = ""] = INSIDE;
const RACK_2_COMMA = RACK_2.replace("' #", "', #");

const LONG: readonly (readonly [what: string, value: string[], inside: string[]])[] = [
  [
    "an element more comes below the others",
    ["10.0.0.0/8", "fd00::/8", "::1"],
    [INTRO, "", STORAGE, RACK_1, "", RACK_2_COMMA, '    "::1",', FOOT],
  ],
  [
    "an element less goes with its comments, and no other",
    ["fd00::/8"],
    [INTRO, "", "", RACK_2, FOOT],
  ],
  ["the last element goes with its comment", ["10.0.0.0/8"], [
    INTRO,
    "",
    STORAGE,
    RACK_1,
    "",
    FOOT,
  ]],
  [
    "elements change places with their comments",
    ["fd00::/8", "10.0.0.0/8"],
    ["", RACK_2_COMMA, INTRO, "", STORAGE, RACK_1, FOOT],
  ],
  ["all elements are others", ["a", "b"], ['    "a",', '    "b",', INTRO, "", "", FOOT]],
  ["all elements go", [], [INTRO, "", "", FOOT]],
  [
    "an element comes twice",
    ["10.0.0.0/8", "10.0.0.0/8"],
    [INTRO, "", STORAGE, RACK_1, '    "10.0.0.0/8",', "", FOOT],
  ],
];

for (const [what, value, inside] of LONG) {
  Deno.test(`editing a list of several lines: ${what}`, () => {
    assertEquals(editText(withInside(...INSIDE), [setTo(...value)]), withInside(...inside));
  });

  Deno.test(`editing a list of several lines with CRLF: ${what}`, () => {
    const crlf = (text: string) => text.replaceAll("\n", "\r\n");
    const edited = editText(crlf(withInside(...INSIDE)), [setTo(...value)]);
    assertEquals(edited, crlf(withInside(...inside)));
  });
}

Deno.test("a list keeps the way it was written if it does not change", () => {
  const text = withInside(...INSIDE);
  assertEquals(editText(text, [setTo("10.0.0.0/8", "fd00::/8")]), text);
});

Deno.test("a list of several lines is removed with what is in it", () => {
  const edit: RegistryEdit = { do: "unset", table: "config", key: "allow-from" };
  assertEquals(
    editText(withInside(...INSIDE), [edit]),
    '# head\n[config]\nport = 1 # c\ntimeout = "1s"\n',
  );
});

const LAYOUTS: readonly (readonly [what: string, before: string, after: string])[] = [
  ["a new one", "port = 1 # c\n", 'port = 1 # c\nallow-from = ["a", "b"]\n'],
  ["one in a line", "allow-from = [ 'x', ] # c\n", 'allow-from = ["a", "b"] # c\n'],
  ["an empty one", "allow-from=[]\n", 'allow-from=["a", "b"]\n'],
  ["an empty one of two lines", "allow-from = [\n]\n", 'allow-from = [\n  "a",\n  "b",\n]\n'],
  ["what was no list", 'allow-from = "a" # c\n', 'allow-from = ["a", "b"] # c\n'],
  [
    "one with two elements in a line, whose comments come above it",
    '\tallow-from = [ # 1\n\t"a", "#", # "2"\n\t# 3\n\t"b" ] # 4\n',
    '\t# 1\n\t# "2"\n\t# 3\n\tallow-from = ["a", "b"] # 4\n',
  ],
  [
    "one with its commas in front, whose comments come above it",
    'allow-from = [\n  "a" # 1\n  , "x" # 2\n]\n',
    '# 1\n# 2\nallow-from = ["a", "b"]\n',
  ],
  [
    "one with commas in lines of their own",
    'allow-from = [\n  "a" # 1\n  ,\n]\n',
    '# 1\nallow-from = ["a", "b"]\n',
  ],
  [
    "one that begins behind its bracket",
    'allow-from = ["a", # 1\n  "x", # 2\n]\n',
    '# 1\n# 2\nallow-from = ["a", "b"]\n',
  ],
  [
    "one with other things than texts",
    'allow-from = [\n  ["#", # 1\n  ], # 2\n  5,\n]\n',
    '# 2\nallow-from = ["a", "b"]\n',
  ],
  [
    "one with a text of several lines",
    'allow-from = [\n  """\n#a""", # 1\n]\n',
    '# 1\nallow-from = ["a", "b"]\n',
  ],
];

for (const [what, before, after] of LAYOUTS) {
  Deno.test(`a list takes the place of ${what}`, () => {
    assertEquals(editText(`[config]\n${before}`, [setTo("a", "b")]), `[config]\n${after}`);
  });
}

Deno.test("another kind of value takes the place of a list of several lines", () => {
  const edit: RegistryEdit = { do: "set", table: "config", key: "x", value: 1 };
  assertEquals(editText('[config]\nx = [\n  "a", # 1\n] # 2\n', [edit]), "[config]\nx = 1 # 2\n");
});
