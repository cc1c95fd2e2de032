/**
 * Errors that know a way out.
 *
 * @module
 */

/** What could not be done and why, with a hint at what helps. */
export class HintedError extends Error {
  override readonly name: string = "HintedError";
  /** What to do about it, as a sentence without a period or as a command. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
