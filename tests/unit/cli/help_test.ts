import { type CommandSpec, SECTIONS, UsageError } from "../../../src/cli/command.ts";
import { COMMANDS, SHARED_OPTIONS } from "../../../src/cli/command_table.ts";
import { renderCommandHelp, renderProgramHelp } from "../../../src/cli/help.ts";
import { parseCommandLine } from "../../../src/cli/parse_command_line.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";

const SAMPLE: CommandSpec = {
  name: "sample",
  section: "About",
  summary: "Sample",
  operands: [],
  options: [],
  examples: [],
  load: () => Promise.reject(new Error("not loaded in this test")),
};

/** The words of an example as a shell splits them; only the quotes that examples use. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

Deno.test("every example is a valid command line of its command", () => {
  for (const command of COMMANDS) {
    for (const { line } of command.examples) {
      const parsed = parseCommandLine(splitWords(line), COMMANDS, SHARED_OPTIONS);
      assert(parsed.ask === "run", line);
      assertEquals(parsed.command.name, command.name, line);
    }
  }
});

Deno.test("the program's help names every command with its summary, and no hidden one", () => {
  const help = renderProgramHelp(COMMANDS, SHARED_OPTIONS);
  for (const { name, summary, hidden } of COMMANDS) {
    const isShown = help.some((line) => line.includes(` ${name} `) && line.endsWith(summary));
    assertEquals(isShown, hidden !== true, name);
  }
});

Deno.test("the program's help fits 80 columns, and shows no empty section", () => {
  const help = renderProgramHelp(COMMANDS, SHARED_OPTIONS);
  assertEquals(help.filter((line) => line.length > 80), []);
  const headings = help.filter((line) => /^\w.*:$/.test(line)).slice(0, -1);
  assertEquals(
    headings,
    SECTIONS.filter((section) => COMMANDS.some((command) => command.section === section))
      .map((section) => `${section}:`),
  );
});

Deno.test("the lists of a command's help fit 80 columns", () => {
  for (const command of COMMANDS) {
    const { details = "", examples } = command;
    const own = new Set([...details.split("\n"), ...examples.map(({ line }) => line)]);
    const long = renderCommandHelp(command, SHARED_OPTIONS)
      .filter((line) => line.length > 80 && !own.has(line.replace("  gluster-eventing ", "")));
    assertEquals(long, [], command.name);
  }
});

Deno.test("an explanation that is long goes on below its beginning", () => {
  const option = { name: "port", value: "PORT", help: "words ".repeat(20).trim() };
  const long = { name: "a-very-long-name-of-an-option", value: "SOMETHING", help: "short" };
  const help = renderCommandHelp({ ...SAMPLE, options: [option, long] }, []);
  const at = help.indexOf("Options:");
  assertEquals(help.slice(at + 1, at + 5), [
    "      --port PORT  words words words words words words words words words words",
    "                   words words words words words words words words words words",
    "      --a-very-long-name-of-an-option SOMETHING",
    "                   short",
  ]);
});

Deno.test("a hidden command can be run and explained, but is never proposed", () => {
  const hidden: CommandSpec = { ...SAMPLE, name: "node-status", hidden: true };
  assertEquals(parseCommandLine(["node-status"], [hidden], []).ask, "run");
  assertEquals(parseCommandLine(["help", "node-status"], [hidden], []).ask, "help");
  const error = assertThrows(() => parseCommandLine(["node-statu"], [hidden], []), UsageError);
  assert(!error.hint.includes("node-status"), error.hint);
});

Deno.test("a command's help names its operands, options and examples", () => {
  for (const command of COMMANDS) {
    const help = renderCommandHelp(command, SHARED_OPTIONS).join("\n");
    const words = [
      `Usage: gluster-eventing ${command.name}`,
      ...command.operands.map(({ name }) => name),
      ...[...command.options, ...SHARED_OPTIONS].map(({ name }) => `--${name}`),
      ...command.examples.map(({ line }) => `gluster-eventing ${line}`),
    ];
    for (const word of words) assert(help.includes(word), `${command.name}: ${word}`);
  }
});

Deno.test("help lines fit a wide terminal", () => {
  const lines = COMMANDS.flatMap((command) => renderCommandHelp(command, SHARED_OPTIONS));
  const long = [...lines, ...renderProgramHelp(COMMANDS, SHARED_OPTIONS)]
    .filter((line) => line.length > 110);
  assertEquals(long, []);
});

Deno.test("every command can be loaded", async () => {
  for (const { name, load } of COMMANDS) {
    assertEquals(typeof (await load()).run, "function", name);
  }
});

Deno.test("names and letters of options are unique in each command", () => {
  for (const { name, options } of COMMANDS) {
    const all = [...options, ...SHARED_OPTIONS];
    const words = all.flatMap((option) => [option.name, option.short, option.alias])
      .filter((word) => word !== undefined);
    assertEquals(words.length, new Set(words).size, name);
  }
});
