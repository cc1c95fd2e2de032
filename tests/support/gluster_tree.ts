/**
 * A tree that looks like a node with Gluster on it, in a temporary folder.
 *
 * @module
 */
import type { InstallOptions } from "../../src/install/desired_items.ts";
import { install, type InstallDeps, type InstallMode } from "../../src/install/install.ts";
import type { StepReport } from "../../src/install/item.ts";
import { Tree } from "../../src/install/tree.ts";
import {
  uninstall,
  type UninstallDeps,
  type UninstallOptions,
} from "../../src/install/uninstall.ts";
import { makeTempFolder } from "./temp_folder.ts";

/** Where Gluster's commands are in the tree. */
export const LIBEXEC = "/usr/libexec/glusterfs";
const MODE: InstallMode = { dryRun: false, yes: false };

/** A node's files, and what installing does to them. */
export class GlusterTree implements AsyncDisposable {
  readonly root: string;
  readonly tree: Tree;
  /** The program that is installed. */
  readonly source: string;
  readonly #folder: AsyncDisposable;

  private constructor(folder: AsyncDisposable & { readonly path: string }) {
    this.#folder = folder;
    this.root = `${folder.path}/root`;
    this.source = `${folder.path}/program`;
    this.tree = new Tree(this.root);
  }

  static async make(): Promise<GlusterTree> {
    const tree = new GlusterTree(await makeTempFolder());
    await tree.write(`${LIBEXEC}/gsyncd`, "gluster's own\n");
    await tree.write("/usr/sbin/glusterd", "");
    await tree.write("/var/lib/other", "");
    await tree.write("/usr/sbin/gluster-eventsapi", "upstream's\n");
    await Deno.writeTextFile(tree.source, "program 1\n");
    return tree;
  }

  /** Writes a file of the tree, and its folders. */
  async write(path: string, text: string): Promise<void> {
    const whole = this.tree.at(path);
    await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(whole, text);
  }

  async install(
    more: Partial<InstallOptions> = {},
    mode: Partial<InstallMode> = {},
    deps: Partial<InstallDeps> = {},
  ): Promise<StepReport[]> {
    const steps: StepReport[] = [];
    await install(
      {
        source: this.source,
        binary: "/usr/sbin/gluster-eventing",
        stateDir: "/var/lib/gluster-eventing",
        workdir: "/var/lib/glusterd",
        logFile: "/var/log/glusterfs/gluster-eventing.log",
        runArgs: [],
        libexec: LIBEXEC,
        isRotated: false,
        extraFiles: [{ what: "man page", path: "/usr/share/man/man8/x.8", text: "page\n" }],
        replaceEventsapi: false,
        ...more,
      },
      { ...MODE, ...mode },
      {
        tree: this.tree,
        version: "1.0.0",
        ask: () => Promise.resolve(undefined),
        onStep: (step) => steps.push(step),
        ...deps,
      },
    );
    return steps;
  }

  async uninstall(
    more: Partial<UninstallOptions> = {},
    deps: Partial<UninstallDeps> = {},
  ): Promise<StepReport[]> {
    const steps: StepReport[] = [];
    await uninstall(
      {
        stateDir: "/var/lib/gluster-eventing",
        workdir: "/var/lib/glusterd",
        logFile: "/var/log/glusterfs/gluster-eventing.log",
        purge: false,
        dryRun: false,
        yes: false,
        ...more,
      },
      {
        tree: this.tree,
        ask: () => Promise.resolve(undefined),
        onStep: (step) => steps.push(step),
        ...deps,
      },
    );
    return steps;
  }

  /** Everything in the tree: paths with modes, and what files and links hold. */
  async snapshot(folder = ""): Promise<string[]> {
    const lines: string[] = [];
    for (const name of await this.tree.list(folder || "/")) {
      const path = `${folder}/${name}`;
      const whole = this.tree.at(path);
      const { isSymlink, isDirectory, mode } = await Deno.lstat(whole);
      const holds = isSymlink
        ? await Deno.readLink(whole)
        : isDirectory
        ? ""
        : await Deno.readTextFile(whole);
      lines.push(`${path} ${isSymlink ? "" : (mode ?? 0).toString(8)} ${holds}`);
      if (isDirectory) lines.push(...await this.snapshot(path));
    }
    return lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** The results of steps that are files, by path. */
export function resultsOf(steps: readonly StepReport[]): Record<string, string> {
  return Object.fromEntries(steps.map(({ what, path, result }) => [path ?? what, result]));
}
