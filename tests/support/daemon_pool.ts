/**
 * Daemons on the nodes of a simulated pool, all in this process and on loopback.
 *
 * @module
 */
import type { GlusterCommand } from "../../src/cluster/gluster_command.ts";
import { type Network, systemNetwork } from "../../src/dispatcher/http/open_connection.ts";
import type { SimulatedNode } from "./simulated_node.ts";
import { SimulatedPool } from "./simulated_pool.ts";
import { TestDaemon } from "./test_daemon.ts";

/** A pool with a daemon on each node. */
export class DaemonPool implements AsyncDisposable {
  readonly pool: SimulatedPool;
  readonly daemons: TestDaemon[] = [];
  /** The hosts that nobody reaches, because a firewall is in the way. */
  readonly blocked = new Set<string>();

  /** How often the nodes were asked for their links. */
  questions = 0;

  private constructor(pool: SimulatedPool) {
    this.pool = pool;
  }

  static async start(size: number): Promise<DaemonPool> {
    const all = new DaemonPool(await SimulatedPool.make(size));
    for (const node of all.pool.nodes) await all.startOn(node);
    return all;
  }

  /** Starts a daemon on a node of the pool. */
  async startOn(node: SimulatedNode): Promise<TestDaemon> {
    const daemon = new TestDaemon(node.workdir, {
      hostname: () => node.host,
      pool: {
        gluster: this.#countingOn(node),
        isOurs: () => Promise.resolve(true),
        network: this.#network,
      },
    });
    this.daemons.push(daemon);
    await daemon.start();
    return daemon;
  }

  /** @param number From 1. */
  daemon(number: number): TestDaemon {
    const daemon = this.daemons[number - 1];
    if (daemon === undefined) throw new RangeError(`There is no daemon ${number}`);
    return daemon;
  }

  /** `gluster` on a node; what is refused since another command is under way counts for nothing. */
  #countingOn(node: SimulatedNode): GlusterCommand {
    const gluster = this.pool.glusterOn(node);
    return async (args) => {
      const result = await gluster(args);
      if (args.at(-1) === "link" && result?.code === 0) this.questions++;
      return result;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.daemons.map((daemon) => daemon.stop()));
    await this.pool[Symbol.asyncDispose]();
  }

  get #network(): Network {
    return {
      ...systemNetwork,
      // A port of loopback belongs to one daemon only.
      resolve: (host) =>
        this.blocked.has(host)
          ? Promise.reject(new Deno.errors.ConnectionRefused("Connection refused"))
          : Promise.resolve(["127.0.0.1"]),
    };
  }
}
