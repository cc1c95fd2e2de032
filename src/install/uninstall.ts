/**
 * Takes away what an installation made, and nothing else.
 *
 * @module
 */
import { cannot } from "./apply.ts";
import { reloadSystemd } from "./install.ts";
import { ConsentMissingError, type StepReport } from "./item.ts";
import { type ManifestEntry, manifestPath, readManifest } from "./manifest.ts";
import { isOurs } from "./plan.ts";
import { findData } from "./purge.ts";
import type { Tree } from "./tree.ts";
import type { Ask, RunSystemctl } from "./upstream_daemon.ts";

/** What an uninstallation works with. */
export interface UninstallDeps {
  readonly tree: Tree;
  /** The services of the node; absent for a tree that is none yet. */
  readonly services?: {
    readonly systemctl: RunSystemctl;
    /** Stops and disables our service. @returns Whether it ran. */
    readonly stop: () => Promise<boolean>;
  };
  readonly ask: Ask;
  /** Called for each step when it is done. */
  readonly onStep: (report: StepReport) => void;
}

/** What to take away, and how. */
export interface UninstallOptions {
  readonly stateDir: string;
  readonly workdir: string;
  readonly logFile: string;
  /** Takes registry, spool and log too. */
  readonly purge: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/**
 * Stops the service and removes what the manifest lists, as far as it is unchanged.
 *
 * @throws {ConsentMissingError} If the data may not be removed; nothing was changed then.
 * @throws {InstallError} If a step fails; those before it were told of.
 */
export async function uninstall(options: UninstallOptions, deps: UninstallDeps): Promise<void> {
  const { tree, services, onStep } = deps;
  const { stateDir, dryRun, purge } = options;
  const manifest = await readManifest(tree, stateDir);
  const data = purge ? await findData(tree, options) : [];
  if (data.length > 0 && !dryRun) await askForPurge(options, deps.ask);
  if (manifest === undefined) {
    onStep({ what: "installation", result: "already", detail: "there is none" });
  }
  const entries = [...manifest?.entries ?? []].reverse();
  if (!dryRun && services !== undefined && (manifest !== undefined || data.length > 0)) {
    const wasRunning = await services.stop();
    onStep({
      what: "service",
      result: wasRunning ? "done" : "already",
      detail: wasRunning ? "stopped" : "was stopped already",
    });
  }
  // The program comes last: should anything fail before, it can be run again. A daemon that has
  // ended has taken some of its files along.
  const left = purge ? await findData(tree, options) : [];
  for (const path of left) onStep(await removeData(tree, path, dryRun));
  const isFolder = ({ kind }: ManifestEntry) => kind === "folder";
  for (const entry of entries.filter((entry) => !isFolder(entry))) {
    onStep(await takeAway(tree, entry, dryRun));
  }
  if (manifest !== undefined && !dryRun) await tree.remove(manifestPath(stateDir));
  for (const { path } of entries.filter(isFolder)) {
    const report = await removeFolder(tree, path, dryRun);
    if (report !== undefined) onStep(report);
  }
  // An installation that was interrupted early had not written down that it made it.
  if (!dryRun && await tree.has(stateDir)) await tree.removeIfEmpty(stateDir);
  if (manifest !== undefined && !dryRun && services !== undefined) {
    await reloadSystemd(services.systemctl);
  }
}

async function askForPurge({ yes }: UninstallOptions, ask: Ask): Promise<void> {
  if (yes) return;
  const answer = await ask("Remove the webhooks, the events that wait, and the history for good?");
  if (answer === true) return;
  throw new ConsentMissingError(
    answer === undefined
      ? "Nobody is at a terminal to agree that webhooks, waiting events and history are removed " +
        "for good. Nothing was changed"
      : "Webhooks and events stay, so nothing was changed",
    "agree: gluster-eventing uninstall --purge --yes; or keep them: gluster-eventing uninstall",
  );
}

async function takeAway(tree: Tree, entry: ManifestEntry, dryRun: boolean): Promise<StepReport> {
  const { path, kind, original } = entry;
  const what = kind;
  try {
    const found = await tree.look(path);
    if (found.kind !== "absent" && !isOurs(found, entry)) {
      return { what, path, result: "kept", detail: "was changed since, and is left" };
    }
    const isBack = original !== undefined && (await tree.look(original)).kind !== "absent";
    if (found.kind === "absent" && !isBack) {
      return { what, path, result: "already", detail: "was gone already" };
    }
    const detail = isBack ? "removed, and the one before is back" : "removed";
    if (dryRun) return { what, path, result: "planned", detail: `is to be ${detail}` };
    if (found.kind !== "absent") await tree.remove(path);
    if (isBack) await tree.rename(original, path);
    return { what, path, result: "done", detail };
  } catch (error) {
    throw cannot(`remove ${path}`, error);
  }
}

async function removeData(tree: Tree, path: string, dryRun: boolean): Promise<StepReport> {
  if (dryRun) return { what: "data", path, result: "planned", detail: "is to be removed" };
  try {
    await tree.remove(path);
    return { what: "data", path, result: "done", detail: "removed" };
  } catch (error) {
    throw cannot(`remove ${path}`, error);
  }
}

async function removeFolder(
  tree: Tree,
  path: string,
  dryRun: boolean,
): Promise<StepReport | undefined> {
  const what = "folder";
  if (!await tree.has(path)) return undefined;
  if (dryRun) return { what, path, result: "planned", detail: "is to be removed if it is empty" };
  try {
    return await tree.removeIfEmpty(path)
      ? { what, path, result: "done", detail: "removed" }
      : { what, path, result: "kept", detail: "is not empty, and is left" };
  } catch (error) {
    throw cannot(`remove ${path}`, error);
  }
}
