/**
 * Sends numbered datagrams to a port of this machine, fast or at a pace, and beside this thread.
 *
 * @module
 */
import type { BlastOrder, BlastReport } from "./blast_worker.ts";
import { orAborted } from "./or_aborted.ts";

/** What to send. */
export interface Blast {
  readonly count: number;
  /** Datagrams per second; without it as fast as one process can. */
  readonly perSecond?: number;
}

/** Sends until it is disposed of. */
export class Blaster implements Disposable {
  readonly #port: number;
  readonly #worker = new Worker(new URL("./blast_worker.ts", import.meta.url), { type: "module" });
  #sent = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** How many were sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends them, unless the signal comes. @returns How many milliseconds that took. */
  async send(blast: Blast, signal: AbortSignal): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<BlastReport>();
    this.#worker.onmessage = ({ data }: MessageEvent<BlastReport>) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`Cannot send datagrams: ${event.message}`));
    };
    const order: BlastOrder = { port: this.#port, from: this.#sent, ...blast };
    this.#worker.postMessage(order);
    const { ms, failure } = await orAborted(promise, signal);
    if (failure !== undefined) throw new Error(`Cannot send datagrams: ${failure}`);
    this.#sent += blast.count;
    return ms;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
