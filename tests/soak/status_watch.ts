/**
 * Looks at the status all the time and checks what has to hold in each of them.
 *
 * @module
 */
import type { StatusReport } from "../../src/api/status_report.ts";
import { assert } from "../support/assert.ts";
import { checkAllCounted, checkCounts } from "./counts.ts";
import type { SoakDaemon } from "./daemon_process.ts";
import { pause } from "./scenario.ts";

/** What to look at. */
export interface StatusWatchOptions {
  readonly daemon: SoakDaemon;
  /** Webhooks that were registered before the first event. */
  readonly fromTheStart: readonly string[];
  readonly everyMs?: number;
  /** Looks at more than the counts. */
  readonly onStatus?: (status: StatusReport) => void | Promise<void>;
}

const EVERY_MS = 100;

/** Watches until it is disposed of. */
export class StatusWatch implements AsyncDisposable {
  readonly #options: StatusWatchOptions;
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;
  #seen = 0;
  #received = 0;
  #error: unknown;

  constructor(options: StatusWatchOptions) {
    this.#options = options;
    this.#watching = this.#watch().catch((error) => {
      if (!this.#stop.signal.aborted) this.#error = error;
    });
  }

  /** How many statuses were seen. */
  get seen(): number {
    return this.#seen;
  }

  /** Throws what was wrong with a status, if anything was. */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { daemon, fromTheStart, everyMs = EVERY_MS, onStatus } = this.#options;
    for (;;) {
      const status = await daemon.status();
      if (status !== undefined) {
        this.#seen++;
        checkCounts(status);
        checkAllCounted(status, fromTheStart);
        const { received } = status.events;
        assert(received >= this.#received, `${this.#received} were received, now ${received}`);
        this.#received = received;
        await onStatus?.(status);
      }
      await pause(everyMs, this.#stop.signal);
    }
  }
}
