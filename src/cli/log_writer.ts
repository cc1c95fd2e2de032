/**
 * The log of a daemon, written beside its work: whoever reads the log may be slow, or have stopped
 * reading, and must not hold up events.
 *
 * @module
 */
import { isWithin } from "../std/async.ts";

/** Writes bytes, sooner or later. */
export type WriteBytes = (bytes: Uint8Array) => Promise<number>;

const MOST_WAITING = 1000;

/** Writes lines in order; while too many wait, new ones are dropped and counted. */
export class LogWriter {
  readonly #write: WriteBytes;
  readonly #encoder = new TextEncoder();
  #waiting: string[] = [];
  #dropped = 0;
  #running: Promise<void> | undefined;

  constructor(write: WriteBytes) {
    this.#write = write;
  }

  /** Takes a line. */
  line(text: string): void {
    if (this.#waiting.length >= MOST_WAITING) this.#dropped++;
    else this.#waiting.push(text);
    this.#running ??= this.#writeAll();
  }

  /** Waits until everything is written, at most for the time. */
  async flush(limitMs: number): Promise<void> {
    await isWithin(limitMs, this.#running ?? Promise.resolve());
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      if (this.#dropped > 0) {
        lines.push(`(${this.#dropped} log lines were dropped: nobody read them in time)`);
        this.#dropped = 0;
      }
      await this.#writeText(`${lines.join("\n")}\n`);
    }
    this.#running = undefined;
  }

  async #writeText(text: string): Promise<void> {
    const bytes = this.#encoder.encode(text);
    try {
      for (let written = 0; written < bytes.length;) {
        written += await this.#write(bytes.subarray(written));
      }
    } catch (error) {
      // A full disk or a reader that has gone: there is no other place to say it.
      if (!(error instanceof Error)) throw error;
    }
  }
}
