/**
 * An even load of HTTP requests.
 *
 * @module
 */

/** What is sent, and how often. */
export interface HookLoadOptions {
  readonly url: string;
  /** Requests a second; fewer if they are not answered as fast. */
  readonly perSecond: number;
  /** The body of a request. @param number Counts from 1. */
  readonly makeBody: (number: number) => string;
}

const TICK_MS = 10;
const MOST_OPEN = 64;

/** Posts at an even pace from its making until it is stopped. */
export class HookLoad implements AsyncDisposable {
  readonly #options: HookLoadOptions;
  readonly #client = Deno.createHttpClient({ poolMaxIdlePerHost: MOST_OPEN });
  readonly #beganMs = performance.now();
  readonly #open = new Set<Promise<void>>();
  readonly #timer: ReturnType<typeof setInterval>;
  #begun = 0;
  #answered = 0;
  #error: unknown;

  constructor(options: HookLoadOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#send(), TICK_MS);
  }

  /** How many were answered, with success. */
  get answered(): number {
    return this.#answered;
  }

  /** Throws what went wrong. */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  /** Sends no more, and waits for the answers. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    this.check();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    this.#client.close();
  }

  #send(): void {
    const due = (performance.now() - this.#beganMs) * this.#options.perSecond / 1000;
    while (this.#begun < due && this.#open.size < MOST_OPEN) {
      const sending = this.#post(++this.#begun)
        .catch((error) => void (this.#error ??= error))
        .finally(() => this.#open.delete(sending));
      this.#open.add(sending);
    }
  }

  async #post(number: number): Promise<void> {
    const { url, makeBody } = this.#options;
    const body = makeBody(number);
    const response = await fetch(url, { method: "POST", body, client: this.#client });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`request ${number} was answered with ${response.status}`);
    this.#answered++;
  }
}
