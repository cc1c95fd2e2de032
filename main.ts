/**
 * gluster-eventing: GlusterFS events as webhooks. Connects the command line with this process.
 *
 * @module
 */
import process from "node:process";
import { runGluster } from "./src/cluster/gluster_command.ts";
import { processSignals } from "./src/cli/process_signals.ts";
import { processStreams } from "./src/cli/output.ts";
import { runProgram } from "./src/cli/run_program.ts";

Deno.exit(
  await runProgram({ name: process.argv0, args: Deno.args }, {
    streams: processStreams(),
    environment: (name) => Deno.env.get(name),
    gluster: runGluster,
    signals: processSignals,
  }),
);
