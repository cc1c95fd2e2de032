/**
 * Compares what is to be installed with what is there.
 *
 * @module
 */
import { type FileItem, InstallError, type Item } from "./item.ts";
import type { Manifest, ManifestEntry } from "./manifest.ts";
import { type Found, hashFile, hashText, type Tree } from "./tree.ts";
import { folderOf } from "../std/files.ts";

/** What has to be done for one item. */
export interface PlannedStep {
  readonly item: Item;
  /** `keep` leaves what an administrator made of it. */
  readonly action: "make" | "replace" | "keep" | "nothing";
  /** What is in the way goes there first. */
  readonly aside?: string;
  /** How the manifest knows it; nothing for what is there without us. */
  readonly entry?: ManifestEntry;
}

/** Plans all items, and the folders that they need. */
export async function planSteps(
  tree: Tree,
  items: readonly Item[],
  manifest: Manifest | undefined,
): Promise<PlannedStep[]> {
  const steps: PlannedStep[] = [];
  const planned = new Set<string>();
  const add = async (item: Item) => {
    if (planned.has(item.path)) return;
    planned.add(item.path);
    const known = manifest?.entries.find(({ path }) => path === item.path);
    steps.push(await planItem(tree, item, known));
  };
  for (const item of items) {
    for (const folder of await missingFolders(tree, item.path)) await add(folder);
    await add(item);
  }
  return steps;
}

async function missingFolders(tree: Tree, path: string): Promise<Item[]> {
  const missing: Item[] = [];
  for (let at = folderOf(path); at !== "/" && !await tree.has(at); at = folderOf(at)) {
    missing.unshift({ kind: "folder", what: "folder", path: at, mode: 0o755 });
  }
  return missing;
}

async function planItem(
  tree: Tree,
  item: Item,
  known: ManifestEntry | undefined,
): Promise<PlannedStep> {
  const found = await tree.look(item.path);
  if (item.kind === "folder") return await planFolder(tree, item, known);
  const entry = await entryOf(item, known, found);
  if (found.kind === "absent") return { item, action: "make", entry };
  if (found.kind === "folder" || found.kind === "other") {
    throw new InstallError(
      `${item.path} is no file, so the ${item.what} cannot have that name`,
      `see what it is: ls -ld ${item.path}`,
    );
  }
  if (isAsWanted(item, found, entry)) return { item, action: "nothing", entry };
  if (isOurs(found, known) || isOurs(found, entry)) return { item, action: "replace", entry };
  if (known !== undefined && item.kind === "file" && item.isConfig === true) {
    return { item, action: "keep", entry: known };
  }
  return await planAside(tree, item, { entry, known });
}

async function planFolder(
  tree: Tree,
  item: Item,
  known: ManifestEntry | undefined,
): Promise<PlannedStep> {
  const entry: ManifestEntry = { path: item.path, kind: "folder" };
  if (!await tree.has(item.path)) return { item, action: "make", entry };
  return { item, action: "nothing", ...(known === undefined ? {} : { entry: known }) };
}

/** Somebody else's file, or one that was changed since: it is put aside, never lost. */
async function planAside(
  tree: Tree,
  item: Item,
  { entry, known }: { entry: ManifestEntry; known: ManifestEntry | undefined },
): Promise<PlannedStep> {
  if (known === undefined) {
    const usual = item.kind === "link" && item.keptAs !== undefined
      ? item.keptAs
      : `${item.path}.before-gluster-eventing`;
    const aside = await freeName(tree, usual);
    return { item, action: "replace", aside, entry: { ...entry, original: aside } };
  }
  const { original } = known;
  // What was to be put aside, when the installation was interrupted.
  const isLeft = original !== undefined && (await tree.look(original)).kind === "absent";
  const aside = isLeft ? original : await freeName(tree, `${item.path}.changed`);
  return { item, action: "replace", aside, entry };
}

async function freeName(tree: Tree, name: string): Promise<string> {
  for (let number = 1;; number++) {
    const candidate = number === 1 ? name : `${name}.${number}`;
    if ((await tree.look(candidate)).kind === "absent") return candidate;
  }
}

async function entryOf(
  item: Item,
  known: ManifestEntry | undefined,
  found: Found,
): Promise<ManifestEntry> {
  const original = known?.original === undefined ? {} : { original: known.original };
  if (item.kind !== "file") {
    return { path: item.path, kind: item.kind, ...targetOf(item), ...original };
  }
  const sha256 = await wantedHash(item);
  const isReplaced = found.kind === "file" && isOurs(found, known) && found.sha256 !== sha256;
  const before = isReplaced ? { before: found.sha256 } : {};
  return { path: item.path, kind: "file", sha256, ...before, ...original };
}

function targetOf(item: Item): { target?: string } {
  return item.kind === "link" ? { target: item.target } : {};
}

async function wantedHash({ content }: FileItem): Promise<string> {
  return "text" in content ? hashText(content.text) : await hashFile(content.sameAs);
}

function isAsWanted(item: Item, found: Found, entry: ManifestEntry): boolean {
  if (item.kind === "link") return found.kind === "link" && found.target === item.target;
  return item.kind === "file" && found.kind === "file" && found.sha256 === entry.sha256 &&
    found.mode === item.mode;
}

/** Whether what is there is what was installed, or what an interrupted upgrade was to replace. */
export function isOurs(found: Found, known: ManifestEntry | undefined): boolean {
  if (known === undefined) return false;
  if (found.kind === "link") return known.kind === "link" && found.target === known.target;
  return found.kind === "file" && known.kind === "file" &&
    (found.sha256 === known.sha256 || found.sha256 === known.before);
}
