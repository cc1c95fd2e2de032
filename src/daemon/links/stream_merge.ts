/**
 * Joins several sources that bring things when they like. Of each, one piece is taken ahead and no
 * more: who takes slowly is waited for by all of them, and nothing piles up.
 *
 * @module
 */

/** What came from one source. */
export interface Merged<T> {
  readonly key: string;
  readonly value: T;
}

interface Source<T> {
  readonly iterator: AsyncIterator<T, void>;
  /** Its piece waits in the queue, or it is asked for one. */
  isBusy: boolean;
}

/** Takes from each source in its turn. */
export class StreamMerge<T> implements Disposable {
  readonly #sources = new Map<string, Source<T>>();
  readonly #queue: Merged<T>[] = [];
  readonly #ended = new Set<string>();
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};
  #isWoken = false;

  /** Adds one under a key that none has. */
  add(key: string, source: AsyncIterable<T>): void {
    const iterator = source[Symbol.asyncIterator]() as AsyncIterator<T, void>;
    this.#sources.set(key, { iterator, isBusy: false });
  }

  /** Takes nothing more from it, and lets it clear up. What came of it is gone. */
  remove(key: string): void {
    const source = this.#sources.get(key);
    if (source === undefined) return;
    this.#sources.delete(key);
    this.#ended.delete(key);
    const kept = this.#queue.filter((piece) => piece.key !== key);
    this.#queue.splice(0, Infinity, ...kept);
    // It may be waiting for something that only its own signal ends.
    source.iterator.return?.().catch(() => undefined);
  }

  /** Makes a `next` that waits return with nothing, or the next one. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /**
   * The next piece of any source; a source that has ended gives `undefined` as its last.
   *
   * @returns `undefined` if it was woken.
   * @throws What a source failed with.
   */
  async next(): Promise<Merged<T | undefined> | undefined> {
    for (;;) {
      this.#ask();
      if (this.#failure !== undefined) throw this.#failure.error;
      const piece = this.#queue.shift();
      if (piece !== undefined) {
        const source = this.#sources.get(piece.key);
        if (source !== undefined) source.isBusy = false;
        return piece;
      }
      const [ended] = this.#ended;
      if (ended !== undefined) {
        this.#ended.delete(ended);
        return { key: ended, value: undefined };
      }
      if (this.#isWoken) {
        this.#isWoken = false;
        return undefined;
      }
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  [Symbol.dispose](): void {
    for (const key of this.#sources.keys()) this.remove(key);
  }

  #ask(): void {
    for (const [key, source] of this.#sources) {
      if (source.isBusy) continue;
      source.isBusy = true;
      void this.#take(key, source);
    }
  }

  async #take(key: string, source: Source<T>): Promise<void> {
    try {
      const { done, value } = await source.iterator.next();
      if (this.#sources.get(key) !== source) return;
      if (done === true) this.#ended.add(key);
      else this.#queue.push({ key, value });
    } catch (error) {
      if (this.#sources.get(key) === source) this.#failure = { error };
    }
    this.#wake();
  }
}
