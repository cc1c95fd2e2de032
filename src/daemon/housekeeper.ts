/**
 * Removes old events in steps that are short enough for the intake.
 *
 * @module
 */

/** What to do and when. */
export interface HousekeeperOptions {
  /** Makes one step. @returns Whether there is more to do. */
  readonly step: () => boolean;
  /** Calls back after the time; returns what takes the call back. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
  /** Called when a step fails, and again when it fails for another reason. */
  readonly onError: (error: Error) => void;
}

const EVERY_MS = 60_000;
const BETWEEN_STEPS_MS = 20;

/** Keeps house every minute until it is disposed of. */
export class Housekeeper implements Disposable {
  readonly #options: HousekeeperOptions;
  #cancel: () => void = () => {};
  #isHurried = false;
  #problem: string | undefined;

  constructor(options: HousekeeperOptions) {
    this.#options = options;
    this.#keep();
  }

  /** Does not wait for the next minute. */
  hurry(): void {
    if (this.#isHurried) return;
    this.#cancel();
    this.#keepIn(BETWEEN_STEPS_MS);
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#isHurried = true;
  }

  #keep(): void {
    const { step, onError } = this.#options;
    let isMore = false;
    try {
      isMore = step();
      this.#problem = undefined;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.message !== this.#problem) onError(error);
      this.#problem = error.message;
    }
    this.#keepIn(isMore ? BETWEEN_STEPS_MS : EVERY_MS);
  }

  #keepIn(delayMs: number): void {
    this.#isHurried = delayMs === BETWEEN_STEPS_MS;
    this.#cancel = this.#options.schedule(() => this.#keep(), delayMs);
  }
}
