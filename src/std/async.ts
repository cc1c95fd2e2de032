/**
 * The door to `@std/async`.
 *
 * @module
 */
// @ts-types="./async.d.ts"
export { delay } from "@std/async/delay";

/** Waits for the work, at most for the time. @returns False if the time was over first. */
export async function isWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: number | undefined;
  const limit = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), limitMs));
  const isDone = await Promise.race([work.then(() => true), limit]);
  clearTimeout(timer);
  return isDone;
}
