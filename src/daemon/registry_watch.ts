/**
 * Notices changes of the registry file, however they are made: by hand, by a command, by a copy
 * from another node. A look at the file twice a second works on every file system, which file
 * notifications do not.
 *
 * @module
 */
import { type Clock, sleepUnlessAborted } from "../dispatcher/clock.ts";

/** What to watch and whom to tell. */
export interface RegistryWatchOptions {
  readonly path: string;
  /** The fingerprint of the file that is known already. */
  readonly seen: string;
  /** False if the file has to be looked at again although it does not change. */
  readonly isSettled: boolean;
  readonly clock: Clock;
  /**
   * Called when the file has changed. If it returns false, it is called once more when the file
   * has not changed for a while.
   */
  readonly onChange: (isSettled: boolean) => Promise<boolean>;
}

const LOOK_EVERY_MS = 500;
/** Whoever writes a file in place is done by then. */
const SETTLED_AFTER_MS = 5000;

/** Watches a file until it is disposed of. */
export class RegistryWatch implements AsyncDisposable {
  readonly #options: RegistryWatchOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: RegistryWatchOptions) {
    this.#options = options;
    this.#running = this.#watch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #watch(): Promise<void> {
    const { path, clock, onChange } = this.#options;
    let { seen } = this.#options;
    let changedMs = clock.now();
    let isUnsettled = !this.#options.isSettled;
    const { signal } = this.#stop;
    while (await sleepUnlessAborted(clock, { ms: LOOK_EVERY_MS, signal })) {
      const now = await fingerprint(path);
      if (now !== seen) {
        seen = now;
        changedMs = clock.now();
        isUnsettled = !await onChange(false);
      } else if (isUnsettled && clock.now() - changedMs >= SETTLED_AFTER_MS) {
        isUnsettled = !await onChange(true);
      }
    }
  }
}

/** Tells whether a file is another one, or was written, since the last look. */
export async function fingerprint(path: string): Promise<string> {
  try {
    const { ino, size, mtime } = await Deno.stat(path);
    return `${ino} ${size} ${mtime?.getTime()}`;
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "missing" : String(error);
  }
}
