/**
 * A machine inside this machine: it has a network, a host name, processes and files of its own.
 * The files of the machine are there to read, and what is written to them stays with the node.
 *
 * @module
 */
import { type ProgramResult, RunningProgram, runProgram } from "../support/program.ts";
import { type Holder, holdNamespaces, mustHaveWorked } from "./holder.ts";
import { makeNodeFolder } from "./node_folder.ts";

/** A process of a node. */
export interface NodeProcess {
  /** Its id on the machine that runs the tests. */
  readonly pid: number;
  /** The short name that the kernel knows it by. */
  readonly name: string;
}

/** Where a node starts with the machine's files and goes on with its own. */
const LAYERED_PLACES = ["usr", "etc", "var"];

/** What of the node's folder stands for what of the machine, whose state a node may not see. */
const PRIVATE_PLACES = [
  { own: "lib", place: "/var/lib/glusterd" },
  { own: "log", place: "/var/log/glusterfs" },
  // Neither systemd nor anybody else can be reached through it.
  { own: "run", place: "/run" },
  { own: "hosts", place: "/etc/hosts" },
];

const NAMESPACES = ["--mount", "--uts", "--net", "--pid"];

// The folder may lie below a place that gets a layer.
const PREPARE = [
  'folder=$1; hostname "$2"',
  'mount --bind "$folder" /mnt',
  ...LAYERED_PLACES.map((place) =>
    `mount -t overlay -o "lowerdir=/${place},upperdir=$folder/layers/${place}/upper,` +
    `workdir=$folder/layers/${place}/work" overlay /${place}`
  ),
  'mkdir -p "$folder"; mount --bind /mnt "$folder"; umount /mnt',
  "mkdir -p /var/lib/glusterd /var/log/glusterfs",
  ...PRIVATE_PLACES.map(({ own, place }) => `mount --bind "$folder/${own}" ${place}`),
  "mount -t proc proc /proc",
  "ip link set lo up",
].join("\n");

/** A variable that is set where the tests run says nothing of the node. */
const NO_PLACES = {
  GLUSTER_EVENTING_WORKDIR: "",
  GLUSTER_EVENTING_STATE_DIR: "",
  GLUSTER_EVENTING_SOCKET: "",
};

/** A machine; all of it is gone when it is disposed of. */
export class NodeMachine implements AsyncDisposable {
  /** Its host name. */
  readonly name: string;
  /** Has the same path on the node and on the machine. */
  readonly folder: string;
  readonly #holder: Holder;
  readonly #cleanups: AsyncDisposableStack;
  readonly #programs: RunningProgram[] = [];

  private constructor(
    parts: { name: string; folder: string; holder: Holder; cleanups: AsyncDisposableStack },
  ) {
    this.name = parts.name;
    this.folder = parts.folder;
    this.#holder = parts.holder;
    this.#cleanups = parts.cleanups;
  }

  /** Makes a machine with this host name, on which nothing runs. */
  static async make(name: string): Promise<NodeMachine> {
    await using cleanups = new AsyncDisposableStack();
    const folder = await makeNodeFolder();
    await makeFiles(folder);
    const args = [folder, name];
    const holder = await holdNamespaces({ namespaces: NAMESPACES, prepare: PREPARE, args, folder });
    cleanups.use(holder);
    return new NodeMachine({ name, folder, holder, cleanups: cleanups.move() });
  }

  /** The id of its first process on the machine that runs the tests. */
  get pid(): number {
    return this.#holder.pid;
  }

  /** Runs a command on the node, to its end. */
  async run(command: readonly string[]): Promise<ProgramResult> {
    return await runProgram(this.#entering(command), { binary: "nsenter", env: NO_PLACES });
  }

  /** Runs a command on the node that has to work. @returns What it printed. */
  async must(...command: string[]): Promise<string> {
    return mustHaveWorked(`${this.name}: ${command.join(" ")}`, await this.run(command));
  }

  /** Starts a command on the node; it ends with the node at the latest. */
  start(command: readonly string[]): RunningProgram {
    const options = { binary: "nsenter", env: NO_PLACES, forks: true };
    const program = new RunningProgram(this.#entering(command), options);
    // Ends after the node, with which it ends anyway.
    this.#programs.push(program);
    return program;
  }

  /** All that runs on it, with its first process and what that waits with. */
  async processes(): Promise<NodeProcess[]> {
    const namespace = await Deno.readLink(`/proc/${this.pid}/ns/pid`);
    const found: NodeProcess[] = [];
    for await (const { name } of Deno.readDir("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      // It may have ended since, and a dead one has no namespace.
      const its = await Deno.readLink(`/proc/${name}/ns/pid`).catch(() => undefined);
      const comm = await Deno.readTextFile(`/proc/${name}/comm`).catch(() => undefined);
      if (its === namespace && comm !== undefined) {
        found.push({ pid: Number(name), name: comm.trim() });
      }
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanups.disposeAsync();
    for (const program of this.#programs) await program[Symbol.asyncDispose]();
  }

  #entering(command: readonly string[]): string[] {
    return ["--target", String(this.pid), ...NAMESPACES, "--", ...command];
  }
}

async function makeFiles(folder: string): Promise<void> {
  const layers = LAYERED_PLACES.flatMap((place) => [`${place}/upper`, `${place}/work`]);
  const folders = [
    ...["lib", "log", "run/gluster", "bricks"],
    ...layers.map((path) => `layers/${path}`),
  ];
  for (const own of folders) await Deno.mkdir(`${folder}/${own}`, { recursive: true });
  await Deno.writeTextFile(`${folder}/hosts`, "127.0.0.1 localhost\n");
}
