/**
 * What Gluster reports of the other nodes of the pool.
 *
 * @module
 */

/** A node is there again, or is new. */
export const BACK_EVENTS: ReadonlySet<string> = new Set(["PEER_ATTACH", "PEER_CONNECT"]);

/** The same, or a node has gone: the pool may be another one. */
export const PEER_EVENTS: ReadonlySet<string> = new Set([
  ...BACK_EVENTS,
  "PEER_DETACH",
  "PEER_DISCONNECT",
]);
