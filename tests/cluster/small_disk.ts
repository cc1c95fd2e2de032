/**
 * A disk that is soon full.
 *
 * @module
 */
import type { GlusterNode } from "./gluster_node.ts";

const FILLER = ".filler";

/** A folder of a node that is a small disk of its own. */
export class SmallDisk {
  readonly #node: GlusterNode;
  readonly #path: string;

  private constructor(node: GlusterNode, path: string) {
    this.#node = node;
    this.#path = path;
  }

  /** Puts an empty disk where a folder was or may be, like `<workdir>/events`. */
  static async mount(node: GlusterNode, path: string, bytes: number): Promise<SmallDisk> {
    await node.must("mkdir", "-p", path);
    await node.must("mount", "-t", "tmpfs", "-o", `size=${bytes},mode=755`, "tmpfs", path);
    return new SmallDisk(node, path);
  }

  /** Leaves no block of it. Files can still be made, but nothing written to them. */
  async fill(): Promise<void> {
    const filler = `of=${this.#path}/${FILLER}`;
    const { stderr } = await this.#node.run(["dd", "if=/dev/zero", filler, "bs=512"]);
    if (!stderr.includes("No space left")) throw new Error(`${this.#path} is not full: ${stderr}`);
  }

  /** Makes room again. */
  async free(): Promise<void> {
    await this.#node.must("rm", `${this.#path}/${FILLER}`);
  }
}
