import type { CommandSpec } from "../../../src/cli/command.ts";
import { COMMANDS, SHARED_OPTIONS } from "../../../src/cli/command_table.ts";
import { EXIT } from "../../../src/cli/exit_codes.ts";
import { renderManPage } from "../../../src/cli/man_page.ts";
import { PLACE_VARIABLES } from "../../../src/cli/places.ts";
import { assert, assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { testNeeding } from "../../support/requirements.ts";

const PAGE = renderManPage(COMMANDS, SHARED_OPTIONS, "1.2.3");

const HOSTILE_TEXT =
  '.SH no heading\n\'br\n.\\" it\'s "quoted" \\fBbold\\n \\*(x ~^`- é €\ttab\x1b[1m';
const HOSTILE: CommandSpec = {
  name: "hostile",
  section: "About",
  summary: HOSTILE_TEXT,
  details: `${HOSTILE_TEXT}\n\n  .kept \\e 'as it is'\n`,
  operands: [{ name: '.A "B" \\C', repeatable: true, help: HOSTILE_TEXT }],
  options: [{ name: "text", short: "t", value: '"\\V', repeatable: true, help: HOSTILE_TEXT }],
  examples: [{ line: "hostile '.x' \"\\n\"", does: HOSTILE_TEXT }],
  load: () => Promise.reject(new Error("not loaded in this test")),
};

async function run(program: string, args: string[], input: string) {
  const child = new Deno.Command(program, {
    args,
    env: { LC_ALL: "C.UTF-8" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const [{ code, stdout, stderr }] = await Promise.all([
    child.output(),
    writer.write(new TextEncoder().encode(input)).then(() => writer.close()),
  ]);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The page as it is read, without bold, with one blank for each gap. */
async function read(page: string): Promise<string> {
  const { code, stdout, stderr } = await run("groff", [
    "-man",
    "-ww",
    "-Kutf8",
    "-Tutf8",
    "-P-cbou",
  ], page);
  assertEquals([code, stderr], [0, ""]);
  // A hyphen at the end of a line is one that groff made.
  return stdout.replace(/‐\n\s*/g, "").replace(/\s+/g, " ");
}

Deno.test("the man page has the usual parts, in the usual order", () => {
  const headings = [...PAGE.matchAll(/^\.SH (.+)$/gm)].map(([, heading]) => heading);
  assertEquals(headings, [
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "OPTIONS",
    "COMMANDS",
    "FILES",
    "ENVIRONMENT",
    "EXIT STATUS",
    "SIGNALS",
    "EXAMPLES",
    "SEE ALSO",
  ]);
  assertStringIncludes(PAGE.split("\n")[0] ?? "", "1.2.3");
});

Deno.test("the same commands make the same man page", () => {
  assertEquals(renderManPage(COMMANDS, SHARED_OPTIONS, "1.2.3"), PAGE);
});

testNeeding(
  ["man"],
  "whoever reads the man page finds every command, option and code",
  async () => {
    const text = await read(PAGE);
    for (const { name, options, operands, examples, hidden } of COMMANDS) {
      if (hidden === true) {
        assert(!text.includes(name), name);
        continue;
      }
      const words = [
        `${name} `,
        ...operands.map((operand) => operand.name),
        ...options.map((option) => `--${option.name}`),
        ...examples.map(({ line }) => `gluster-eventing ${line}`),
      ];
      for (const word of words) assertStringIncludes(text, word, `${name}: ${word}`);
    }
    for (const { name } of SHARED_OPTIONS) assertStringIncludes(text, `--${name}`);
    for (const name of PLACE_VARIABLES) assertStringIncludes(text, name);
    const codes = text.slice(text.indexOf("EXIT STATUS"));
    for (const code of Object.values(EXIT)) assertStringIncludes(codes, ` ${code} `);
  },
);

testNeeding(["man"], "readers of man pages have nothing to say against it", async () => {
  for (const page of [PAGE, renderManPage([HOSTILE], SHARED_OPTIONS, '.1 "x"')]) {
    await read(page);
    const { stdout } = await run("mandoc", ["-Tlint", "-Wwarning"], page);
    // The page bears a version instead of a date.
    const said = stdout.split("\n").filter((line) => line !== "" && !line.includes("missing date"));
    assertEquals(said, []);
  }
});

testNeeding(["man"], "no text of the table is taken for roff", async () => {
  const text = await read(renderManPage([HOSTILE], SHARED_OPTIONS, "1"));
  const shown = `.SH no heading 'br .\\" it's "quoted" \\fBbold\\n \\*(x ~^\`- é € tab [1m`;
  assertEquals(text.split(shown).length - 1, 5, text);
  assertStringIncludes(text, ".kept \\e 'as it is'");
  assertStringIncludes(text, "gluster-eventing hostile '.x' \"\\n\"");
});
