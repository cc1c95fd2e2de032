/**
 * Numbers as options have them.
 *
 * @module
 */
import { type GivenOptions, UsageError } from "./command.ts";

/** The value of an option, if it is given. @throws {UsageError} If it is no such number. */
export function readWholeNumber(
  options: GivenOptions,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(
    `--${name} cannot be "${text}"`,
    `give a whole number from ${min} to ${max}`,
  );
}
