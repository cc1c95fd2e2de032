/**
 * Datagrams of which nothing comes: they are counted, and told of now and then.
 *
 * @module
 */

const TELL_EVERY_MS = 60_000;

/** How many there were since somebody was told, and who sent the last one. */
export interface UntakenDatagrams {
  readonly count: number;
  readonly from: string;
}

/** Counts datagrams that are not taken for one reason. */
export class UntakenCounter {
  readonly #tell: (untaken: UntakenDatagrams) => void;
  #total = 0;
  #untold = 0;
  #from = "";
  #toldMs = -Infinity;

  constructor(tell: (untaken: UntakenDatagrams) => void) {
    this.#tell = tell;
  }

  /** How many there were in all. */
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
