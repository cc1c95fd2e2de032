/**
 * What the daemon and the commands leave on a node: webhooks, events, and the log.
 *
 * @module
 */
import { folderOf } from "../std/files.ts";
import type { Tree } from "./tree.ts";

/** Where it is. */
export interface DataPlaces {
  readonly stateDir: string;
  readonly workdir: string;
  readonly logFile: string;
}

/** The files, by name: whatever else is in these folders is somebody else's. */
export async function findData(
  tree: Tree,
  { stateDir, workdir, logFile }: DataPlaces,
): Promise<string[]> {
  const logName = logFile.slice(logFile.lastIndexOf("/") + 1);
  return [
    ...await pick(tree, stateDir, (name) => /^(?:spool\.db|node-id)/.test(name)),
    ...await pick(tree, `${workdir}/events`, (name) => /^\.?webhooks\.toml/.test(name)),
    // Rotated ones too: a date or a number, and .gz.
    ...await pick(tree, folderOf(logFile), (name) => name.startsWith(logName)),
  ];
}

async function pick(
  tree: Tree,
  folder: string,
  isOurs: (name: string) => boolean,
): Promise<string[]> {
  return (await tree.list(folder)).filter(isOurs).map((name) => `${folder}/${name}`);
}
