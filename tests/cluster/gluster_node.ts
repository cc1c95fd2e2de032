/**
 * A Gluster node of its own on this machine, alone or on a bridge with others. Nothing of the
 * machine's own Gluster is touched.
 *
 * @module
 */
import type { ProgramResult, RunningProgram } from "../support/program.ts";
import { BINARY } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import type { Bridge } from "./bridge.ts";
import { libexecFolder } from "./libexec_folder.ts";
import { NodeMachine, type NodeProcess } from "./node_machine.ts";
import { connectNode } from "./node_network.ts";

/** How a node differs from the usual. */
export interface GlusterNodeOptions {
  /** Whether it has IPv6: its `gluster` then reports to `::1`, else to `127.0.0.1`. */
  readonly ipv6?: boolean;
  /** Where its glusterd keeps its state, as seen on the node. */
  readonly workdir?: string;
  /** What connects it with other nodes; it is alone if not given. */
  readonly bridge?: Bridge;
  /** Its place among the nodes on the bridge, 1 to 254. */
  readonly number?: number;
}

const USUAL_WORKDIR = "/var/lib/glusterd";
/** What systemd gives a service, and glusterd hands on to the commands of peers; no HOME. */
const SERVICE_ENVIRONMENT = [
  "LANG=C.UTF-8",
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
];

/**
 * A node, without geo-replication; everything that was started on it ends when it is
 * disposed of.
 */
export class GlusterNode implements AsyncDisposable {
  /** Its addresses, whether it has IPv6 or not; nodes on different bridges can have the same. */
  readonly address: string;
  readonly address6: string;
  readonly workdir: string;
  readonly #machine: NodeMachine;
  readonly #started: { readonly command: string; readonly program: RunningProgram }[] = [];

  private constructor(machine: NodeMachine, { number, workdir }: Required<NodePlace>) {
    this.#machine = machine;
    this.workdir = workdir;
    this.address = `10.77.0.${number}`;
    this.address6 = `fd77::${number}`;
  }

  /** Makes a fresh node, on which nothing runs yet. */
  static async make(options: GlusterNodeOptions = {}): Promise<GlusterNode> {
    const { ipv6 = true, workdir = USUAL_WORKDIR, number = 1, bridge } = options;
    const machine = await NodeMachine.make(`gl${number}`);
    const node = new GlusterNode(machine, { number, workdir });
    try {
      await connectNode(node, { ipv6, bridge });
      await node.nameNodes([node]);
      // With it glusterd runs a dozen Python programs when it starts, which takes seconds.
      await node.must("rm", "-f", `${libexecFolder()}/gsyncd`);
      return node;
    } catch (error) {
      await node[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Its host name: gl1, gl2 and so on. */
  get name(): string {
    return this.#machine.name;
  }

  /** Has the same path on the node and on the machine. */
  get folder(): string {
    return this.#machine.folder;
  }

  /** The id of the process that holds its namespaces, on the machine that runs the tests. */
  get pid(): number {
    return this.#machine.pid;
  }

  /** Starts glusterd and waits until it answers. */
  async startGlusterd(): Promise<void> {
    const option = `management.working-directory=${this.workdir}`;
    // In the foreground, so that its complaints can be shown.
    const command = ["glusterd", "--no-daemon", "--xlator-option", option];
    const glusterd = this.start(["env", "-i", ...SERVICE_ENVIRONMENT, ...command]);
    let last: ProgramResult | undefined;
    await until("glusterd answers", async () => {
      // Asking in vain costs more than glusterd's start.
      if (!await listens(`${this.folder}/run/glusterd.socket`)) return false;
      last = await this.run(["gluster", "--mode=script", "system::", "getwd"]);
      return last.code === 0;
    }, { withinMs: 60_000, seen: () => ({ last, glusterd: glusterd.stderr }) });
  }

  /** Ends glusterd and nothing else, at once unless another signal is given; waits for its end. */
  async killGlusterd(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    for (const pid of await this.pidsOf("glusterd")) Deno.kill(pid, signal);
    let left: number[] = [];
    await until("glusterd is gone", async () => {
      left = await this.pidsOf("glusterd");
      return left.length === 0;
    }, { seen: () => left });
  }

  /** Runs `gluster` on the node. @returns What it printed. */
  async gluster(...args: string[]): Promise<string> {
    return await this.must("gluster", "--mode=script", ...args);
  }

  /** Puts the compiled program and glusterd's link to it where they belong; there is no service. */
  async installByHand(): Promise<void> {
    const program = "/usr/sbin/gluster-eventing";
    await this.must("cp", BINARY, program);
    await this.must("ln", "-sfn", program, `${libexecFolder()}/peer_gluster-eventing`);
  }

  /** Installs another command for `gluster system:: execute NAME`. */
  async installPeerCommand(name: string, script: string): Promise<void> {
    const path = `${libexecFolder()}/peer_${name}`;
    await this.must("sh", "-c", 'printf %s "$2" >"$1"; chmod 755 "$1"', "sh", path, script);
  }

  /** Runs the compiled program on the node, to its end. */
  async eventing(...args: string[]): Promise<ProgramResult> {
    return await this.run([BINARY, ...args]);
  }

  /** Starts the compiled program on the node. */
  startEventing(...args: string[]): RunningProgram {
    return this.start([BINARY, ...args]);
  }

  /** Runs a command on the node, to its end. */
  async run(command: readonly string[]): Promise<ProgramResult> {
    return await this.#machine.run(command);
  }

  /** Runs a command on the node that has to work. @returns What it printed. */
  async must(...command: string[]): Promise<string> {
    return await this.#machine.must(...command);
  }

  /** Starts a command on the node; it ends with the node at the latest. */
  start(command: readonly string[]): RunningProgram {
    const program = this.#machine.start(command);
    this.#started.push({ command: command.join(" "), program });
    return program;
  }

  /** What runs on the node. */
  async processes(): Promise<NodeProcess[]> {
    return await this.#machine.processes();
  }

  /** The ids of the node's processes that run this program, on the machine that runs the tests. */
  async pidsOf(program: string): Promise<number[]> {
    const all = await this.processes();
    return all.flatMap(({ pid, name }) => name === program ? [pid] : []);
  }

  /** Tells the node the names of the nodes on its bridge. */
  async nameNodes(nodes: readonly GlusterNode[]): Promise<void> {
    const lines = nodes.map(({ address, name }) => `${address} ${name}`);
    const text = ["127.0.0.1 localhost", ...lines, ""].join("\n");
    await Deno.writeTextFile(`${this.folder}/hosts`, text);
  }

  /** Its last log lines, and what was started on it said, for the error of a test. */
  async logs(): Promise<string> {
    const files = await this.run(["sh", "-c", "tail -n 25 /var/log/glusterfs/*.log"]);
    const said = this.#started.map(({ command, program: { stdout, stderr } }) =>
      `$ ${command}\n${stdout.slice(-4_000)}${stderr.slice(-4_000)}`
    );
    return [`===== ${this.name}`, files.stdout, ...said].join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#machine[Symbol.asyncDispose]();
  }
}

async function listens(path: string): Promise<boolean> {
  const address = { transport: "unix", path } as const;
  return await Deno.connect(address).then((connection) => (connection.close(), true), () => false);
}

type NodePlace = Pick<GlusterNodeOptions, "number" | "workdir">;
