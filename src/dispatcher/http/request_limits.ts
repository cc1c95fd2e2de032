/**
 * What ends requests before their answers have come.
 *
 * @module
 */
import type { ProxyStep } from "../proxies/proxy_error.ts";
import type { Stage } from "../verdict.ts";

/** Cuts one request off when its time is over or a signal says so. */
export class RequestLimit implements Disposable {
  /** Ends what the request waits for at the moment. */
  onCut: () => void = () => {};
  /** How far the request is; `undefined` where the client cannot tell. */
  stage: Stage | undefined;
  /** How far it is in the stage `proxy`, and what is missing if it comes no further. */
  proxy: { readonly step: ProxyStep; readonly missing: string } | undefined;
  /** When its time is over, by `performance.now`. */
  #atMs: number;
  #isOver = false;
  readonly #limits: RequestLimits;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.onCut();

  /** Use `RequestLimits.begin`. */
  constructor(limits: RequestLimits, atMs: number, signal: AbortSignal) {
    this.#limits = limits;
    this.#atMs = atMs;
    this.#signal = signal;
    // A listener that is removed again, since AbortSignal.any would add to the lasting signal's
    // dependents with every request.
    signal.addEventListener("abort", this.#onAbort);
  }

  get atMs(): number {
    return this.#atMs;
  }

  /** Whether the time is over. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Gives it another time from now on. */
  restart(timeoutMs: number): void {
    this.#atMs = performance.now() + timeoutMs;
    this.#limits.mindUntil(this.#atMs);
  }

  /** The time is over. */
  expire(): void {
    this.#isOver = true;
    this.onCut();
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#limits.end(this);
  }
}

/**
 * The limits of a client's requests. They share one timer, since one for each would cost as much as
 * the request itself.
 */
export class RequestLimits implements Disposable {
  readonly #active = new Set<RequestLimit>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerMs = Infinity;

  /** Gives a request its time, from now on. */
  begin(timeoutMs: number, signal: AbortSignal): RequestLimit {
    const atMs = performance.now() + timeoutMs;
    const limit = new RequestLimit(this, atMs, signal);
    this.#active.add(limit);
    this.mindUntil(atMs);
    return limit;
  }

  /** Takes note that a request has ended. The timer finds that out by itself. */
  end(limit: RequestLimit): void {
    this.#active.delete(limit);
  }

  /** Looks at the limits no later than at a time. */
  mindUntil(atMs: number): void {
    if (atMs >= this.#timerMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = atMs;
    // Rounded up, or it would look before the time is over, and once more for that.
    this.#timer = setTimeout(() => this.#look(), Math.ceil(atMs - performance.now()));
  }

  /** Minds no request any more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#active.clear();
  }

  #look(): void {
    const nowMs = performance.now();
    this.#timerMs = Infinity;
    for (const limit of this.#active) {
      if (limit.atMs > nowMs) this.mindUntil(limit.atMs);
      else if (!limit.isOver) limit.expire();
    }
  }
}
