/**
 * A pool in one process: a folder for each node, and a `gluster` command that does between them what
 * glusterd 10.3 does, with its texts and its faults.
 *
 * @module
 */
import type { GlusterCommand, GlusterResult } from "../../src/cluster/gluster_command.ts";
import { openPoolRegistry, type PoolRegistry } from "../../src/cluster/pool_registry.ts";
import { runCli } from "../../src/cli/run_cli.ts";
import { HurriedClock } from "./hurried_clock.ts";
import type { ProgramResult } from "./program.ts";
import { SimulatedNode } from "./simulated_node.ts";
import { makeTempFolder } from "./temp_folder.ts";

/** When a command is killed: before it runs so many `gluster`, or right after that one was done. */
export interface Kill {
  readonly atCall: number;
  readonly isDone: boolean;
  /** Called when it is dead. */
  readonly onKilled: () => void;
}

const BUSY = "Another transaction is in progress for N/A. Please try again after some time.";
const NOT_RUNNING = "Connection failed. Please check if gluster daemon is operational.";

/** A pool of nodes. */
export class SimulatedPool implements AsyncDisposable {
  readonly clock = new HurriedClock();
  /** Each time `gluster` was run: the host, then the words. */
  readonly calls: (readonly string[])[] = [];
  readonly #nodes: SimulatedNode[];
  readonly #root: AsyncDisposable & { readonly path: string };
  /** The nodes that a transaction has locked. */
  readonly #locked = new Set<SimulatedNode>();
  readonly #removed = new Set<SimulatedNode>();
  #tokens = 0;

  private constructor(root: AsyncDisposable & { readonly path: string }) {
    this.#root = root;
    this.#nodes = [];
  }

  /** Makes a pool of so many nodes without a registry. */
  static async make(size: number): Promise<SimulatedPool> {
    const pool = new SimulatedPool(await makeTempFolder());
    for (let number = 1; number <= size; number++) await pool.addNode();
    return pool;
  }

  /** The nodes that are in the pool. */
  get nodes(): readonly SimulatedNode[] {
    return this.#nodes.filter((node) => !this.#removed.has(node));
  }

  /** One of them, from 1. */
  node(number: number): SimulatedNode {
    const node = this.#nodes[number - 1];
    if (node === undefined) throw new RangeError(`There is no node ${number}`);
    return node;
  }

  /** `gluster peer probe` of a new node. */
  async addNode(): Promise<SimulatedNode> {
    const number = this.#nodes.length + 1;
    const node = await SimulatedNode.make({
      host: `gl${number}`,
      uuid: `00000000-0000-4000-8000-00000000000${number}`,
      workdir: `${this.#root.path}/n${number}`,
      now: this.clock.now,
    });
    this.#nodes.push(node);
    await this.#writePeers();
    return node;
  }

  /** `gluster peer detach`: from then on it is alone. */
  async detach(node: SimulatedNode): Promise<void> {
    this.#removed.add(node);
    await this.#writePeers();
  }

  /** `gluster peer probe` of one that was detached. */
  async attach(node: SimulatedNode): Promise<void> {
    this.#removed.delete(node);
    await this.#writePeers();
  }

