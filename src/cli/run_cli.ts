/**
 * Runs one command line.
 *
 * @module
 */
import type { GlusterCommand } from "../cluster/gluster_command.ts";
import type { Signals } from "./command.ts";
import { COMMANDS, SHARED_OPTIONS } from "./command_table.ts";
import { EXIT } from "./exit_codes.ts";
import { describeFailure } from "./failures.ts";
import { Output, OutputError, type Streams } from "./output.ts";
import { parseCommandLine } from "./parse_command_line.ts";
import { toPlainJson } from "../std/plain_text.ts";
import { type Environment, Places } from "./places.ts";
import { describeVersion, VERSION } from "./version.ts";

/**
 * What glusterd runs on every node begins with this word. It is no command for people: it does not
 * go through their parser, since it has to end well whatever another version asks.
 */
const NODE_WORD = "node";

/** What the command line touches of the world. */
export interface CliDeps {
  readonly streams: Streams;
  readonly environment: Environment;
  readonly gluster: GlusterCommand;
  readonly signals: Signals;
}

/**
 * Runs a command line and shows what comes of it.
 *
 * @param args The words behind the program's name.
 * @returns The exit code.
 */
export async function runCli(args: readonly string[], deps: CliDeps): Promise<number> {
  const output = new Output(deps.streams, { json: args.includes("--json") });
  try {
    if (args[0] === NODE_WORD) {
      const { answerNode } = await import("./node_command.ts");
      return await answerNode(args.slice(1), { ...deps, output, version: VERSION, now: Date.now });
    }
    const line = parseCommandLine(args, COMMANDS, SHARED_OPTIONS);
    if (line.ask === "version") {
      output.result([describeVersion()], { version: VERSION, deno: Deno.version.deno });
      return EXIT.done;
    }
    if (line.ask === "help") {
      // What measures the width of text takes longer to load than all the rest.
      const { renderCommandHelp, renderProgramHelp } = await import("./help.ts");
      const help = line.command === undefined
        ? renderProgramHelp(COMMANDS, SHARED_OPTIONS)
        : renderCommandHelp(line.command, SHARED_OPTIONS);
      output.line(help.join("\n"));
      return args.length === 0 ? EXIT.usage : EXIT.done;
    }
    const { command, options, operands } = line;
    const { run } = await command.load();
    const places = new Places(options, deps.environment, deps.gluster);
    const { signals, environment, gluster } = deps;
    const common = { output, places, environment, signals, gluster, version: VERSION };
    return await run({ options, operands, ...common });
  } catch (error) {
    return showFailure(error, output);
  }
}

function showFailure(error: unknown, output: Output): number {
  const { code, lines, hint } = describeFailure(error);
  const text = [`error: ${lines.join("\n")}`, `hint: ${hint}`].join("\n");
  if (!output.isJson || error instanceof OutputError) {
    output.lastWord(text);
    return code;
  }
  try {
    output.line(toPlainJson({ output: "", error: lines.join("\n"), hint }));
  } catch (failure) {
    if (!(failure instanceof OutputError)) throw failure;
    output.lastWord(text);
  }
  return code;
}
