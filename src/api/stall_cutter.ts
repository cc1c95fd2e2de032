/**
 * Ends connections of whoever has stopped reading.
 *
 * @module
 */
import { Libc } from "../std/libc.ts";

/** Looks after one who is sent something. */
export interface StallWatch {
  /** Something was given that is not taken yet. */
  given(): void;
  /** It was taken, or nobody has to take it any more. */
  taken(): void;
}

/** So often it is looked whether anything moves, before it is taken for stuck. */
const LOOKS = 8;

/**
 * Cuts off connections of a unix socket that are stuck. `Deno.serve` and its WebSockets have no way
 * to end one that a write waits for: an error of the body is looked at only after what was before it
 * is written, and the same goes for a close frame and a ping. Memory and the connection would stay as
 * long as the other side pleases. Which descriptor belongs to which request is not known either; but
 * what is stuck shows: the kernel holds something for it, and always as much. That something given
 * was not taken is not enough: Deno takes no more before it got rid of the last hundreds of
 * kilobytes, and whoever reads slowly does read.
 */
export class StallCutter implements Disposable {
  readonly #path: string;
  /** Loaded when it is needed, which may be never. */
  #libc: Libc | undefined;

  /** @param path The socket that is served. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Looks after one.
   *
   * @param stallMs How long it may be stuck.
   * @param onStall Called if it may be stuck, and the C library is not there to cut it off.
   */
  watch(stallMs: number, onStall: () => void): StallWatch {
    let timer: number | undefined;
    const taken = () => clearTimeout(timer);
    const lookAgain = (before: Unread | undefined, left: number): void => {
      const unread = this.#look();
      if (unread === undefined) return onStall();
      const stuck = before === undefined ? unread : unchanged(before, unread);
      if (left === 0) { for (const fd of stuck.keys()) this.#libc?.shutDown(fd); }
      const next = left === 0 ? wait : () => lookAgain(stuck, left - 1);
      timer = setTimeout(next, stallMs / 2 / LOOKS);
    };
    const wait = () => {
      timer = setTimeout(() => lookAgain(undefined, LOOKS), stallMs / 2);
    };
    const given = () => {
      taken();
      wait();
    };
    return { given, taken };
  }

  /** Cuts off all that there are. */
  cutAll(): void {
    for (const fd of this.#look()?.keys() ?? []) this.#libc?.shutDown(fd);
  }

  [Symbol.dispose](): void {
    this.#libc?.[Symbol.dispose]();
    this.#libc = undefined;
  }

  /** @returns `undefined` without the C library. */
  #look(): Unread | undefined {
    this.#libc ??= Libc.open();
    return this.#libc?.unsentOf(this.#path);
  }
}

/** How much the kernel holds for each connection that its other side has not read. */
type Unread = ReadonlyMap<number, number>;

function unchanged(before: Unread, now: Unread): Unread {
  return new Map([...now].filter(([fd, bytes]) => bytes > 0 && before.get(fd) === bytes));
}
