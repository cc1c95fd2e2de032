import type { InstallOptions } from "../../install/desired_items.ts";
import { install } from "../../install/install.ts";
import { findLibexec } from "../../install/libexec.ts";
import { findRotation } from "../../install/rotation.ts";
import { Tree } from "../../install/tree.ts";
import { askOnTerminal } from "../ask_on_terminal.ts";
import { CommandError, type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { installedTexts } from "../installed_texts.ts";
import { installServices } from "../install_services.ts";
import { DEFAULT_LOG_FILE } from "../log_file.ts";
import { DEFAULT_SOCKET } from "../places.ts";
import { INSTALLED_PATH } from "../service_programs.ts";
import { StepReporter } from "../step_report.ts";
import { treePlaces, treeRoot } from "../tree_places.ts";

/** `install` */
export async function run(invocation: Invocation): Promise<number> {
  const { options, output, places, version } = invocation;
  if (places.socket !== DEFAULT_SOCKET) {
    throw new UsageError(
      `An installed service has its control socket at ${DEFAULT_SOCKET}, not at ${places.socket}`,
      "the other nodes look for it there: leave out --socket and GLUSTER_EVENTING_SOCKET",
    );
  }
  const root = await treeRoot(options);
  const tree = new Tree(root);
  const dryRun = options.has("dry-run");
  const reporter = new StepReporter();
  const wanted = await readOptions(invocation, tree);
  if (wanted.libexec === undefined) {
    reporter.take({
      what: "peer command",
      result: "skipped",
      detail: "there is no glusterd here; install again when there is, or name --libexec",
    });
  }
  if (wanted.isRotated) {
    reporter.take({
      what: "log rotation",
      result: "already",
      detail: `Gluster's own takes ${DEFAULT_LOG_FILE} too`,
    });
  }
  await reporter.around(() =>
    install(wanted, { dryRun, yes: options.has("yes") }, {
      tree,
      version,
      ...(root === "" ? { services: installServices(places) } : {}),
      ask: (question) => askOnTerminal(question, output),
      onStep: reporter.take,
    })
  );
  reporter.show(output, { dryRun, closing: closingOf(reporter, { dryRun, root }) });
  return EXIT.done;
}

async function readOptions(invocation: Invocation, tree: Tree): Promise<InstallOptions> {
  const { options } = invocation;
  if (!Deno.build.standalone) {
    throw new CommandError(
      EXIT.failed,
      "Only the compiled program can install itself; this runs from source",
      "compile it: scripts/deno task compile; then: dist/gluster-eventing install",
    );
  }
  const libexec = options.get("libexec") ?? await findLibexec(tree);
  if (libexec !== undefined && !libexec.startsWith("/")) {
    throw new UsageError(`--libexec ${libexec} is no absolute path`, "begin it with a slash");
  }
  return {
    source: Deno.execPath(),
    binary: INSTALLED_PATH,
    ...await treePlaces(invocation),
    logFile: DEFAULT_LOG_FILE,
    ...(libexec === undefined ? {} : { libexec: libexec.replace(/(?<=.)\/+$/, "") }),
    isRotated: await findRotation(tree, DEFAULT_LOG_FILE) !== undefined,
    extraFiles: installedTexts(invocation.version),
    replaceEventsapi: options.has("replace-eventsapi"),
  };
}

function closingOf(
  { hasChanges }: StepReporter,
  { dryRun, root }: { dryRun: boolean; root: string },
): string[] {
  if (dryRun) return ["", "Nothing was changed."];
  if (!hasChanges) return ["", "All of it is so already."];
  return root === ""
    ? ["", "Once all nodes have it, start it from any of them: gluster-eventing start"]
    : [];
}
