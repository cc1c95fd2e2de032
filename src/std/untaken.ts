/**
 * What comes from the network and is not taken, datagrams and requests: it is counted, and told of
 * now and then.
 *
 * @module
 */

const TELL_EVERY_MS = 60_000;

/** How much there was since somebody was told, and who sent the last. */
export interface Untaken {
  readonly count: number;
  readonly from: string;
}

/** Counts what is not taken for one reason. */
export class UntakenCounter {
  readonly #tell: (untaken: Untaken) => void;
  #total = 0;
  #untold = 0;
  #from = "";
  #toldMs = -Infinity;

  constructor(tell: (untaken: Untaken) => void) {
    this.#tell = tell;
  }

  /** How much there was in all. */
  get total(): number {
    return this.#total;
  }

  /** Counts one, and tells of it if it is time. */
  add(from: string, nowMs: number): void {
    this.#total++;
    this.#untold++;
    this.#from = from;
    this.tell(nowMs);
  }

  /** Tells of those that nobody was told of, at most once a minute. */
  tell(nowMs: number): void {
    if (this.#untold === 0 || nowMs - this.#toldMs < TELL_EVERY_MS) return;
    this.#tell({ count: this.#untold, from: this.#from });
    this.#untold = 0;
    this.#toldMs = nowMs;
  }
}
