/**
 * Installs the program as a service.
 *
 * @module
 */
import { applyStep, cannot, describeStep, manifestOf, settled } from "./apply.ts";
import { desiredItems, type InstallOptions } from "./desired_items.ts";
import { InstallError, type StepReport } from "./item.ts";
import { type Manifest, readManifest, writeManifest } from "./manifest.ts";
import { type PlannedStep, planSteps } from "./plan.ts";
import type { Tree } from "./tree.ts";
import { UNIT_PATH } from "./unit.ts";
import {
  type Ask,
  askForConsent,
  findUpstream,
  reportUpstream,
  type RunSystemctl,
  stopUpstream,
  type UpstreamState,
} from "./upstream_daemon.ts";

/** The services of the node; absent for a tree that is none yet. */
export interface NodeServices {
  readonly systemctl: RunSystemctl;
  /** The program that the service runs. */
  readonly binary: string;
  readonly isPortTaken: () => Promise<boolean>;
  /** Whether our daemon runs. */
  readonly isRunning: () => Promise<boolean>;
  readonly restart: () => Promise<void>;
}

/** What an installation works with. */
export interface InstallDeps {
  readonly tree: Tree;
  readonly version: string;
  readonly services?: NodeServices;
  readonly ask: Ask;
  /** Called for each step when it is done. */
  readonly onStep: (report: StepReport) => void;
}

/** How to go about it. */
export interface InstallMode {
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/**
 * Brings the node to what the options say. Doing it again changes nothing; doing it again after a
 * failure goes on from there.
 *
 * @throws {ConsentMissingError} If upstream's daemon may not be stopped; nothing was changed then.
 * @throws {InstallError} If a step fails; those before it were told of.
 */
export async function install(
  options: InstallOptions,
  { dryRun, yes }: InstallMode,
  deps: InstallDeps,
): Promise<void> {
  const { tree, version, services, onStep } = deps;
  const before = await readManifest(tree, options.stateDir);
  const steps = await planSteps(tree, desiredItems(options), before);
  const upstream = services === undefined
    ? "absent"
    : await findUpstream(services.systemctl, services.isPortTaken);
  if (dryRun) {
    const reports = [
      ...reportUpstream(upstream, true),
      ...steps.map((step) => describeStep(step, true)),
    ];
    return reports.forEach(onStep);
  }
  if (upstream === "absent" && isSettled(steps, before, version)) {
    return steps.forEach((step) => onStep(describeStep(step, false)));
  }
  if (upstream === "in the way") await askForConsent({ yes, ask: deps.ask });
  const wasRunning = await services?.isRunning() ?? false;
  // The manifest lies in the state folder, which is the first step.
  const isStateStep = ({ item }: PlannedStep) => `${options.stateDir}/`.startsWith(`${item.path}/`);
  const first = steps.filter(isStateStep);
  const rest = steps.filter((step) => !isStateStep(step));
  await doSteps(first, deps);
  const manifest = manifestOf(version, steps, before);
  try {
    await writeManifest(tree, options.stateDir, manifest);
  } catch (error) {
    throw cannot("write down what is installed", error);
  }
  await endUpstream(upstream, deps);
  await doSteps(rest, deps);
  if (services !== undefined) {
    const isUnfinished = before?.complete === false;
    await refresh(steps, { services, wasRunning, isUnfinished, onStep });
  }
  await writeManifest(tree, options.stateDir, settled(manifest));
}

function isSettled(
  steps: readonly PlannedStep[],
  before: Manifest | undefined,
  version: string,
): boolean {
  return before?.complete === true && before.version === version &&
    steps.every(({ action }) => action === "nothing" || action === "keep");
}

async function doSteps(
  steps: readonly PlannedStep[],
  { tree, onStep }: InstallDeps,
): Promise<void> {
  for (const step of steps) {
    await applyStep(tree, step);
    onStep(describeStep(step, false));
  }
}

async function endUpstream(
  state: UpstreamState,
  { services, onStep }: InstallDeps,
): Promise<void> {
  if (services !== undefined && state === "in the way") await stopUpstream(services.systemctl);
  reportUpstream(state, false).forEach(onStep);
}

/** Makes what is new count: for systemd, and for a daemon that runs. */
async function refresh(
  steps: readonly PlannedStep[],
  { services, wasRunning, isUnfinished, onStep }: {
    services: NodeServices;
    wasRunning: boolean;
    /** Whether an installation before this one may have ended before it came to this. */
    isUnfinished: boolean;
    onStep: (report: StepReport) => void;
  },
): Promise<void> {
  const isNew = (path: string) =>
    isUnfinished ||
    steps.some(({ item, action }) =>
      item.path === path && (action === "make" || action === "replace")
    );
  if (isNew(UNIT_PATH)) await reloadSystemd(services.systemctl);
  if (!wasRunning || !isNew(services.binary)) return;
  await services.restart();
  onStep({ what: "service", result: "done", detail: "restarted with the new program" });
}

/** Makes systemd read its units. @throws {InstallError} */
export async function reloadSystemd(systemctl: RunSystemctl): Promise<void> {
  const result = await systemctl(["daemon-reload"]);
  if (result === undefined || result.code === 0) return;
  throw new InstallError(
    `systemctl daemon-reload ended with ${result.code}: ${result.stderr.trim()}`,
    "see why: journalctl --unit=init.scope; then run the same command again",
  );
}
