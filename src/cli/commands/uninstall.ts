import { Tree } from "../../install/tree.ts";
import { uninstall } from "../../install/uninstall.ts";
import { askOnTerminal } from "../ask_on_terminal.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { uninstallServices } from "../install_services.ts";
import { DEFAULT_LOG_FILE } from "../log_file.ts";
import { StepReporter } from "../step_report.ts";
import { treePlaces, treeRoot } from "../tree_places.ts";

/** `uninstall` */
export async function run(invocation: Invocation): Promise<number> {
  const { options, output, places } = invocation;
  const root = await treeRoot(options);
  const dryRun = options.has("dry-run");
  const purge = options.has("purge");
  const { stateDir, workdir } = await treePlaces(invocation);
  const reporter = new StepReporter();
  await reporter.around(() =>
    uninstall(
      { stateDir, workdir, logFile: DEFAULT_LOG_FILE, purge, dryRun, yes: options.has("yes") },
      {
        tree: new Tree(root),
        ...(root === "" ? { services: uninstallServices(places) } : {}),
        ask: (question) => askOnTerminal(question, output),
        onStep: reporter.take,
      },
    )
  );
  const kept = purge ? [] : [
    "",
    `Webhooks in ${workdir}/events and events in ${stateDir}, if there are any, are kept:`,
    "uninstall --purge removes them, with any copy of the program.",
  ];
  reporter.show(output, { dryRun, closing: dryRun ? ["", "Nothing was changed."] : kept });
  return EXIT.done;
}
