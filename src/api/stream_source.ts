/**
 * What a stream sends next, as far as it is there.
 *
 * @module
 */
import type { StreamItem } from "./event_stream.ts";

/** A list of what there is, nothing within the time, or the end. */
export type NextItems = readonly StreamItem[] | "nothing" | "end";

type Result = { readonly items: NextItems } | { readonly error: unknown };

/** Asks for one list after the other. */
export class StreamSource {
  readonly #iterator: AsyncIterator<readonly StreamItem[]>;
  #isAsked = false;
  #result: Result | undefined;
  #wake: () => void = () => {};

  constructor(items: AsyncIterable<readonly StreamItem[]>) {
    this.#iterator = items[Symbol.asyncIterator]();
  }

  /** Waits at most so long. @throws What those who make the items throw. */
  async next(limitMs: number): Promise<NextItems> {
    if (!this.#isAsked) {
      this.#isAsked = true;
      // One question may be waited for again and again, for months: each race of promises with it
      // would leave something behind.
      this.#iterator.next().then(
        ({ done, value }) => this.#take({ items: done === true ? "end" : value }),
        (error) => this.#take({ error }),
      );
    }
    if (this.#result === undefined) await this.#wait(limitMs);
    const result = this.#result;
    if (result === undefined) return "nothing";
    this.#result = undefined;
    this.#isAsked = false;
    if ("error" in result) throw result.error;
    return result.items;
  }

  /** Nothing is asked for any more: what is followed can clear up. */
  end(): void {
    // Whatever goes wrong with that was told by whoever made it, and is over.
    this.#iterator.return?.().catch(() => {});
  }

  #take(result: Result): void {
    this.#result = result;
    this.#wake();
  }

  async #wait(limitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
