/**
 * Keeps an eye on the datagrams that the kernel throws away because their buffer is full.
 *
 * @module
 */
import type { KernelSockets } from "./kernel_sockets.ts";

/** What the watch works with. */
export interface DropWatchOptions {
  readonly kernel: Pick<KernelSockets, "readDrops"> | undefined;
  /** Milliseconds by a clock that does not jump. */
  readonly steadyNow: () => number;
  readonly notify: (
    notice: { readonly kind: "kernel_dropped"; readonly count: number; readonly drops: number },
  ) => void;
}

const NOTICE_MS = 60_000;

/** Tells when there are more, at most once a minute. */
export class DropWatch {
  readonly #options: DropWatchOptions;
  #hasEnded = false;
  #drops: number | undefined;
  #told = 0;
  #toldMs = -Infinity;

  constructor(options: DropWatchOptions) {
    this.#options = options;
  }

  /** How many there were; `undefined` if the kernel does not tell. */
  get count(): number | undefined {
    if (!this.#hasEnded) this.#drops = this.#options.kernel?.readDrops();
    return this.#drops;
  }

  /** Tells of those that nobody was told of. */
  tell(): void {
    const nowMs = this.#options.steadyNow();
    if (nowMs - this.#toldMs < NOTICE_MS) return;
    if (this.#tellAll()) this.#toldMs = nowMs;
  }

  /** Keeps the last count: the sockets are about to be closed. */
  end(): void {
    this.#drops = this.count;
    this.#tellAll();
    this.#hasEnded = true;
  }

  /** @returns Whether there were any. */
  #tellAll(): boolean {
    const drops = this.count ?? 0;
    if (drops === this.#told) return false;
    const count = drops - this.#told;
    this.#told = drops;
    this.#options.notify({ kind: "kernel_dropped", count, drops });
    return true;
  }
}
