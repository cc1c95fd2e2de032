/**
 * What is to be installed on a node.
 *
 * @module
 */
import type { ExtraFile, FileItem, Item, LinkItem } from "./item.ts";
import { ROTATION_PATH, rotationText } from "./rotation.ts";
import { UNIT_PATH, unitText } from "./unit.ts";

/** Where things go, and what of them is wanted. */
export interface InstallOptions {
  /** The program that is installed; its path on this machine. */
  readonly source: string;
  /** Where it goes. */
  readonly binary: string;
  readonly stateDir: string;
  readonly workdir: string;
  readonly logFile: string;
  /** Options of `run` for the service. */
  readonly runArgs: readonly string[];
  /** The folder of Gluster's own commands; without one other nodes cannot reach this one. */
  readonly libexec?: string;
  /** Whether another program's rotation takes the log already. */
  readonly isRotated: boolean;
  readonly extraFiles: readonly ExtraFile[];
  /** Whether `gluster-eventsapi` shall lead to this program. */
  readonly replaceEventsapi: boolean;
}

/** Upstream's command, and what it is called while ours has its name. */
export const EVENTSAPI_PATH = "/usr/sbin/gluster-eventsapi";
const EVENTSAPI_KEPT_AS = `${EVENTSAPI_PATH}.upstream`;

/** All of it, in the order in which it is made. */
export function desiredItems(options: InstallOptions): Item[] {
  const { binary, stateDir, workdir, logFile, runArgs, libexec } = options;
  const logFolder = logFile.slice(0, logFile.lastIndexOf("/"));
  const writable = [...new Set([workdir, stateDir, logFolder, "/run/gluster"])];
  const link = (what: string, path: string): LinkItem => ({
    kind: "link",
    what,
    path,
    target: binary,
  });
  const file = (what: string, path: string, text: string): FileItem => ({
    kind: "file",
    what,
    path,
    mode: 0o644,
    content: { text },
  });
  return [
    { kind: "folder", what: "state folder", path: stateDir, mode: 0o700 },
    { kind: "folder", what: "log folder", path: logFolder, mode: 0o755 },
    {
      kind: "file",
      what: "program",
      path: binary,
      mode: 0o755,
      content: { sameAs: options.source },
    },
    ...libexec === undefined ? [] : [link("peer command", `${libexec}/peer_gluster-eventing`)],
    file("systemd unit", UNIT_PATH, unitText({ binary, args: runArgs, writable })),
    ...options.isRotated ? [] : [{
      ...file("log rotation", ROTATION_PATH, rotationText({ logFile, binary })),
      isConfig: true,
    }],
    ...options.extraFiles.map(({ what, path, text }) => file(what, path, text)),
    ...!options.replaceEventsapi ? [] : [{
      ...link("upstream's command", EVENTSAPI_PATH),
      keptAs: EVENTSAPI_KEPT_AS,
    }],
  ];
}
