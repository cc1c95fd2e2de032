/**
 * A Gluster node of its own on this machine: a network namespace with one glusterd in it, whose
 * files are below a temporary folder. Nothing of the machine's own Gluster is touched.
 *
 * @module
 */
import { type ProgramResult, RunningProgram, runProgram } from "../support/program.ts";
import { BINARY } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import { makeNamespace, mustHaveWorked, pidsIn } from "./network_namespace.ts";
import { makeNodeFolder } from "./node_folder.ts";

/** How a node differs from the usual. */
export interface GlusterNodeOptions {
  /** Whether it has IPv6: its `gluster` then reports to `::1`, else to `127.0.0.1`. */
  readonly ipv6?: boolean;
  /** Where its glusterd keeps its state, as seen on the node. */
  readonly workdir?: string;
}

const USUAL_WORKDIR = "/var/lib/glusterd";
/** Its namespace is all its own, so every node can have the same one. */
const ADDRESS = "10.77.0.1";

/** What of the node's folder stands for what of the machine. */
const PRIVATE_PLACES = [
  { own: "lib", place: USUAL_WORKDIR },
  { own: "log", place: "/var/log/glusterfs" },
  { own: "run", place: "/run" },
  { own: "hosts", place: "/etc/hosts" },
];

const ENTER = [
  "set -e",
  'folder=$1; hostname "$2"; shift 2',
  ...PRIVATE_PLACES.map(({ own, place }) => `mount --bind "$folder/${own}" ${place}`),
  'exec "$@"',
].join("\n");

/** A node; everything that was started on it ends when it is disposed of. */
export class GlusterNode implements AsyncDisposable {
  /** Has the same path on the node and on the machine. */
  readonly folder: string;
  readonly address = ADDRESS;
  /** The name of its network namespace, and its host name. */
  readonly name: string;
  readonly #workdir: string;
  readonly #cleanups: AsyncDisposableStack;

  private constructor(
    parts: { name: string; folder: string; workdir: string; cleanups: AsyncDisposableStack },
  ) {
    this.name = parts.name;
    this.folder = parts.folder;
    this.#workdir = parts.workdir;
    this.#cleanups = parts.cleanups;
  }

  /** Makes a fresh node, on which nothing runs yet. */
  static async make(options: GlusterNodeOptions = {}): Promise<GlusterNode> {
    const { ipv6 = true, workdir = USUAL_WORKDIR } = options;
    await using cleanups = new AsyncDisposableStack();
    const name = `ge-${crypto.randomUUID().slice(0, 13)}`;
    const folder = await makeNodeFolder();
    cleanups.use(await makeNamespace(name, folder));
    await makeFiles(folder, name);
    const node = new GlusterNode({ name, folder, workdir, cleanups: cleanups.move() });
    try {
      await node.#connect(ipv6);
      return node;
    } catch (error) {
      await node[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts glusterd and waits until it answers. */
  async startGlusterd(): Promise<void> {
    const option = `management.working-directory=${this.#workdir}`;
    // In the foreground, so that its complaints can be shown.
    const glusterd = this.start(["glusterd", "--no-daemon", "--xlator-option", option]);
    let last: ProgramResult | undefined;
    await until("glusterd answers", async () => {
      last = await this.run(["gluster", "--mode=script", "system::", "getwd"]);
      return last.code === 0;
    }, { withinMs: 60_000, seen: () => ({ last, glusterd: glusterd.stderr }) });
  }

  /** Runs `gluster` on the node. @returns What it printed. */
  async gluster(...args: string[]): Promise<string> {
    const result = await this.run(["gluster", "--mode=script", ...args]);
    return mustHaveWorked(`gluster ${args.join(" ")}`, result);
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
    return await runProgram(this.#entering(command), { binary: "nsenter", env: NO_PLACES });
  }

  /** Starts a command on the node; it ends with the node at the latest. */
  start(command: readonly string[]): RunningProgram {
    const program = new RunningProgram(this.#entering(command), {
      binary: "nsenter",
      env: NO_PLACES,
    });
    return this.#cleanups.use(program);
  }

  /** The ids of the node's processes that run this program. */
  async pidsOf(program: string): Promise<number[]> {
    const pids = await pidsIn(this.name);
    const names = await Promise.all(pids.map((pid) =>
      // It may have ended since.
      Deno.readTextFile(`/proc/${pid}/comm`).catch(() => "")
    ));
    return pids.filter((_, place) => names[place]?.trim() === program);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanups.disposeAsync();
  }

  async #connect(ipv6: boolean): Promise<void> {
    const onNode = async (command: string[]) =>
      mustHaveWorked(command.join(" "), await this.run(command));
    if (!ipv6) await onNode(["sh", "-c", TURN_IPV6_OFF]);
    await onNode(["ip", "link", "set", "lo", "up"]);
    await onNode(["ip", "address", "add", `${ADDRESS}/32`, "dev", "lo"]);
    await onNode(["sh", "-c", ADD_IPV6_ADDRESS]);
  }

  #entering(command: readonly string[]): string[] {
    const enter = ["unshare", "--mount", "--uts", "sh", "-c", ENTER, "sh", this.folder, this.name];
    return [`--net=/run/netns/${this.name}`, ...enter, ...command];
  }
}

// The kernel may have no IPv6 at all.
const TURN_IPV6_OFF = "off=/proc/sys/net/ipv6/conf/all/disable_ipv6; [ ! -e $off ] || echo 1 >$off";

// An address besides ::1 makes the resolver name IPv6 addresses in the first place.
const ADD_IPV6_ADDRESS = `[ "$(cat /proc/sys/net/ipv6/conf/lo/disable_ipv6 2>/dev/null)" != 0 ] ||
    ip address add fd77::1/128 dev lo`;

/** A variable that is set where the tests run says nothing of the node. */
const NO_PLACES = {
  GLUSTER_EVENTING_WORKDIR: "",
  GLUSTER_EVENTING_STATE_DIR: "",
  GLUSTER_EVENTING_SOCKET: "",
};

async function makeFiles(folder: string, name: string): Promise<void> {
  for (const own of ["lib", "log", "run/gluster", "bricks"]) {
    await Deno.mkdir(`${folder}/${own}`, { recursive: true });
  }
  await Deno.writeTextFile(`${folder}/hosts`, `127.0.0.1 localhost\n${ADDRESS} ${name}\n`);
}
