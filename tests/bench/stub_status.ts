/**
 * What nginx says of itself.
 *
 * @module
 */

/** How many requests nginx has begun to handle, the one that asks included. */
export function requestsIn(stubStatus: string): number {
  const [, requests] = /^server accepts handled requests\n +\d+ +\d+ +(\d+)/m.exec(stubStatus) ??
    [];
  if (requests === undefined) throw new TypeError(`This is no status of nginx: ${stubStatus}`);
  return Number(requests);
}
