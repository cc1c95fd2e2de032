/**
 * Notices changes of the registry file, however they are made: by hand, by a command, by a copy
 * from another node. A look at the file twice a second works on every file system, which file
 * notifications do not.
 *
 * @module
 */
import type { Clock } from "../dispatcher/clock.ts";

/** What to watch and whom to tell. */
export interface RegistryWatchOptions {
  readonly path: string;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly onChange: () => Promise<void>;
}

/** Watches a file until it is disposed of. */
export class RegistryWatch implements AsyncDisposable {
  readonly #options: RegistryWatchOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #seen: string;

  private constructor(options: RegistryWatchOptions, seen: string) {
    this.#options = options;
    this.#seen = seen;
    this.#running = this.#watch();
  }

  /** Begins to watch; what the file is now is no change. */
  static async start(options: RegistryWatchOptions): Promise<RegistryWatch> {
    return new RegistryWatch(options, await fingerprint(options.path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #watch(): Promise<void> {
    const { path, intervalMs, clock, onChange } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await clock.sleep(intervalMs, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        return;
      }
      const now = await fingerprint(path);
      if (now === this.#seen) continue;
      this.#seen = now;
      await onChange();
    }
  }
}

async function fingerprint(path: string): Promise<string> {
  try {
    const { ino, size, mtime } = await Deno.stat(path);
    return `${ino} ${size} ${mtime?.getTime()}`;
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "missing" : String(error);
  }
}
