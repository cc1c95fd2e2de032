/**
 * A network that nobody else sees: a bridge in a namespace of its own, to which nodes are
 * connected, each with one cable.
 *
 * @module
 */
import { runProgram } from "../support/program.ts";
import { type Holder, holdNamespaces, mustHaveWorked } from "./holder.ts";

/** What is connected to a bridge. */
export interface Connected {
  readonly name: string;
  /** The id of a process in its network. */
  readonly pid: number;
}

// Snooping would hold back the packets by which IPv6 addresses are found.
const MAKE_BRIDGE = `
ip link add bridge type bridge mcast_snooping 0
ip link set bridge up`;

/** A bridge; it and its cables end when it is disposed of. */
export class Bridge implements AsyncDisposable {
  readonly #holder: Holder;

  private constructor(holder: Holder) {
    this.#holder = holder;
  }

  /** Makes a bridge without cables. */
  static async make(): Promise<Bridge> {
    return new Bridge(await holdNamespaces({ namespaces: ["--net"], prepare: MAKE_BRIDGE }));
  }

  /** Lays a cable to a node, whose end is `eth0` there. */
  async connect({ name, pid }: Connected): Promise<void> {
    const end = ["peer", "name", "eth0", "netns", String(pid)];
    await this.#ip("link", "add", name, "type", "veth", ...end);
    await this.#ip("link", "set", name, "master", "bridge", "up");
  }

  /** Takes a node off the network; it sees that its cable has no carrier. */
  async unplug({ name }: Connected): Promise<void> {
    await this.#ip("link", "set", name, "down");
  }

  /** Puts it back. */
  async plugIn({ name }: Connected): Promise<void> {
    await this.#ip("link", "set", name, "up");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holder[Symbol.asyncDispose]();
  }

  async #ip(...args: string[]): Promise<void> {
    const entering = [`--net=/proc/${this.#holder.pid}/ns/net`, "ip", ...args];
    mustHaveWorked(`ip ${args.join(" ")}`, await runProgram(entering, { binary: "nsenter" }));
  }
}
