/**
 * Does what was planned.
 *
 * @module
 */
import { InstallError, type Item, type StepReport } from "./item.ts";
import type { Manifest, ManifestEntry } from "./manifest.ts";
import type { PlannedStep } from "./plan.ts";
import type { Tree } from "./tree.ts";

/** The manifest while the steps are done: all that may come to be, and what it may replace. */
export function manifestOf(
  version: string,
  steps: readonly PlannedStep[],
  before: Manifest | undefined,
): Manifest {
  const known = new Map(before?.entries.map((entry) => [entry.path, entry]));
  // What another version installed, and this one does not, is still to be taken away one day.
  for (const { entry } of steps) {
    if (entry !== undefined) known.set(entry.path, entry);
  }
  return { version, complete: false, entries: [...known.values()] };
}

/** The manifest when all steps are done. */
export function settled({ version, entries }: Manifest): Manifest {
  const entriesNow = entries.map(({ before: _, ...rest }): ManifestEntry => rest);
  return { version, complete: true, entries: entriesNow };
}

/** What a step would do. */
export function describeStep(step: PlannedStep, isDryRun: boolean): StepReport {
  const { item, action, aside } = step;
  const { what, path } = item;
  if (action === "nothing") return { what, path, result: "already", detail: "is so already" };
  if (action === "keep") {
    return { what, path, result: "kept", detail: "was changed here, and stays as it is" };
  }
  const result = isDryRun ? "planned" : "done";
  const verb = action === "make" ? "is new" : "replaces what was there";
  const detail = aside === undefined ? verb : `${verb}, which is now ${aside}`;
  return {
    what,
    path,
    result,
    detail: item.kind === "link" ? `${detail}; leads to ${item.target}` : detail,
  };
}

/** Does one step. @throws {InstallError} */
export async function applyStep(tree: Tree, { item, action, aside }: PlannedStep): Promise<void> {
  if (action === "nothing" || action === "keep") return;
  try {
    if (aside !== undefined) await tree.rename(item.path, aside);
    await make(tree, item);
  } catch (error) {
    throw cannot(`install the ${item.what} ${item.path}`, error);
  }
}

async function make(tree: Tree, item: Item): Promise<void> {
  switch (item.kind) {
    case "folder":
      return await tree.makeFolder(item.path, item.mode);
    case "link":
      return await tree.link(item.path, item.target);
    case "file":
      return await tree.write(item.path, item.content, item.mode);
  }
}

/** What the file system refuses, as an error with a hint. */
export function cannot(what: string, error: unknown): unknown {
  if (error instanceof InstallError || !(error instanceof Error)) return error;
  const isDenied = error instanceof Deno.errors.PermissionDenied;
  return new InstallError(
    `Cannot ${what}: ${error.message}`,
    isDenied ? "run it as root" : "mend that and run the same command again: it goes on from there",
    { cause: error },
  );
}
