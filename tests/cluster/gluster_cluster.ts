/**
 * A trusted pool of real Gluster nodes, in a network that nobody else sees.
 *
 * @module
 */
import { until } from "../support/until.ts";
import { Bridge } from "./bridge.ts";
import { GlusterNode, type GlusterNodeOptions } from "./gluster_node.ts";

/** How the nodes of a cluster differ from the usual. */
export type GlusterClusterOptions = Pick<GlusterNodeOptions, "ipv6" | "workdir">;

/** Gluster's own work can take a while on a busy machine. */
const PATIENCE_MS = 60_000;
/** In a peer's XML: a member of the pool for good. */
const MEMBER = "<state>3</state>";
const CONNECTED = "<connected>1</connected>";
/** Belongs to no network card. */
const NOBODY = "02:00:00:00:00:ff";

/** A cluster; all of it is gone when it is disposed of, or when the test process ends. */
export class GlusterCluster implements AsyncDisposable {
  readonly #bridge: Bridge;
  readonly #options: GlusterClusterOptions;
  readonly #nodes: GlusterNode[] = [];

  private constructor(bridge: Bridge, options: GlusterClusterOptions) {
    this.#bridge = bridge;
    this.#options = options;
  }

  /** Makes a pool of nodes gl1, gl2 and so on, all connected with each other. */
  static async make(size: number, options: GlusterClusterOptions = {}): Promise<GlusterCluster> {
    const cluster = new GlusterCluster(await Bridge.make(), options);
    try {
      await cluster.#addNodes(size);
      await cluster.probe(...cluster.nodes.slice(1));
      return cluster;
    } catch (error) {
      const logs = await cluster.logs();
      await cluster[Symbol.asyncDispose]();
      throw new Error(`No cluster of ${size} nodes; ${logs}`, { cause: error });
    }
  }

  /** Its nodes, gl1 first, whether they are members of the pool yet or not. */
  get nodes(): readonly GlusterNode[] {
    return this.#nodes;
  }

  /** @param number 1 for gl1. */
  node(number: number): GlusterNode {
    const node = this.#nodes[number - 1];
    if (node === undefined) throw new Error(`There is no gl${number}`);
    return node;
  }

  /** Adds a node on which glusterd runs; it is no member of the pool until it is probed. */
  async addNode(): Promise<GlusterNode> {
    await this.#addNodes(1);
    return this.node(this.#nodes.length);
  }

  /** Makes nodes members of the pool of gl1, and waits until everybody is connected. */
  async probe(...nodes: readonly GlusterNode[]): Promise<void> {
    const first = this.node(1);
    for (const { name } of nodes) await first.gluster("peer", "probe", name);
    await this.isConnected(await countPeers(first) + 1);
  }

  /** Waits until the first nodes, all if not given, are members and connected with each other. */
  async isConnected(size: number = this.#nodes.length): Promise<void> {
    // One after the other: asking costs glusterd, and the machine, more than waiting.
    for (const node of this.#nodes.slice(0, size)) await connectedWith(node, size - 1);
  }

  /** Loses without a word what two nodes send to each other. */
  async cut(one: GlusterNode, other: GlusterNode): Promise<void> {
    for (const [from, to] of [[one, other], [other, one]] as const) {
      for (const address of await addressesOf(to)) {
        await from.must("ip", "neigh", "replace", address, "lladdr", NOBODY, ...PERMANENT);
      }
    }
  }

  /** Lets them hear each other again. */
  async heal(one: GlusterNode, other: GlusterNode): Promise<void> {
    for (const [from, to] of [[one, other], [other, one]] as const) {
      for (const address of await addressesOf(to)) {
        await from.must("ip", "neigh", "delete", address, ...PERMANENT.slice(-2));
      }
    }
  }

  /** Takes a node off the network; it sees that there is no carrier. */
  async unplug(node: GlusterNode): Promise<void> {
    await this.#bridge.unplug(node);
  }

  /** Puts it back. */
  async plugIn(node: GlusterNode): Promise<void> {
    await this.#bridge.plugIn(node);
  }

  /** The last log lines of all nodes. */
  async logs(): Promise<string> {
    return (await Promise.all(this.#nodes.map((node) => node.logs()))).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using cleanups = new AsyncDisposableStack();
    cleanups.use(this.#bridge);
    await Promise.all(this.#nodes.map((node) => node[Symbol.asyncDispose]()));
  }

  async #addNodes(count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, place) => this.#nodes.length + place + 1);
    const made = await Promise.allSettled(
      numbers.map((number) => GlusterNode.make({ ...this.#options, number, bridge: this.#bridge })),
    );
    for (const node of made) if (node.status === "fulfilled") this.#nodes.push(node.value);
    for (const node of made) if (node.status === "rejected") throw node.reason;
    await Promise.all(this.#nodes.map((node) => node.nameNodes(this.#nodes)));
    const fresh = this.#nodes.slice(-count);
    await Promise.all(fresh.map((node) => node.startGlusterd()));
  }
}

const PERMANENT = ["nud", "permanent", "dev", "eth0"] as const;

/** Runs a test's body on a fresh cluster; if it fails, the error has the logs of the nodes. */
export async function onCluster(
  size: number,
  body: (cluster: GlusterCluster) => Promise<void>,
  options: GlusterClusterOptions = {},
): Promise<void> {
  await using cluster = await GlusterCluster.make(size, options);
  try {
    await body(cluster);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${message}\n${await cluster.logs()}`, { cause: error });
  }
}

async function countPeers(node: GlusterNode): Promise<number> {
  return (await peersOf(node)).length;
}

/** The XML of each peer that a node knows. */
async function peersOf(node: GlusterNode): Promise<string[]> {
  return (await node.gluster("--xml", "peer", "status")).split("<peer>").slice(1);
}

async function connectedWith(node: GlusterNode, count: number): Promise<void> {
  let peers: string[] = [];
  await until(`${node.name} is connected with ${count} others`, async () => {
    peers = await peersOf(node);
    const ready = peers.filter((peer) => peer.includes(MEMBER) && peer.includes(CONNECTED));
    return ready.length === count;
  }, { withinMs: PATIENCE_MS, seen: () => peers });
}

/** The addresses at which a node can be reached. */
async function addressesOf(node: GlusterNode): Promise<string[]> {
  const on = await node.must("ip", "-oneline", "address", "show", "dev", "eth0");
  return [node.address, node.address6].filter((address) => on.includes(` ${address}/`));
}