  /** Runs all nodes again, and lets them reach each other. */
  heal(): void {
    for (const node of this.#nodes) node.mend();
  }

  /** The registry of the pool as a command on the node opens it. */
  async open(node: SimulatedNode, kill?: Kill): Promise<PoolRegistry> {
    return await openPoolRegistry({
      gluster: this.glusterOn(node, kill),
      workdir: node.workdir,
      file: node.file,
      clock: this.clock,
      random: () => 0.5,
      newToken: () => `token-${++this.#tokens}`,
      notify: () => {},
    });
  }

  /** Runs a command line on the node, in this process. */
  async run(node: SimulatedNode, ...args: string[]): Promise<ProgramResult> {
    let stdout = "";
    let stderr = "";
    const code = await runCli(args, {
      streams: { stdout: (text) => stdout += text, stderr: (text) => stderr += text },
      environment: node.environment,
      gluster: this.glusterOn(node),
      signals: { on: () => ({ [Symbol.dispose]() {} }) },
    });
    return { code, stdout, stderr };
  }

  /** The `gluster` command on the node. */
  glusterOn(node: SimulatedNode, kill?: Kill): GlusterCommand {
    let calls = 0;
    return async (args) => {
      const isLast = ++calls === kill?.atCall;
      if (isLast && !kill.isDone) return await die(kill);
      this.calls.push([node.host, ...args]);
      const result = await this.#run(node, args);
      return isLast ? await die(kill) : result;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#root[Symbol.asyncDispose]();
  }

  async #run(node: SimulatedNode, args: readonly string[]): Promise<GlusterResult> {
    if (node.faults.isDown) return failed(NOT_RUNNING);
    const [group, verb, ...rest] = args;
    if (group === "pool") return done(this.#listPool(node));
    if (verb === "getwd") return done(`${node.workdir}\n`);
    if (node.faults.slowTimes > 0) {
      node.faults.slowTimes--;
      await this.#transact(node, verb, rest);
      return { code: 143, stdout: "", stderr: "", timedOut: true };
    }
    return await this.#transact(node, verb, rest);
  }

  async #transact(
    node: SimulatedNode,
    verb: string | undefined,
    words: readonly string[],
  ): Promise<GlusterResult> {
    const involved = [node, ...this.nodes.filter((other) => this.#isReached(node, other))];
    const busy = involved.find((one) => one.faults.busyTimes > 0);
    if (busy !== undefined) {
      busy.faults.busyTimes--;
      return failed(
        busy === node ? BUSY : `Locking failed on ${busy.host}. Please check log file.`,
      );
    }
    if (involved.some((one) => this.#locked.has(one))) return failed(BUSY);
    involved.forEach((one) => this.#locked.add(one));
    try {
      return verb === "copy"
        ? await copy(node, involved, words.at(-1) ?? "")
        : await this.#execute(node, involved, words.slice(1));
    } finally {
      involved.forEach((one) => this.#locked.delete(one));
    }
  }

  async #execute(
    node: SimulatedNode,
    involved: readonly SimulatedNode[],
    [word = "", asker = "", , ...words]: readonly string[],
  ): Promise<GlusterResult> {
    const lacking = involved.filter(({ faults }) => !faults.hasProgram).map(({ host }) =>
      (host === node.host ? "" : `Staging failed on ${host}. Error: `) +
      "gsync peer_gluster-eventing command not found."
    );
    if (lacking.length > 0 || word !== "node") return failed(lacking.join("\n"));
    const printed: string[] = [];
    const dying: string[] = [];
    for (const one of involved) {
      // Every node has the asker's folder at the same path, on a disk of its own.
      printed.push(await one.answer([asker, one.workdir, ...words], this.glusterOn(one)));
      if (one === node || one.faults.diesTimes === 0) continue;
      one.faults.diesTimes--;
      dying.push(`Commit failed on ${one.host}. Please check log file for details.`);
    }
    return dying.length > 0 ? failed(dying.join("\n")) : done(printed.join(""));
  }

  #isReached(from: SimulatedNode, to: SimulatedNode): boolean {
    return from !== to && !to.faults.isDown && from.faults.side === to.faults.side &&
      !this.#removed.has(from);
  }

  #peersOf(node: SimulatedNode): readonly SimulatedNode[] {
    return this.#removed.has(node) ? [] : this.nodes.filter((other) => other !== node);
  }

  async #writePeers(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.writePeers(this.#peersOf(node))));
  }

  #listPool(node: SimulatedNode): string {
    const peers = this.#peersOf(node).map((other) =>
      toXml(other.uuid, other.host, this.#isReached(node, other))
    );
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cliOutput><opRet>0</opRet>` +
      `<peerStatus>${peers.join("")}${
        toXml(node.uuid, "localhost", true)
      }</peerStatus></cliOutput>\n`;
  }
}

function toXml(uuid: string, host: string, isConnected: boolean): string {
  return `<peer>\n<uuid>${uuid}</uuid>\n<hostname>${host}</hostname>\n` +
    `<connected>${isConnected ? 1 : 0}</connected>\n<state>3</state></peer>\n`;
}

async function copy(
  from: SimulatedNode,
  involved: readonly SimulatedNode[],
  path: string,
): Promise<GlusterResult> {
  const bytes = await Deno.readFile(from.workdir + path);
  const faults: string[] = [];
  for (const to of involved) {
    if (to === from) continue;
    try {
      await Deno.writeFile(to.workdir + path, bytes.subarray(0, to.faults.copyBytes));
      if (to.faults.copyBytes < bytes.length) {
        faults.push(`Commit failed on ${to.host}. Error: Failed to write to ${path}`);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      faults.push(`Commit failed on ${to.host}. Error: Unable to open ${path}`);
    }
  }
  return faults.length > 0 ? failed(faults.join("\n")) : done("");
}

function done(stdout: string): GlusterResult {
  return { code: 0, stdout, stderr: "" };
}

function failed(stderr: string): GlusterResult {
  return { code: 1, stdout: "", stderr: `${stderr}\n` };
}

/** What is killed does nothing any more, not even clear up. */
function die({ onKilled }: Kill): Promise<never> {
  onKilled();
  return new Promise(() => {});
}
