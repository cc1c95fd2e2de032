/**
 * A node of a simulated pool: a folder with what glusterd keeps there, and what is wrong with it.
 *
 * @module
 */
import { answerNode } from "../../src/cli/node_command.ts";
import { Output } from "../../src/cli/output.ts";
import type { GlusterCommand } from "../../src/cluster/gluster_command.ts";
import type { Environment } from "../../src/cli/places.ts";
import { RegistryFile, registryPath } from "../../src/registry/registry_file.ts";
import { ignoreMissing } from "../../src/std/files.ts";

/** Where a node is and by what time it goes. */
export interface SimulatedNodeOptions {
  readonly host: string;
  readonly uuid: string;
  readonly workdir: string;
  readonly now: () => number;
}

/** What a node's own glusterd and program do wrong. */
interface NodeFaults {
  /** glusterd does not run. */
  isDown: boolean;
  /** Whom it can reach: nodes with the same side. */
  side: number;
  hasProgram: boolean;
  /** So many of its glusterd's next commands are refused, since it is at another one. */
  busyTimes: number;
  /** Its glusterd dies so many times while a command runs on it. */
  diesTimes: number;
  /** So many of the commands given here end only when they are ended, and are done all the same. */
  slowTimes: number;
  /** Copies to it end after so many bytes. */
  copyBytes: number;
  /** Changes what it answers. */
  garble: (lines: string) => string;
}

/** The faults of a node that has none. */
function noFaults(): NodeFaults {
  return {
    isDown: false,
    side: 0,
    hasProgram: true,
    busyTimes: 0,
    diesTimes: 0,
    slowTimes: 0,
    copyBytes: Infinity,
    garble: (lines) => lines,
  };
}

/** One node. */
export class SimulatedNode {
  readonly host: string;
  readonly uuid: string;
  readonly workdir: string;
  readonly file: RegistryFile;
  readonly faults: NodeFaults = noFaults();
  readonly #now: () => number;

  private constructor({ host, uuid, workdir, now }: SimulatedNodeOptions) {
    this.host = host;
    this.uuid = uuid;
    this.workdir = workdir;
    this.file = new RegistryFile({ path: registryPath(workdir) });
    this.#now = now;
  }

  /** Makes its folder. */
  static async make(options: SimulatedNodeOptions): Promise<SimulatedNode> {
    await Deno.mkdir(options.workdir, { recursive: true });
    await Deno.writeTextFile(`${options.workdir}/glusterd.info`, `UUID=${options.uuid}\n`);
    return new SimulatedNode(options);
  }

  /** The variables that put everything of the node into its folder. */
  readonly environment: Environment = (name) =>
    ({
      GLUSTER_EVENTING_STATE_DIR: `${this.workdir}/state`,
      GLUSTER_EVENTING_SOCKET: `${this.workdir}/sock`,
    })[name];

  /** Writes what its glusterd keeps of the other nodes. */
  async writePeers(peers: readonly SimulatedNode[]): Promise<void> {
    const folder = `${this.workdir}/peers`;
    await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
    await Deno.mkdir(folder);
    for (const { uuid, host } of peers) {
      await Deno.writeTextFile(`${folder}/${uuid}`, `uuid=${uuid}\nstate=3\nhostname1=${host}\n`);
    }
  }

  /** Ends what is wrong with it. */
  mend(): void {
    Object.assign(this.faults, noFaults());
  }

  /** Runs the node's side of a command. @returns What it printed. */
  async answer(words: readonly string[], gluster: GlusterCommand): Promise<string> {
    let printed = "";
    const streams = { stdout: (text: string) => printed += text, stderr: () => {} };
    await answerNode(words, {
      output: new Output(streams, { json: false }),
      environment: this.environment,
      gluster,
      version: "0.0.0-test",
      now: this.#now,
    });
    return this.faults.garble(printed);
  }

  /** What its registry says; empty if there is none. */
  async text(): Promise<string> {
    return await Deno.readTextFile(this.file.path).catch(ignoreMissing) ?? "";
  }

  /** Writes the registry as somebody with an editor would. */
  async writeByHand(text: string): Promise<void> {
    await Deno.mkdir(`${this.workdir}/events`, { recursive: true });
    await Deno.writeTextFile(this.file.path, text);
  }

  /** The texts of the registries that were kept aside here. */
  async keptAside(): Promise<string[]> {
    const names = await this.fileNames();
    const kept = names.filter((name) => name.includes(".replaced-"));
    return await Promise.all(
      kept.map((name) => Deno.readTextFile(`${this.workdir}/events/${name}`)),
    );
  }

  /** What lies beside the registry. */
  async fileNames(): Promise<string[]> {
    try {
      const entries = await Array.fromAsync(Deno.readDir(`${this.workdir}/events`));
      return entries.map(({ name }) => name).toSorted();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }
}
