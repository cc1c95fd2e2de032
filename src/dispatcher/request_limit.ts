/**
 * What ends a request before its answer has come.
 *
 * @module
 */

/** Cuts a request off when its time is over or a signal says so. */
export class RequestLimit implements Disposable {
  /** Ends what the request waits for at the moment. */
  onCut: () => void = () => {};
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.onCut();
  #timer: ReturnType<typeof setTimeout>;
  #isOver = false;

  constructor(timeoutMs: number, signal: AbortSignal) {
    this.#signal = signal;
    this.#timer = this.#start(timeoutMs);
    // A listener that is removed again, since AbortSignal.any would add to the lasting signal's
    // dependents with every request.
    signal.addEventListener("abort", this.#onAbort);
  }

  /** Whether the time is over. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Gives it another time from now on. */
  restart(timeoutMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start(timeoutMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#onAbort);
  }

  #start(timeoutMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#isOver = true;
      this.onCut();
    }, timeoutMs);
  }
}
