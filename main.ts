/**
 * gluster-eventing: GlusterFS events as webhooks. Connects the command line with this process.
 *
 * @module
 */
import { runGluster } from "./src/cluster/gluster_command.ts";
import { processSignals } from "./src/cli/process_signals.ts";
import { processStreams } from "./src/cli/output.ts";
import { runCli } from "./src/cli/run_cli.ts";

Deno.exit(
  await runCli(Deno.args, {
    streams: processStreams(),
    environment: (name) => Deno.env.get(name),
    gluster: runGluster,
    signals: processSignals,
  }),
);
