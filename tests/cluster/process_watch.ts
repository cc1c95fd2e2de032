/**
 * What the process lists of nodes show while commands run.
 *
 * @module
 */
import type { GlusterNode } from "./gluster_node.ts";

/** The programs that nodes start for each other live for longer; looking all the time costs a core. */
const PERIOD_MS = 20;

/** Looks at the command lines of nodes' processes again and again until it is disposed of. */
export class ProcessWatch implements AsyncDisposable {
  /** Each command line once, with blanks between its words and the names of the nodes in front. */
  readonly seen = new Set<string>();
  readonly #namespaces: ReadonlyMap<string, string>;
  readonly #looking: Promise<void>;
  #isOver = false;

  private constructor(namespaces: ReadonlyMap<string, string>) {
    this.#namespaces = namespaces;
    this.#looking = this.#lookOn();
  }

  /** Begins to look. */
  static begin(nodes: readonly GlusterNode[]): ProcessWatch {
    return new ProcessWatch(
      new Map(nodes.map(({ pid, name }) => [Deno.readLinkSync(`/proc/${pid}/ns/pid`), name])),
    );
  }

  /** Ends to look; may be called again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#looking;
  }

  async #lookOn(): Promise<void> {
    while (!this.#isOver) {
      this.#look();
      await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    }
  }

  #look(): void {
    for (const { name: pid } of Deno.readDirSync("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        const node = this.#namespaces.get(Deno.readLinkSync(`/proc/${pid}/ns/pid`));
        if (node === undefined) continue;
        const words = Deno.readTextFileSync(`/proc/${pid}/cmdline`).split("\0");
        this.seen.add(`${node}: ${words.join(" ").trim()}`);
      } catch (error) {
        // It may have ended since, and a dead one has no namespace.
        if (!(error instanceof Error)) throw error;
      }
    }
  }
}
