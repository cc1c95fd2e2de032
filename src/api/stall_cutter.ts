/**
 * Ends connections of whoever has stopped reading.
 *
 * @module
 */
import { Libc } from "../std/libc.ts";

/** Looks after one who is sent something. */
export interface StallWatch {
  /** Something was given that is not taken yet; calls back, once, if it is not for too long. */
  given(onStall: () => void): void;
  /** It was taken. */
  taken(): void;
  /** There is nothing to look after any more. */
  end(): void;
}

/**
 * Cuts off connections of a unix socket that are stuck. `Deno.serve` and its WebSockets have no way
 * to end one that a write waits for: an error of the body is looked at only after what was before it
 * is written, and the same goes for a close frame and a ping. Memory and the connection would stay as
 * long as the other side pleases. Which descriptor belongs to which request is not known either; but
 * what is stuck shows: the kernel holds something for it, and that does not get less.
 */
export class StallCutter implements Disposable {
  readonly #path: string;
  /** Loaded when it is needed, which may be never. */
  #libc: Libc | undefined;

  /** @param path The socket that is served. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Looks after one. @param stallMs How long it may be stuck. */
  watch(stallMs: number): StallWatch {
    let timer: number | undefined;
    const taken = () => clearTimeout(timer);
    const given = (onStall: () => void) => {
      taken();
      timer = setTimeout(() => {
        const before = this.#waiting();
        timer = setTimeout(() => {
          onStall();
          this.#cut(before);
        }, stallMs / 2);
      }, stallMs / 2);
    };
    return { given, taken, end: taken };
  }

  /** Cuts off all that there are. */
  cutAll(): void {
    for (const fd of this.#waiting().keys()) this.#libc?.shutDown(fd);
  }

  [Symbol.dispose](): void {
    this.#libc?.[Symbol.dispose]();
    this.#libc = undefined;
  }

  /** How much the kernel holds for each connection, by its descriptor. */
  #waiting(): ReadonlyMap<number, number> {
    this.#libc ??= Libc.open();
    return this.#libc?.unsentOf(this.#path) ?? new Map();
  }

  /** Cuts off those of which nothing was taken since. */
  #cut(before: ReadonlyMap<number, number>): void {
    for (const [fd, bytes] of this.#waiting()) {
      if (bytes > 0 && before.get(fd) === bytes) this.#libc?.shutDown(fd);
    }
  }
}
