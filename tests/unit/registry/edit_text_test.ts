import { editText } from "../../../src/registry/edit_text.ts";
import type { RegistryEdit } from "../../../src/registry/edit_data.ts";
import { assertEquals } from "../../support/assert.ts";

const DOCUMENT = `# The head of the file.

generation = 7 # raised by commands

# What all nodes share.
[config]
port = 55555
# The log.
log-level = "INFO"   # or DEBUG
# end of config

# The first webhook: operations.
# It has a comment of two lines.
[[webhook]]
name = "ops"
# inside
url = "https://ops.example.com/" # the URL
  # below the keys of ops

# The second webhook: audit.
[[webhook]]
  name = "audit"
  url = "https://audit.example.com/"

  [webhook.headers]
  # a header
  X-Team = "storage"

# The third one.
[[webhook]]
url = 'http://third.example.com/'
name = 'third'
timeout = '5s'

# The foot of the file.
`;

/** The document with some of its text replaced. */
function withChange(...changes: readonly (readonly [before: string, after: string])[]): string {
  return changes.reduce((text, [before, after]) => {
    if (text.split(before).length !== 2) throw new Error(`Not there once: ${before}`);
    return text.replace(before, () => after);
  }, DOCUMENT);
}

const CASES: readonly (readonly [what: string, edits: RegistryEdit[], after: string])[] = [
  [
    "a key at the top gets its new value and keeps its comment",
    [{ do: "set", table: "root", key: "generation", value: 8 }],
    withChange(["generation = 7 #", "generation = 8 #"]),
  ],
  [
    "a key of [config] gets its new value and keeps its comment",
    [{ do: "set", table: "config", key: "log-level", value: "ERROR" }],
    withChange(['"INFO"   #', '"ERROR"   #']),
  ],
  [
    "a new key of [config] comes below the last one",
    [{ do: "set", table: "config", key: "timeout", value: "9s" }],
    withChange(["# or DEBUG\n", '# or DEBUG\ntimeout = "9s"\n']),
  ],
  [
    "a key of [config] goes, the comments above and below stay",
    [{ do: "unset", table: "config", key: "log-level" }],
    withChange(['log-level = "INFO"   # or DEBUG\n', ""]),
  ],
  [
    "a new key of a webhook comes below the last one, above the comment of the next",
    [{ do: "set", table: 0, key: "timeout", value: "9s" }],
    withChange(["# the URL\n", '# the URL\ntimeout = "9s"\n']),
  ],
  [
    "a new key of a webhook with a table of headers comes above that, indented like the others",
    [{ do: "set", table: 1, key: "timeout", value: "9s" }],
    withChange(['audit.example.com/"\n', 'audit.example.com/"\n  timeout = "9s"\n']),
  ],
  [
    "a new key of the last webhook comes above the foot of the file",
    [{ do: "set", table: 2, key: "headers", value: { "X-A": "1" } }],
    withChange(["'5s'\n", "'5s'\nheaders = { X-A = \"1\" }\n"]),
  ],
  [
    "a value keeps the way it was written if it does not change",
    [
      { do: "set", table: 2, key: "name", value: "third" },
      { do: "unset", table: 0, key: "timeout" },
      { do: "unset", table: "config", key: "timeout" },
    ],
    DOCUMENT,
  ],
  [
    "the first webhook goes with its comments and leaves those of the others",
    [{ do: "remove", webhook: 0 }],
    withChange([
      DOCUMENT.slice(DOCUMENT.indexOf("# The first"), DOCUMENT.indexOf("  # below")),
      "",
    ]),
  ],
  [
    "a middle webhook goes with its table of headers",
    [{ do: "remove", webhook: 1 }],
    withChange([
      DOCUMENT.slice(DOCUMENT.indexOf("# The second"), DOCUMENT.indexOf("# The third")),
      "",
    ]),
  ],
  [
    "the last webhook goes, the foot of the file stays",
    [{ do: "remove", webhook: 2 }],
    withChange([
      DOCUMENT.slice(DOCUMENT.indexOf("# The third"), DOCUMENT.indexOf("# The foot")),
      "",
    ]),
  ],
  [
    "all webhooks go one after the other",
    [{ do: "remove", webhook: 1 }, { do: "remove", webhook: 1 }, { do: "remove", webhook: 0 }],
    withChange([
      DOCUMENT.slice(DOCUMENT.indexOf("# The second"), DOCUMENT.indexOf("# The foot")),
      "",
    ], [DOCUMENT.slice(DOCUMENT.indexOf("# The first"), DOCUMENT.indexOf("  # below")), ""]),
  ],
  [
    "a new webhook comes at the end",
    [{ do: "append", webhook: { name: "new", url: "http://new/", headers: { "a b": "c" } } }],
    `${DOCUMENT}
[[webhook]]
name = "new"
url = "http://new/"
headers = { "a b" = "c" }
`,
  ],
  [
    "a new webhook can be changed and removed at once",
    [
      { do: "append", webhook: { name: "new", url: "http://new/" } },
      { do: "set", table: 3, key: "timeout", value: "1s" },
      { do: "remove", webhook: 0 },
      { do: "set", table: 2, key: "timeout", value: "2s" },
      { do: "remove", webhook: 2 },
      { do: "unset", table: 1, key: "timeout" },
    ],
    withChange(
      [DOCUMENT.slice(DOCUMENT.indexOf("# The first"), DOCUMENT.indexOf("  # below")), ""],
      ["timeout = '5s'\n", ""],
    ),
  ],
];

for (const [what, edits, after] of CASES) {
  Deno.test(`editing: ${what}`, () => {
    assertEquals(editText(DOCUMENT, edits), after);
  });

  Deno.test(`editing a file with CRLF: ${what}`, () => {
    const crlf = (text: string) => text.replaceAll("\n", "\r\n");
    assertEquals(editText(crlf(DOCUMENT), edits), crlf(after));
  });

  Deno.test(`editing a file with a byte order mark: ${what}`, () => {
    assertEquals(editText(`\uFEFF${DOCUMENT}`, edits), `\uFEFF${after}`);
  });
}
