import { COMMANDS, SHARED_OPTIONS } from "../../../src/cli/command_table.ts";
import { renderCommandHelp, renderProgramHelp } from "../../../src/cli/help.ts";
import { parseCommandLine } from "../../../src/cli/parse_command_line.ts";
import { assert, assertEquals } from "../../support/assert.ts";

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

Deno.test("the program's help names every command with its summary", () => {
  const help = renderProgramHelp(COMMANDS, SHARED_OPTIONS);
  for (const { name, summary } of COMMANDS) {
    assert(help.some((line) => line.includes(name) && line.endsWith(summary)), name);
  }
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
